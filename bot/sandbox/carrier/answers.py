"""The answers that every route gives: JSON, TM Forum errors, and no answer at all."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

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


class NoAnswer(Response):
    """Holds the request for so many seconds and then drops the connection, answering nothing."""

    def __init__(self, hold_s: float) -> None:
        super().__init__()
        self._hold_s = hold_s

    async def __call__(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        """Wait for the caller to give up, then abort the transport below uvicorn.

        ASGI itself knows no way not to answer.
        """
        try:
            async with asyncio.timeout(self._hold_s):
                await _disconnected(receive)
        except TimeoutError:
            receive.__self__.transport.abort()  # type: ignore[attr-defined]
            await _disconnected(receive)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
