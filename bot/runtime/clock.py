"""The one clock of the product: real time, or the time of a demo that can be moved by hand."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Protocol, Self

import aiohttp
import structlog

_LONGEST_SLEEP_S: Final = 60.0
"""The system's clock may be stepped: an instant is looked at again at least this often."""
_ASK_AGAIN_S: Final = 1.0
_FIRST_ANSWER_S: Final = 10.0
_POLL_S: Final = 30

_log = structlog.get_logger(__name__)


class Clock(Protocol):
    """Tells the time and waits for it; services only see it tell (`bot.services.ports.Clock`)."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    async def pause(self, seconds: float) -> None:
        """Returns after so many seconds, or early when the clock was moved: look again then."""
        ...

    async def until(self, at: datetime) -> None:
        """Returns when the clock has reached the instant."""
        ...


class ClockUnreachable(Exception):
    """The clock to be followed has told nothing yet: without it nothing may be decided."""


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def until(self, at: datetime) -> None:
        await _until(self, at)


class FollowedClock:
    """Real time plus the offset of a clock elsewhere, learned by long polling ``url``.

    ``GET url?after=<version>&timeout=<seconds>`` answers ``{"now", "offset_s", "version"}`` as soon
    as the version is greater than the one given, or after so many seconds. ``async with`` learns
    the offset, then follows.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._offset = timedelta()
        self._moved = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self.version = -1
        """Grows whenever the clock is moved."""

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    async def pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._moved.wait()
        except TimeoutError:
            return

    async def until(self, at: datetime) -> None:
        await _until(self, at)

    async def __aenter__(self) -> Self:
        session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        self._following = asyncio.create_task(self._follow(session))
        try:
            async with asyncio.timeout(_FIRST_ANSWER_S):
                await self._moved_past(-1)
        except TimeoutError:
            await self.__aexit__(None, None, None)
            raise ClockUnreachable(f"CLOCK_URL does not tell the time: {self._url}") from None
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait([self._following])

    async def _moved_past(self, version: int) -> None:
        while self.version <= version:
            await self._moved.wait()

    async def _follow(self, session: aiohttp.ClientSession) -> None:
        async with session:
            while True:
                try:
                    await self._ask(session)
                except (aiohttp.ClientError, TimeoutError, OSError) as error:
                    _log.warning("clock_unreachable", error=type(error).__name__)
                    await asyncio.sleep(_ASK_AGAIN_S)

    async def _ask(self, session: aiohttp.ClientSession) -> None:
        known = {"after": str(self.version), "timeout": str(_POLL_S)} if self.version >= 0 else {}
        async with session.get(self._url, params=known) as response:
            response.raise_for_status()
            reading = await response.json()
        if reading["version"] != self.version:
            self._offset = timedelta(seconds=reading["offset_s"])
            self.version = reading["version"]
            self._moved.set()
            self._moved = asyncio.Event()


async def _until(clock: Clock, at: datetime) -> None:
    while (left := (at - clock.now()).total_seconds()) > 0:
        await clock.pause(min(left, _LONGEST_SLEEP_S))
