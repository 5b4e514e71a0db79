"""The control API, `/sandbox/…`: what tests, tools and the page drive the world with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.sandbox import control_input
from bot.sandbox.control_input import BadInput, Body, as_json, body_of
from bot.sandbox.group_control import GroupControl
from bot.sandbox.people_control import PeopleControl
from bot.sandbox.world import Supervisor, World

_LONGEST_WAIT_S = 60.0


class Control:
    """Routes over the world; errors are `{"error": …}` with a 4xx status."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[BaseRoute]:
        """To be mounted under /sandbox."""
        return [
            *PeopleControl(self._world).routes(),
            *GroupControl(self._world).routes(),
            Route("/events", self._events),
            Route("/health", as_json(self._health)),
            Route("/clock", as_json(self._read_clock), methods=["GET"]),
            Route("/clock", as_json(self._shift_clock), methods=["POST"]),
            Route("/journal", as_json(self._journal)),
            Route("/violations", as_json(self._violations)),
            Route("/charges", as_json(self._charges)),
            Route("/faults", as_json(self._order_fault), methods=["POST"]),
            Route("/faults", as_json(self._clear_faults), methods=["DELETE"]),
            Route("/files/{file_id}", self._file),
            Route("/bots", as_json(self._add_bot), methods=["POST"]),
            Route("/bot", as_json(self._bot)),
            Route("/bot/kill", as_json(self._kill_bot), methods=["POST"]),
            Route("/bot/start", as_json(self._start_bot), methods=["POST"]),
        ]

    async def _events(self, _request: Request) -> Response:
        return StreamingResponse(
            self._world.events.listen(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    async def _health(self, _request: Request) -> Any:
        return {"ready": self._world.is_ready}

    async def _read_clock(self, request: Request) -> Any:
        """Now; with `after` a long poll until the version is greater."""
        query: Body = dict(request.query_params)
        after = control_input.optional_integer(query, "after")
        if after is not None:
            timeout_s = control_input.optional_number(query, "timeout") or 0.0
            await self._world.clock.wait_for_jump(after, min(timeout_s, _LONGEST_WAIT_S))
        return self._world.clock.reading()

    async def _shift_clock(self, request: Request) -> Any:
        body = await body_of(request)
        try:
            self._world.clock.shift(
                now=_instant(control_input.optional_text(body, "now")),
                advance_s=control_input.optional_number(body, "advance_s") or 0.0,
            )
        except OverflowError:
            raise BadInput("the clock does not reach that far") from None
        reading = self._world.clock.reading()
        self._world.events.publish("clock", reading)
        return reading

    async def _journal(self, request: Request) -> Any:
        query: Body = dict(request.query_params)
        entries = self._world.telegram.journal.entries(
            control_input.optional_text(query, "method"),
            control_input.optional_integer(query, "chat_id"),
            control_input.optional_integer(query, "after") or 0,
        )
        return {"requests": entries}

    async def _violations(self, _request: Request) -> Any:
        return {"violations": [*self._world.telegram.violations, *self._world.payments.violations]}

    async def _charges(self, _request: Request) -> Any:
        return {
            "charges": [
                charge.as_dict()
                for bot in self._world.telegram.bots.values()
                for charge in bot.payments.charges.values()
            ]
        }

    async def _order_fault(self, request: Request) -> Any:
        body = await body_of(request)
        try:
            self._world.telegram.faults.order(body)
        except ValueError as problem:
            raise BadInput(str(problem)) from None
        return {"ordered": body}

    async def _clear_faults(self, _request: Request) -> Any:
        self._world.telegram.faults.clear()
        return {"cleared": True}

    async def _file(self, request: Request) -> Response:
        for bot in self._world.telegram.bots.values():
            if file := bot.files.with_id(request.path_params["file_id"]):
                return Response(file.content, media_type=file.mime_type)
        return JSONResponse({"error": "no such file"}, 404)

    async def _add_bot(self, request: Request) -> Any:
        body = await body_of(request)
        token = control_input.text(body, "token")
        bot_id = control_input.optional_integer(body, "id")
        number = token.partition(":")[0]
        if token in self._world.telegram.bots:
            raise BadInput("there is a bot with this token", 409)
        if bot_id is None and not number.isdecimal():
            raise BadInput("a token begins with the bot's id and a colon, unless id is given")
        username = control_input.text(body, "username")
        bot = self._world.telegram.add_bot(token, username, bot_id)
        return bot.as_user()

    async def _bot(self, _request: Request) -> Any:
        return self._world.bot_status()

    async def _kill_bot(self, _request: Request) -> Any:
        await self._supervisor().kill()
        return self._told()

    async def _start_bot(self, _request: Request) -> Any:
        await self._supervisor().start()
        return self._told()

    def _supervisor(self) -> Supervisor:
        if self._world.supervisor is None:
            raise BadInput("nobody supervises the bot here", 409)
        return self._world.supervisor

    def _told(self) -> Any:
        self._world.tell_of_bot()
        return self._world.bot_status()


def _instant(raw: str | None) -> datetime | None:
    if raw is None:
        return None
    try:
        instant = datetime.fromisoformat(raw)
    except ValueError:
        raise BadInput("now is not an ISO 8601 instant") from None
    if instant.tzinfo is None:
        raise BadInput("now needs its offset from UTC")
    return instant
