"""The runtime around the parrot, over a real database file and the real sandbox."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from telegram.ext import CallbackContext

from bot.domain.announcement import Announcement, Recipient
from bot.domain.errors import NotFound
from bot.domain.line import LineStatus, Msisdn, Reading, UsageDay
from bot.runtime import announcement_courier
from bot.runtime.announcement_courier import AnnouncementCourier
from bot.runtime.announcement_room import Bounds
from bot.runtime.application import build_application
from bot.runtime.attachments import Attachments
from bot.runtime.bot_api import BotApi
from bot.runtime.carrier_courier import CarrierCourier
from bot.runtime.clock import Clock, FollowedClock
from bot.runtime.commands import Commands
from bot.runtime.couriers import Courier
from bot.runtime.decide import Decider
from bot.runtime.flood import Bound, Flood
from bot.runtime.http import AiohttpRequest
from bot.runtime.intake import Intake
from bot.runtime.marks import Marks
from bot.runtime.persistence import ConversationPersistence
from bot.runtime.rate import Limits, Rate
from bot.runtime.run import Runtime
from bot.runtime.telegram_courier import TelegramCourier
from bot.runtime.timers import Timers
from bot.runtime.undecided import Undecided
from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.telegram import person
from bot.sandbox.world import World
from bot.services.events import Store
from bot.services.ports import (
    CancelOutcome,
    CarrierCapabilities,
    CarrierOrder,
    CarrierOrderState,
    FoundLine,
)
from bot.services.run_announcement import RunAnnouncement
from bot.services.unit import Unit
from storage.database import Database
from storage.unit import SqliteStore
from tests.runtime.parrot import Parrot

AS_AT_TELEGRAM = Bounds(in_hand=32, page=4)
FAST = Limits(overall_per_s=100_000.0, per_chat_per_s=100_000.0, chat_burst=100_000)
UNBOUNDED = Bound(at_once=1_000_000)
PATIENCE_S = 10.0


@dataclass
class FakeCarrier:
    """Answers as told. ``trouble`` is raised by the next calls, one each."""

    trouble: list[Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    orders: dict[str, int] = field(default_factory=dict)
    """How often each key was ordered."""
    accepts_before_trouble: bool = False
    knows: bool = True
    hangs: bool = False
    capabilities = CarrierCapabilities(True, True, True, True, 5)

    async def find_line(self, msisdn: Msisdn) -> FoundLine:
        await self._asked("find_line")
        if not self.knows:
            raise NotFound("no such line")
        return FoundLine("ref", msisdn, None, "Asia/Shanghai", LineStatus.ACTIVE)

    async def send_text(self, msisdn: Msisdn, text: str) -> None:
        await self._asked("send_text")

    async def line_status(self, line_id: int, ref: str, msisdn: Msisdn) -> Reading:
        raise NotImplementedError

    async def usage_days(self, ref: str, msisdn: Msisdn, first: date, last: date) -> list[UsageDay]:
        raise NotImplementedError

    async def submit(
        self, key: str, ref: str, msisdn: Msisdn, plan_code: str, periods: int
    ) -> CarrierOrder:
        if self.accepts_before_trouble:
            self.orders[key] = self.orders.get(key, 0) + 1
        await self._asked("submit")
        if not self.accepts_before_trouble:
            self.orders[key] = self.orders.get(key, 0) + 1
        return CarrierOrder(CarrierOrderState.DONE)

    async def order_state(self, key: str) -> CarrierOrder:
        await self._asked("order_state")
        known = key in self.orders
        return CarrierOrder(CarrierOrderState.DONE if known else CarrierOrderState.NOT_FOUND)

    async def cancel(self, key: str) -> CancelOutcome:
        await self._asked("cancel")
        return CancelOutcome.CANCELLED

    async def _asked(self, operation: str) -> None:
        self.asked.append(operation)
        if self.hangs:
            await asyncio.Event().wait()
        if self.trouble:
            raise self.trouble.pop(0)


@dataclass
class NotedNotices:
    """Notes which announcements were told of as refused, and as through; of their progress nobody
    is told here."""

    refusals: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    async def progress(
        self, unit: Unit, announcement: Announcement, per_s: float | None = None
    ) -> None: ...

    async def counted(self, unit: Unit, draft: Announcement) -> None: ...

    async def refused(self, unit: Unit, announcement: Announcement) -> None:
        self.refusals.append(announcement.id)

    async def finished(self, unit: Unit, announcement: Announcement) -> None:
        self.ends.append(announcement.id)


@dataclass
class Bot:
    """A bot that runs in the test's own event loop."""

    runtime: Runtime
    parrot: Parrot
    store: Store
    clock: Clock
    undecided: Undecided
    running: asyncio.Task[None]
    run_announcement: RunAnnouncement
    told: NotedNotices
    timers: Timers
    couriers: dict[str, Courier]

    def timers_looked(self) -> bool:
        """Those that came due while the bot was down are events by now."""
        return self.running.done() or self.timers.is_idle

    async def settles(self, world: World) -> None:
        """Waits until nothing is left to do. Raises what ended the bot."""
        await eventually(
            lambda: (
                self.running.done()
                or (not world.telegram.pending_updates(BOT_TOKEN) and self.runtime.settled())
            )
        )
        if self.running.done():
            await self.running

    async def count(self, name: str) -> int:
        async with self.store.unit() as unit:
            return await unit.counters.get(name) or 0


@dataclass
class Options:
    limits: Limits = FAST
    bound: Bound = UNBOUNDED
    carrier: FakeCarrier = field(default_factory=FakeCarrier)
    wrap_store: Callable[[Store], Store] = lambda store: store
    api: type[BotApi] = BotApi
    token: str = BOT_TOKEN
    carrier_timeout_s: float = 10.0
    most_in_memory: int = 2_000
    couriers_hold: int = 2_000
    telegram_url: str | None = None
    planned_a_page: int = 10
    announced_within: Bounds = AS_AT_TELEGRAM


def announced(announcement: Announcement, to: Recipient) -> tuple[str, dict[str, Any]]:
    """The announcement's words as they are, or what is done to them afterwards."""
    words = {"chat_id": to.chat_id, "text": announcement.version_for(to.language).html}
    message = {"chat_id": to.chat_id, "message_id": to.message_id}
    match announcement.doing:
        case "send":
            return "sendMessage", words
        case "correct":
            return "editMessageText", {**words, **message}
        case _:
            return "deleteMessage", message


@asynccontextmanager
async def running_bot(path: Path, url: str, options: Options | None = None) -> AsyncIterator[Bot]:
    options = options or Options()
    telegram_url = options.telegram_url or url
    async with FollowedClock(f"{url}/sandbox/clock") as clock, Database(path) as database:
        store = options.wrap_store(SqliteStore(database, clock.now))
        request = AiohttpRequest()
        api = options.api(request, f"{telegram_url}/bot", options.token)
        application = build_application(
            token=options.token,
            base_url=f"{telegram_url}/bot",
            request=request,
            persistence=ConversationPersistence(store, clock),
            context=CallbackContext,
        )
        parrot = Parrot(clock)
        parrot.register(application)
        undecided = Undecided(store, options.most_in_memory)
        marks = Marks(store, undecided, clock)
        timers = Timers(store, undecided, clock)
        rate = Rate(clock, options.limits)
        telegram_courier = TelegramCourier(
            api,
            store,
            marks,
            clock,
            rate,
            Attachments({"square": square}),
            "1:PROVIDER",
            most=options.couriers_hold,
        )
        carrier_courier = CarrierCourier(
            options.carrier, store, marks, clock, timeout_s=options.carrier_timeout_s
        )
        to_everybody = AnnouncementCourier(
            api, store, marks, clock, rate, announced, ZoneInfo("Asia/Shanghai"),
            bounds=options.announced_within,
        )  # fmt: skip
        couriers: dict[str, Courier] = {
            each.name: each for each in (telegram_courier, carrier_courier, to_everybody)
        }
        told = NotedNotices()
        run = RunAnnouncement(clock, told, ZoneInfo("Asia/Shanghai"), options.planned_a_page)
        runtime = Runtime(
            application=application,
            undecided=undecided,
            intake=Intake(api, store, undecided, clock),
            decider=Decider(
                marks,
                undecided,
                application,
                {
                    **parrot.routes(),
                    "announcement_plan": run.on_plan_due,
                    "announcement_go": run.on_go_due,
                    "announcement_progress": run.on_progress_due,
                    announcement_courier.RESTED: run.on_rested,
                    announcement_courier.REFUSED: run.on_refused,
                },
                parrot.apologise,
                couriers,
                timers,
                Flood(clock, options.bound),
                clock,
            ),
            couriers=list(couriers.values()),
            rate=rate,
            marks=marks,
            timers=timers,
            commands=Commands(path, store, undecided, clock),
            clock=clock,
        )
        running = asyncio.create_task(runtime.run())
        try:
            yield Bot(
                runtime, parrot, store, clock, undecided, running, run, told, timers, couriers
            )
        finally:
            running.cancel()
            await asyncio.wait([running])
            if not running.cancelled():
                running.exception()


@dataclass
class People:
    """The cast's side of their chats with the bot."""

    world: World

    def side(self, user_id: int) -> person.Side:
        telegram = self.world.telegram
        bot, somebody = telegram.bots[BOT_TOKEN], telegram.people[user_id]
        return person.Side(
            telegram, self.world.clock, bot, somebody, telegram.chat_with(bot, somebody)
        )

    def writes(self, user_id: int, text: str) -> None:
        person.write(self.side(user_id), text)

    async def presses(self, user_id: int, button: str) -> dict[str, Any]:
        pressed: dict[str, Any] = await person.press(self.side(user_id), button, None, 10.0)
        return pressed

    def sees(self, user_id: int) -> list[str]:
        """The bot's messages in that chat, oldest first."""
        messages = [stored.seen() for stored in self.side(user_id).chat.messages.values()]
        return [
            message.get("text", "(picture)") for message in messages if message["from"]["is_bot"]
        ]

    def documents(self, user_id: int) -> list[dict[str, Any]]:
        """The files that the bot sent to that chat, oldest first."""
        messages = [stored.seen() for stored in self.side(user_id).chat.messages.values()]
        return [message["document"] for message in messages if "document" in message]

    def requests(self, method: str, user_id: int | None = None) -> list[dict[str, Any]]:
        return self.world.telegram.journal.entries(method, user_id)


async def eventually(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_true():  # noqa: ASYNC110 - whatever it is, we can only look
            await asyncio.sleep(0.005)


def square(facts: dict[str, Any]) -> bytes:
    """A black PNG of so many pixels a side."""
    side = facts["side"]
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\0" * side) * side)
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def at_noon() -> datetime:
    return datetime.fromisoformat("2026-11-22T12:00:00+00:00")
