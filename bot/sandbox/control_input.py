"""Reading what the control API is sent, and answering in JSON whatever happens."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox import strict_json
from bot.sandbox.telegram.person import CannotDo

Body = dict[str, Any]


class BadInput(Exception):
    """The request asks for something that can't be; `status` is 4xx."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


def as_json(
    endpoint: Callable[[Request], Awaitable[Any]],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that returns data, with its refusals as `{"error": …}`."""

    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await endpoint(request))
        except BadInput as refused:
            return JSONResponse({"error": str(refused)}, refused.status)
        except CannotDo as refused:
            if refused.choices is None:
                return JSONResponse({"error": str(refused)}, 400)
            return JSONResponse({"error": str(refused), "buttons": refused.choices}, 404)

    return answer


async def body_of(request: Request) -> Body:
    """The JSON object that was sent; nothing at all is an empty one."""
    raw = await request.body()
    try:
        body = strict_json.parse(raw or b"{}")
    except ValueError:
        raise BadInput("the body is not JSON") from None
    if not isinstance(body, dict):
        raise BadInput("the body is not a JSON object")
    return body


def text(body: Body, name: str) -> str:
    """A text that must be there."""
    value = optional_text(body, name)
    if value is None:
        raise BadInput(f"{name} is missing")
    return value


def optional_text(body: Body, name: str) -> str | None:
    """A text that may be there."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{name} is not a text")
    return value


def integer(body: Body, name: str) -> int:
    """A whole number that must be there."""
    value = optional_integer(body, name)
    if value is None:
        raise BadInput(f"{name} is missing")
    return value


def optional_integer(body: Body, name: str) -> int | None:
    """A whole number that may be there, also as text of a query."""
    value = body.get(name)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        value = int(value)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise BadInput(f"{name} is not a whole number")
    return value


def optional_number(body: Body, name: str) -> float | None:
    """A number that may be there, also as text of a query."""
    value = body.get(name)
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise BadInput(f"{name} is not a number") from None
    if not math.isfinite(number):
        raise BadInput(f"{name} is not a finite number")
    return number
