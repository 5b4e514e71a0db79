"""An announcement to 100,000 people, carried to its end.

At the 30 a second that Telegram allows everybody this takes an hour. So Telegram allows `ALLOWED`
here (for pay it allows up to 1,000), and the bot is set to exactly that. Nothing else differs: no
second at Telegram's end may see one call more, what comes too early is refused, every reader is
counted. What is told is the share of what was allowed. It is not easier to reach than at 30: a late
millisecond costs more turns of a faster lane. How long replies take beside it is measured at the
real 30 a second (`tests.benchmarks.lanes`), since so fast a lane leaves them less of the processor
than a real one.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from storage.announcement_tables import announcements
from storage.database import open_reader
from storage.statements import Statement
from tests.benchmarks.contender import our_bot, running
from tests.benchmarks.population import announce, announced_to, fill
from tests.benchmarks.telegram import BenchTelegram, StrictWindow

ALLOWED: Final = 300
"""Calls a second; about a third of what one core sends."""
_ENDS_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Carried:
    share: float
    """Of what was allowed between the first and the last of them."""
    refused: int
    """With 429, and nobody's fault but ours."""
    missed: int
    doubled: int
    peak_mb: float


async def carried(folder: Path, recipients: int) -> Carried:
    window = StrictWindow(ALLOWED)
    telegram = BenchTelegram(window)
    readers = _Readers(recipients)
    telegram.watch = readers.see
    database = folder / f"broadcast-{recipients}.db"
    fill(database, 1)
    announce(database, recipients)
    program, settings = our_bot(database, SEND_RATE_PER_S=str(ALLOWED))
    async with running(telegram, program, settings=settings) as contender:
        await readers.all_have_it.wait()
        await _is_done(database)
        peak_mb = contender.resident_mb("VmHWM")
    return Carried(
        share=(recipients - 1) / (readers.last_at - readers.first_at) / ALLOWED,
        refused=window.refused,
        missed=recipients - len(readers.times),
        doubled=sum(times - 1 for times in readers.times.values()),
        peak_mb=peak_mb,
    )


async def _is_done(database: Path) -> None:
    """Raises `TimeoutError` when the bot does not see that it is."""
    status = select(announcements.c.status)
    async with asyncio.timeout(_ENDS_WITHIN_S), open_reader(database) as reader:
        while await reader.rows(Statement(status)) != [("done",)]:  # noqa: ASYNC110 - another's
            await asyncio.sleep(0.05)


class _Readers:
    """How often each reader got it, and when the first and the last did."""

    def __init__(self, number: int) -> None:
        self._wanted = {announced_to(n) for n in range(1, number + 1)}
        self.times: Counter[int] = Counter()
        self.first_at = self.last_at = 0.0
        self.all_have_it = asyncio.Event()

    def see(self, method: str, parameters: dict[str, Any]) -> None:
        chat_id = int(parameters.get("chat_id") or 0)
        if method != "sendMessage" or chat_id not in self._wanted:
            return
        self.times[chat_id] += 1
        self.last_at = time.monotonic()
        self.first_at = self.first_at or self.last_at
        if len(self.times) == len(self._wanted):
            self.all_have_it.set()
