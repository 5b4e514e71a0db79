"""A bot under measurement, as a process of its own: started, looked at, ended."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from tests.benchmarks.carrier import BenchCarrier
from tests.benchmarks.telegram import TOKEN, BenchTelegram
from tests.benchmarks.wire import serving

ROOT: Final = Path(__file__).parents[2]
STARTS_WITHIN_S: Final = 90.0
"""aiogram takes seconds to import, and much more on a busy machine."""
STOPS_WITHIN_S: Final = 10.0
_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Contender:
    telegram: BenchTelegram
    carrier: BenchCarrier
    process: asyncio.subprocess.Process
    ready_after_s: float

    def cpu_s(self) -> float:
        """CPU used so far by all its threads, in user and kernel (proc(5))."""
        stat = self._proc("stat").rsplit(")", 1)[1].split()
        return (int(stat[11]) + int(stat[12])) / _TICKS_PER_S

    @property
    def calls(self) -> int:
        """How many HTTP calls it has made, polls included."""
        return self.telegram.calls + self.carrier.calls

    def resident_mb(self, what: str = "VmRSS") -> float:
        """``VmRSS`` is what it holds now, ``VmHWM`` the most it ever held."""
        lines = dict(line.split(":", 1) for line in self._proc("status").splitlines())
        return int(lines[what].split()[0]) / 1024

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self.process.pid}/{name}").read_text()


@asynccontextmanager
async def running(
    telegram: BenchTelegram,
    program: Sequence[str],
    round_trip_s: float = 0.0,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Contender]:
    """Starts what Python runs as ``program`` and waits until it polls. Raises `TimeoutError`."""
    carrier = BenchCarrier()
    async with serving(telegram.handle, round_trip_s) as address, serving(carrier.handle) as line:
        with TemporaryFile() as complaints:
            begun = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                sys.executable, *program, cwd=ROOT,
                stdout=asyncio.subprocess.PIPE, stderr=complaints, env={
                    **os.environ, "LOG_LEVEL": "ERROR", "BOT_TOKEN": TOKEN,
                    "TELEGRAM_API_URL": address, "CARRIER_URL": line,
                    "CARRIER_API_KEY": "BENCHMARK", **(settings or {}),
                },
            )  # fmt: skip
            try:
                await _first_poll(telegram, process)
                yield Contender(telegram, carrier, process, time.monotonic() - begun)
            finally:
                if process.returncode is not None:
                    complaints.seek(0)
                    raise RuntimeError(f"it ended by itself:\n{complaints.read().decode()}")
                await _end(process)


async def _first_poll(telegram: BenchTelegram, process: asyncio.subprocess.Process) -> None:
    waits = [asyncio.create_task(each) for each in (telegram.polled.wait(), process.wait())]
    _, pending = await asyncio.wait(
        waits, timeout=STARTS_WITHIN_S, return_when=asyncio.FIRST_COMPLETED
    )
    for task in pending:
        task.cancel()
    if not telegram.polled.is_set():
        raise TimeoutError("it does not poll")


async def output_of(contender: Contender) -> bytes:
    """What it has written, once it has ended."""
    assert contender.process.stdout is not None
    return await contender.process.stdout.read()


async def _end(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    try:
        async with asyncio.timeout(STOPS_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def our_bot(database: Path, **settings: str) -> tuple[Sequence[str], Mapping[str, str]]:
    """The program and settings of this project's bot, sending as fast as it may be set to."""
    return ("-m", "bot", "run"), {
        "DATABASE": str(database),
        "SEND_RATE_PER_S": "1000",
        **settings,
    }
