"""The demo: the real bot as a process of its own, and the outside world on loopback beside it.

The bot is started as an operator would start it, with addresses and keys in its environment; that
they lead to the sandbox it cannot know.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.server import serve
from bot.sandbox.world import World

RESTART_PAUSE_S: Final = 1.0
STOP_PATIENCE_S: Final = 5.0


def environment(address: str, database: Path) -> dict[str, str]:
    """The settings with which the bot finds the sandbox at that address."""
    return {
        "BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_URL": address,
        "DATABASE": str(database),
        "PAYMENT_PROVIDER_TOKEN": "1:SANDBOX",
        "OPENING_BALANCES": "true",
        "CARRIER_URL": f"{address}/carrier",
        "CARRIER_API_KEY": "SANDBOX",
        "CARRIER_TOKEN_URL": "",
        "CARRIER_CLIENT_SECRET": "",
        "CARRIER_SHORTEST_POLL_S": "5",
        "CLOCK_URL": f"{address}/sandbox/clock",
    }


class BotProcess:
    """Runs the bot and starts it again when it ends by itself, as a service manager would.

    Killed from the panel it stays down until it is started there.
    """

    def __init__(self, settings: Mapping[str, str], tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._tell = tell
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._wanted = False

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        self._wanted = True
        if self.running:
            return
        # The pipe is the child's leash: it ends when this process does, however that happens.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--leashed",
            stdin=asyncio.subprocess.PIPE,
            env={"LOG_LEVEL": "WARNING", **os.environ, **self._settings},
        )  # fmt: skip
        self._watch = asyncio.create_task(self._restart_when_ended(self._process))

    async def kill(self) -> None:
        self._wanted = False
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Lets it finish what it has begun, for a few seconds."""
        self._wanted = False
        try:
            async with asyncio.timeout(STOP_PATIENCE_S):
                await self._end(signal.SIGTERM)
        except TimeoutError:
            await self._end(signal.SIGKILL)

    async def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(how)
            await self._process.wait()

    async def _restart_when_ended(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        if not self._wanted:
            return
        self._tell(f"The bot ended by itself (exit code {code}); starting it again.")
        await asyncio.sleep(RESTART_PAUSE_S)
        if self._wanted:
            await self.start()


@contextlib.asynccontextmanager
async def demo(
    port: int, database: Path, starts_at: datetime | None, tell: Callable[[str], None]
) -> AsyncIterator[str]:
    """The sandbox on that port with the bot in it; gives the page's address once the bot polls.

    What Telegram and the carrier keep stands in a file beside the database, so that starting again
    on the same one goes on where it stopped. Raises `OSError` when the port is taken, and
    `TimeoutError` when the bot does not come up.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    world = World(path=database.with_name(f"{database.name}.world.json"))
    if starts_at is not None:
        world.clock.shift(now=starts_at)
    async with serve(world, port) as address:
        bot = BotProcess(environment(address, database), tell)
        world.supervisor = bot
        await bot.start()
        try:
            async with asyncio.timeout(30):
                await _polling(world)
            yield address
        finally:
            await bot.stop()


async def _polling(world: World) -> None:
    while not world.is_ready:  # noqa: ASYNC110 - the world tells its page, not its host
        await asyncio.sleep(0.05)
