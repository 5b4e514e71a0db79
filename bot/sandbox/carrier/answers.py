"""The answers that every route gives: JSON and TM Forum errors."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.carrier.asking import Malformed

JSON = "application/json;charset=utf-8"


@dataclass(frozen=True)
class Exchange:
    """One call and what it was answered; `spoiled` when a fault took the place of the answer."""

    method: str
    path: str
    query: dict[str, str]
    request: bytes
    status: int
    response: bytes
    spoiled: bool


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer with the media type that the specification names."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(body, status, headers, JSON)


def error(status: int, code: str, reason: str, headers: dict[str, str] | None = None) -> Response:
    """A TM Forum error body: our stable code and a readable reason."""
    return answer({"code": code, "reason": reason, "status": str(status)}, status, headers)


def page(found: list[dict[str, Any]], request: Request) -> Response:
    """The part of a list that `offset` and `limit` ask for, with its counts (TMF630)."""
    try:
        offset = int(request.query_params.get("offset", 0))
        limit = int(request.query_params.get("limit", 100))
    except ValueError as problem:
        raise Malformed("offset and limit are numbers") from problem
    if offset < 0 or limit < 1:
        raise Malformed("offset and limit are not negative")
    shown = found[offset : offset + limit]
    counts = {"X-Total-Count": str(len(found)), "X-Result-Count": str(len(shown))}
    return answer(shown, headers=counts)
