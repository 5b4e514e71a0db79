"""The world in which a storm takes place: the sandbox with people in it, and the bot's process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from bot.demo import environment
from bot.sandbox.carrier import Carrier
from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.payments.control import WEBHOOK_SECRET
from bot.sandbox.server import serve
from bot.sandbox.telegram.account import Account
from bot.sandbox.telegram.flood import FloodControl
from bot.sandbox.world import World
from bot.web import WEBHOOK_PATH
from tests.storm import size
from tests.storm.chat import Chat
from tests.storm.control import ControlApi
from tests.storm.news import News
from tests.storm.people import Person, people, settle_in
from tests.storm.process import WHOLE_BOT, BotProcess
from tests.storm.waiting import until


@dataclass
class StormWorld:
    sandbox: World
    control: ControlApi
    news: News
    bot: BotProcess
    people: Sequence[Person]
    database: Path
    log: Path
    former_update_ids: set[int] = field(default_factory=set)
    first_update_id: int = 0

    def __post_init__(self) -> None:
        self.first_update_id = self._next_update_id

    @property
    def account(self) -> Account:
        return self.sandbox.telegram.bots[BOT_TOKEN]

    @property
    def update_ids(self) -> set[int]:
        """Of every update that there was so far."""
        return self.former_update_ids.union(range(self.first_update_id, self._next_update_id))

    def chat(self, person: Person) -> Chat:
        return Chat(self.control, self.news, person.id)

    async def start_bot(self) -> None:
        """Returns when it has asked Telegram for its own name: then it is about to listen."""
        known = self._introductions()
        await self.bot.start()
        await until(lambda: self._introductions() > known)

    def begin_update_ids_at(self, number: int) -> None:
        self.former_update_ids = self.update_ids
        self.first_update_id = number
        self.account.updates.restore(self.account.updates.snapshot() | {"next_id": number})

    async def meddle(self, meddler: Person, data: str) -> None:
        """Somebody presses a button that was never shown to them."""
        account, telegram = self.account, self.sandbox.telegram
        somebody = telegram.people[meddler.id]
        chat = telegram.chat_with(account, somebody)
        shown = next((m.message for m in chat.newest_first() if m.message["from"]["is_bot"]), None)
        if shown is None:
            return
        pressed = account.callbacks.press(meddler.id, data)
        telegram.deliver(
            account,
            "callback_query",
            {
                "id": pressed.id,
                "from": somebody.as_user(),
                "message": shown,
                "chat_instance": str(meddler.id),
                "data": data,
            },
        )

    def _introductions(self) -> int:
        asked = self.sandbox.telegram.journal.entries("getMe")
        return sum(request["status"] == HTTPStatus.OK for request in asked)

    @property
    def _next_update_id(self) -> int:
        next_id: int = self.account.updates.snapshot()["next_id"]
        return next_id


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@asynccontextmanager
async def storm_world(
    folder: Path, count: int, program: Sequence[str] = WHOLE_BOT, log_level: str = "WARNING"
) -> AsyncIterator[StormWorld]:
    """The bot is not started yet. ``program`` is what Python runs as the bot."""
    sandbox = World()
    sandbox.carrier = Carrier(sandbox.clock, sandbox.events.publish, activation=size.ACTIVATION)
    account = sandbox.telegram.bots[BOT_TOKEN]
    account.flood = FloodControl(sandbox.clock.timestamp, overall_per_s=2 * size.SENDS_A_SECOND)
    database, log = folder / "storm.db", folder / "bot.log"
    async with serve(sandbox) as address, ControlApi(address) as control:
        port = free_port()
        settings = environment(address, database) | {
            "SEND_RATE_PER_S": str(size.SENDS_A_SECOND),
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "WEB_PORT": str(port),
            "LOG_LEVEL": log_level,
        }
        webhook = {"url": f"http://127.0.0.1:{port}{WEBHOOK_PATH}"}
        await control.post("payments/webhook", webhook)
        bot = BotProcess(settings, log, program)
        everybody = people(count)
        await settle_in(control, everybody)
        news = News(control)
        listening = asyncio.create_task(news.run())
        try:
            yield StormWorld(sandbox, control, news, bot, everybody, database, log)
        finally:
            await bot.stop()
            listening.cancel()
