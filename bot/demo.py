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

from bot.crowd import make_known, open_chats
from bot.runtime import commands
from bot.sandbox.cast import BOT_TOKEN, OPERATORS_GROUP
from bot.sandbox.server import serve
from bot.sandbox.world import World
from storage.lockfile import only_process

RESTART_PAUSE_S: Final = 1.0
STOP_PATIENCE_S: Final = 5.0
START_PATIENCE_S: Final = 30.0
OPERATOR: Final = 9001
SUPPORT: Final = 9002
"""Of the cast: the owner, and the one who is appointed for support."""


class DemoFailed(Exception):
    """The demo cannot be shown; the text says why, and what to do."""


def environment(address: str, database: Path) -> dict[str, str]:
    """The settings with which the bot finds the sandbox at that address."""
    return {
        "BOT_TOKEN": BOT_TOKEN,
        "OWNERS": str(OPERATOR),
        "SUPPORT_GROUP_ID": str(OPERATORS_GROUP),
        "SUPPORT_HOURS": "mon-fri 09:00-21:00, sat-sun 10:00-18:00",
        "TELEGRAM_API_URL": address,
        "DATABASE": str(database),
        "PAYMENT_POLICY": "both",
        "PAYMENT_METHODS": "CNY: invoice, card, alipay, wechat_pay; XTR: stars",
        "PAYMENT_PROVIDER_TOKEN": "1:SANDBOX",
        "STRIPE_SECRET_KEY": "sk_test_SANDBOX",
        "STRIPE_WEBHOOK_SECRET": "",
        "STRIPE_API_URL": f"{address}/stripe",
        "PAYMENT_RETURN_URL": address,
        "WEB_PORT": "",
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
        await asyncio.sleep(RESTART_PAUSE_S)
        if self._wanted:
            self._tell(f"The bot ended by itself (exit code {code}); starting it again.")
            await self.start()


@contextlib.asynccontextmanager
async def demo(
    port: int, database: Path, starts_at: datetime | None, tell: Callable[[str], None],
    people: int = 0,
) -> AsyncIterator[str]:  # fmt: skip
    """The sandbox on that port with the bot in it; gives the page's address once the bot polls.

    What Telegram and the carrier keep stands in a file beside the database, so that starting again
    on the same one goes on where it stopped; two demos cannot share it. With ``people`` there is a
    crowd beside the cast, of so many.

    Raises `DemoFailed`, and `storage.lockfile.DatabaseInUse` or `bot.services.events.StoreFailed`
    when those files cannot be had.
    """
    is_new = not database.exists()  # noqa: ASYNC240 - once, before anything runs
    kept = database.with_name(f"{database.name}.world.json")
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(only_process(kept))
        world = World(path=kept)
        if starts_at is not None:
            world.clock.shift(now=starts_at)
        try:
            address = await stack.enter_async_context(serve(world, port))
        except OSError as error:
            raise DemoFailed(
                f"Port {port} cannot be used ({error.strerror}). "
                "Choose another: make demo PORT=8090"
            ) from error
        if people:
            open_chats(world, people)
            await make_known(database, people, world.clock.now())
        bot = BotProcess(environment(address, database), tell)
        world.supervisor = bot
        stack.push_async_callback(bot.stop)
        await bot.start()
        await _ready(world, bot)
        if is_new:
            commands.leave(database, "role_wanted", {"subscriber_id": SUPPORT, "role": "support"})
        yield address


async def _ready(world: World, bot: BotProcess) -> None:
    """Returns once the bot polls. One that ends before it ever did would only end again."""
    try:
        async with asyncio.timeout(START_PATIENCE_S):
            while not world.is_ready:
                if not bot.running:
                    raise DemoFailed("The bot did not come up; what it said stands above.")
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise DemoFailed(
            f"The bot did not come up within {START_PATIENCE_S:.0f} seconds."
        ) from None
