"""The stage of a journey: the sandbox's world over real HTTP, and the real bot playing in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import Bot, opened
from bot.demo import environment
from bot.runtime.flood import Bound
from bot.runtime.rate import Limits
from bot.sandbox.cast import OPERATORS_GROUP
from bot.sandbox.server import serve
from bot.sandbox.world import World
from bot.settings import Settings
from tests.chat import Group, Subscriber
from tests.open_api_files import Conformance

PATIENCE_S = 20.0
UNBOUNDED = Bound(at_once=1_000_000)
UNLIMITED = Limits(overall_per_s=10_000, per_chat_per_s=10_000, chat_burst=10_000)


@dataclass
class Stage:
    """`settles` waits until nothing is under way anywhere; `crashes` takes the bot away in the
    middle of whatever it does, and `returns` starts it again on the same database."""

    world: World
    address: str
    session: aiohttp.ClientSession
    database: Path
    conformance: Conformance
    overrides: dict[str, str]
    bound: Bound
    _bot: Bot | None = None
    _running: asyncio.Task[None] | None = None
    _open: AsyncExitStack | None = None

    @property
    def bot(self) -> Bot:
        assert self._bot is not None, "the bot is away"
        return self._bot

    def person(self, person_id: int) -> Subscriber:
        """Someone of the cast, at their chat with the bot."""
        return Subscriber(self.session, "", person_id, self.settles)

    def group(self, operator_id: int) -> Group:
        """The operators' group, as one of them sees it."""
        return Group(self.session, "", operator_id, self.settles, OPERATORS_GROUP)

    async def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A call of the sandbox's control API, `path` after ``/sandbox``."""
        async with self.session.request(method, f"/sandbox{path}", json=body) as answer:
            assert answer.status < 400, await answer.text()
            return await answer.json()

    async def settles(self) -> None:
        """Returns when the bot has answered everything and nothing is on its way."""
        async with asyncio.timeout(PATIENCE_S):
            quiet = 0
            while quiet < 3:
                await asyncio.sleep(0.01)
                if self._running is not None and self._running.done():
                    self._running.result()
                    raise AssertionError("the bot ended")
                token = self.bot.settings.bot_token
                assert token is not None
                waiting = self.world.telegram.pending_updates(token.get_secret_value())
                quiet = quiet + 1 if not waiting and self.bot.runtime.settled() else 0

    async def advances(self, **step: float) -> None:
        """Moves the clock of the world on, and waits for what follows from it."""
        seconds = seconds_of(**step)
        await self.control("POST", "/clock", {"advance_s": seconds})
        await asyncio.sleep(0.05)  # the bot follows the clock over HTTP
        await self.settles()

    async def starts(self) -> None:
        values = environment(self.address, self.database) | self.overrides
        named: dict[str, Any] = {name.lower(): value for name, value in values.items()}
        settings = Settings(_env_file=None, **named)
        self._open = AsyncExitStack()
        self._bot = await self._open.enter_async_context(opened(settings, UNLIMITED, self.bound))
        self._running = asyncio.create_task(self._bot.run())

    async def crashes(self) -> None:
        """As SIGKILL, as far as one process can: no part gets to finish or to say goodbye."""
        assert self._running is not None
        assert self._open is not None
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        await self._open.aclose()
        self._bot = self._running = self._open = None

    async def returns(self) -> None:
        await self.starts()
        await self.settles()

    async def stops(self) -> None:
        if self._bot is None or self._running is None or self._open is None:
            return
        self._bot.runtime.stop()
        await self._running
        await self._open.aclose()


def seconds_of(*, hours: float = 0, minutes: float = 0, seconds: float = 0) -> float:
    return hours * 3600 + minutes * 60 + seconds


@asynccontextmanager
async def staged(
    database: Path,
    now: datetime,
    overrides: dict[str, str] | None = None,
    *,
    flood: bool = False,
    bound: Bound = UNBOUNDED,
) -> AsyncIterator[Stage]:
    """A world that stands at ``now`` with the bot in it.

    Journeys play without Telegram's flood limits and without the bot's own, so that no chat has to
    wait a second a message; the limits have tests of their own.
    """
    world = World(flood=flood)
    world.clock.shift(now=now)
    conformance = Conformance()
    world.carrier.watch_calls(conformance)
    async with serve(world) as address, aiohttp.ClientSession(address) as session:
        stage = Stage(world, address, session, database, conformance, overrides or {}, bound)
        await stage.starts()
        try:
            yield stage
        finally:
            await stage.stops()
