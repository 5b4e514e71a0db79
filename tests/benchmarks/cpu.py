"""CPU per update: a whole renewal against two echoes, and what the bot then holds in memory."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.contender import our_bot, running
from tests.benchmarks.people import RENEWAL, Crowd
from tests.benchmarks.population import fill, subscriber_of
from tests.benchmarks.telegram import BenchTelegram

AT_ONCE: Final = 16
_WARM_UP: Final = 40
_DELIVERED_AFTER_S: Final = 5.0
"""The carrier is looked at three seconds after an order; all that belongs to the renewals."""


@dataclass(frozen=True, slots=True)
class Cost:
    cpu_ms: float
    """Per update, everything that it caused included."""
    calls: float
    """HTTP calls per update, polls and the carrier's included."""
    resident_mb: float


async def renewals(folder: Path, count: int) -> Cost:
    database = folder / "renewals.db"
    fill(database, count + _WARM_UP)
    program, settings = our_bot(database)
    return await _cost(program, settings, RENEWAL, count, _DELIVERED_AFTER_S)


async def echo(name: str, count: int) -> Cost:
    program = ("-m", f"tests.benchmarks.contenders.{name}")
    return await _cost(program, {}, (), count, 0.0)


async def _cost(
    program: Sequence[str],
    settings: Mapping[str, str],
    buttons: Sequence[str],
    talks: int,
    settles_in_s: float,
) -> Cost:
    telegram = BenchTelegram()
    crowd = Crowd(telegram, map(subscriber_of, itertools.count(1)), buttons)
    async with running(telegram, program, settings=settings) as contender:
        await crowd.talks(_WARM_UP, AT_ONCE)
        await asyncio.sleep(settles_in_s)
        before_s, sent_before, calls_before = contender.cpu_s(), crowd.sent, contender.calls
        await crowd.talks(talks, AT_ONCE)
        await asyncio.sleep(settles_in_s)
        used_s, sent = contender.cpu_s() - before_s, crowd.sent - sent_before
        calls = (contender.calls - calls_before) / sent
        return Cost(1000 * used_s / sent, calls, contender.resident_mb())
