"""From start to ready, and what an announcement holds in memory."""

from __future__ import annotations

import asyncio
import statistics
from pathlib import Path

from tests.benchmarks.contender import our_bot, running
from tests.benchmarks.population import announce, fill
from tests.benchmarks.telegram import BenchTelegram


async def start_s(folder: Path, times: int) -> float:
    """Seconds from the process to its first poll, on a database that is there; the median."""
    database = folder / "start.db"
    fill(database, 10)
    program, settings = our_bot(database)
    seconds = []
    for _ in range(times):
        async with running(BenchTelegram(), program, settings=settings) as contender:
            seconds.append(contender.ready_after_s)
    return statistics.median(seconds)


async def peak_mb(folder: Path, recipients: int, seconds: float) -> float:
    """The most that is ever held in memory while an announcement to so many leaves."""
    database = folder / f"announced-{recipients}.db"
    announce(database, recipients)
    program, settings = our_bot(database)
    async with running(BenchTelegram(), program, settings=settings) as contender:
        await asyncio.sleep(seconds)
        return contender.resident_mb("VmHWM")
