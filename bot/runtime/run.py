"""The running bot: every part under one task group, started together and stopped in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from telegram.error import InvalidToken, NetworkError

from bot.runtime.application import DecidingApplication
from bot.runtime.backoff import Backoff
from bot.runtime.bot_api import TokenRefused
from bot.runtime.clock import Clock
from bot.runtime.commands import Commands
from bot.runtime.couriers import Courier
from bot.runtime.decide import Decider
from bot.runtime.http import AskedToWait
from bot.runtime.intake import Intake
from bot.runtime.marks import Marks
from bot.runtime.rate import Rate
from bot.runtime.timers import Timers
from bot.runtime.undecided import Undecided

_GRACE_S: Final = 3.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot fares. Deaf is one whose ``last_poll_at`` is a minute old."""

    last_poll_at: datetime | None
    """When Telegram last answered a poll."""
    undecided: int
    """Events in memory that wait for their decision."""
    pending: int
    """Effects in memory that wait or are on their way."""
    fatal: str | None
    """Why the bot has ended."""


class Runtime:
    def __init__(
        self,
        application: DecidingApplication,
        undecided: Undecided,
        intake: Intake,
        decider: Decider,
        couriers: Sequence[Courier],
        rate: Rate,
        marks: Marks,
        timers: Timers,
        commands: Commands,
        clock: Clock,
    ) -> None:
        self._application = application
        self._undecided = undecided
        self._intake = intake
        self._decider = decider
        self._couriers = couriers
        self._rate = rate
        self._marks = marks
        self._timers = timers
        self._commands = commands
        self._clock = clock
        self._stop = asyncio.Event()
        self._fatal: str | None = None

    def health(self) -> Health:
        return Health(
            last_poll_at=self._intake.last_poll_at,
            undecided=len(self._undecided),
            pending=sum(courier.pending for courier in self._couriers),
            fatal=self._fatal,
        )

    def settled(self) -> bool:
        """Nothing undecided, nothing due, nothing waiting to leave, nothing on its way."""
        return (
            self._undecided.is_empty
            and self._decider.is_idle
            and self._timers.is_idle
            and self._commands.is_idle
            and all(courier.is_idle for courier in self._couriers)
            and self._marks.is_empty
        )

    def stop(self) -> None:
        """Asks for a graceful stop; `run` then returns."""
        self._stop.set()

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT ask for a graceful stop."""
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signum, self.stop)

    async def run(self) -> None:
        """Runs until stopped.

        Raises `TokenRefused`, or what else ended a part: `bot.services.events.StoreFailed` when the
        store cannot be written.
        """
        try:
            await self._introduce()
            if not self._stop.is_set():
                await self._run_parts()
        except Exception as error:
            cause = _first(error)
            self._fatal = str(cause) or type(cause).__name__
            raise cause from None
        finally:
            await self._application.bot.shutdown()

    async def _introduce(self) -> None:
        """Learns the bot's own name (commands carry it) and loads the conversations."""
        backoff = Backoff(0.5, 30.0)
        while not self._stop.is_set():
            try:
                await self._application.initialize()
            except InvalidToken:
                raise TokenRefused from None
            except NetworkError as error:
                _log.warning("telegram_unreachable", error=type(error).__name__)
                asked_s = error.retry_after_s if isinstance(error, AskedToWait) else 0.0
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), max(asked_s, backoff.next_s()))
            else:
                return

    async def _run_parts(self) -> None:
        async with asyncio.TaskGroup() as group:
            arriving = [
                group.create_task(self._intake.run()),
                group.create_task(self._timers.run()),
                group.create_task(self._commands.run()),
            ]
            leaving = [group.create_task(courier.run()) for courier in self._couriers]
            between = [
                group.create_task(self._decider.run()),
                group.create_task(self._rate.run()),
                group.create_task(self._marks.run()),
            ]
            await self._stop.wait()
            for task in arriving:
                task.cancel()
            await asyncio.wait(arriving)
            await self._decider.stop()
            await asyncio.gather(*(courier.stop(_GRACE_S) for courier in self._couriers))
            await self._marks.write()
            for task in (*between, *leaving):
                task.cancel()


def _first(error: Exception) -> Exception:
    """The error that ended it all: the other parts were only cancelled for it."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
