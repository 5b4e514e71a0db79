"""The Bot API over HTTP: from a request to a checked answer, with the troubles on order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.account import Account
from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.faults import Fault
from bot.sandbox.telegram.methods import METHODS
from bot.sandbox.telegram.parameters import Parameters, SchemaError, check, read
from bot.sandbox.telegram.telegram import Telegram

_NAMES = {name.lower(): name for name in facts.METHOD_NAMES}
_RECENT_S = 3.0


class Dropped(Exception):
    """The connection is to be closed without an answer."""


class BotApi:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, telegram: Telegram, presence_changed: Callable[[], None]) -> None:
        self._telegram = telegram
        self._presence_changed = presence_changed
        self._last_poll: dict[str, float] = {}

    def routes(self) -> list[BaseRoute]:
        """Where it answers."""
        return [
            Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
        ]

    def is_served(self, token: str) -> bool:
        """Whether the bot polls (now, or a moment ago) or has a webhook."""
        bot = self._telegram.bots[token]
        has_just_polled = monotonic() - self._last_poll.get(token, -_RECENT_S) < _RECENT_S
        return bot.updates.is_polled or bool(bot.webhook.url) or has_just_polled

    async def _answer(self, request: Request) -> Response:
        bot = self._telegram.bots.get(request.path_params["token"])
        if bot is None:
            return _refused(ApiError(401, "Unauthorized"))
        method = _NAMES.get(request.path_params["method"].lower())
        if method is None:
            return _refused(ApiError(404, "Not Found"))
        if method not in METHODS:
            return _refused(ApiError(501, f"Not Implemented: the sandbox has no {method}"))
        try:
            given = await read(request)
        except ApiError as error:
            return _refused(error)
        try:
            return await self._carry_out(request, bot, method, given)
        except Dropped:
            await _drop(request)
            return Response(status_code=499)

    async def _carry_out(
        self, request: Request, bot: Account, method: str, given: Parameters
    ) -> Response:
        entry: dict[str, Any] = {
            "method": method,
            "parameters": _as_journalled(given),
            "at": self._telegram.clock.timestamp(),
            "bot_id": bot.id,
        }
        fault = self._telegram.faults.on_request(method, entry["parameters"].get("chat_id"))
        try:
            await _suffer(fault)
            call = self._checked(bot, method, given)
            entry["parameters"] |= call.values
            result = await self._result(request, call)
            if fault is not None and fault.drop == "after":
                raise Dropped
        except ApiError as error:
            self._telegram.journal.note(
                entry | {"status": error.code, "description": error.description}
            )
            return _refused(error)
        except Dropped:
            drop = fault.drop if fault is not None else "gone"
            self._telegram.journal.note(entry | {"status": None, "dropped": drop})
            raise
        self._telegram.journal.note(entry | {"status": 200})
        return JSONResponse({"ok": True, "result": result})

    def _checked(self, bot: Account, method: str, given: Parameters) -> Call:
        try:
            values = check(method, given, strict=self._telegram.is_strict)
        except SchemaError as error:
            self._telegram.violation(
                "request", f"{method}: {error.complaint}", {"parameters": given.values}
            )
            raise
        return Call(self._telegram, bot, method, values, given.uploads)

    async def _result(self, request: Request, call: Call) -> Any:
        method = call.method
        if method == "getUpdates":
            result = await self._polled(request, call.bot, METHODS[method](call))
        else:
            result = await METHODS[method](call)
        if problem := facts.what_is_wrong_with_result(method, result):
            self._telegram.violation("answer", f"{method}: {problem}", {"result": result})
        return result

    async def _polled(self, request: Request, bot: Account, poll: Awaitable[Any]) -> Any:
        """A long poll, which ends with its connection."""
        was_served = self.is_served(bot.token)
        self._last_poll[bot.token] = monotonic()
        if not was_served:
            self._presence_changed()
        polling = asyncio.ensure_future(poll)
        leaving = asyncio.ensure_future(_until_gone(request))
        try:
            await asyncio.wait({polling, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not polling.done():
                self._last_poll.pop(bot.token, None)
                bot.updates.end_poll()
                self._presence_changed()
                raise Dropped
            self._last_poll[bot.token] = monotonic()
            return await polling
        finally:
            polling.cancel()
            leaving.cancel()

    async def _download(self, request: Request) -> Response:
        bot = self._telegram.bots.get(request.path_params["token"])
        if bot is None:
            return _refused(ApiError(401, "Unauthorized"))
        file = bot.files.at(request.path_params["path"])
        if file is None:
            return _refused(ApiError(404, "Not Found"))
        return Response(file.content, media_type="application/octet-stream")


def _refused(error: ApiError) -> Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.code,
        "description": error.description,
    }
    if error.retry_after is None:
        return JSONResponse(body, error.code)
    body["parameters"] = {"retry_after": error.retry_after}
    return JSONResponse(body, error.code, {"Retry-After": str(error.retry_after)})


async def _suffer(fault: Fault | None) -> None:
    """What a fault does before the method is carried out."""
    if fault is None:
        return
    await asyncio.sleep(fault.delay_ms / 1000)
    if fault.drop == "before":
        raise Dropped
    if refusal := fault.refusal():
        raise refusal


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _drop(request: Request) -> None:
    """Close the connection under the request; the server keeps its transport in the state."""
    request.scope["state"]["transport"].abort()
    await _until_gone(request)


def _as_journalled(given: Parameters) -> dict[str, Any]:
    """Parameters with uploads as their sizes, and a numeric chat id as a number."""
    parameters: dict[str, Any] = dict(given.values)
    for name, upload in given.uploads.items():
        parameters[name] = {"file_name": upload.name, "size": len(upload.content)}
    chat_id = parameters.get("chat_id")
    if isinstance(chat_id, str) and chat_id.removeprefix("-").isdigit():
        parameters["chat_id"] = int(chat_id)
    return parameters
