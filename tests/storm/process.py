"""The bot as a process of its own, to be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

WHOLE_BOT: Final = ("-m", "bot")
ROOT: Final = Path(__file__).parents[2]
AFTER_ITS_OWN_END_S: Final = 0.5
STOPS_WITHIN_S: Final = 10.0


class BotProcess:
    """Starts the real bot, kills it, and starts it again when it ends by itself.

    ``program`` is what Python runs: ``-m bot run``, or a mutant of it.
    """

    def __init__(
        self, settings: Mapping[str, str], log: Path, program: Sequence[str] = WHOLE_BOT
    ) -> None:
        self._settings = settings
        self._log = log
        self._program = program
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self.killed_at: list[float] = []
        """Unix seconds of each kill."""
        self.own_ends: list[int] = []
        """The exit codes with which it ended although nobody ended it."""

    async def start(self) -> None:
        with self._log.open("ab") as log:
            # The pipe is the child's leash: it ends when this process does, however that happens.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self._program, "run", "--leashed",
                stdin=asyncio.subprocess.PIPE, stdout=log, stderr=log, cwd=ROOT,
                env={**os.environ, "LOG_LEVEL": "WARNING", **self._settings},
            )  # fmt: skip
        self._watch = asyncio.create_task(self._start_again(self._process))

    async def kill(self) -> None:
        """SIGKILL, at once."""
        self.killed_at.append(time.time())
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """As an operator does it. Raises `TimeoutError` when it does not end."""
        async with asyncio.timeout(STOPS_WITHIN_S):
            await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()

    async def _start_again(self, process: asyncio.subprocess.Process) -> None:
        self.own_ends.append(await process.wait())
        await asyncio.sleep(AFTER_ITS_OWN_END_S)
        await self.start()
