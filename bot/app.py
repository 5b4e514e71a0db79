"""The composition root: with `bot.services_built`, the one place that knows every concrete class.

`compose` builds a bot from its settings and from what it is given of the outside;
`serve_subscribers` opens that outside and runs the bot until it is told to stop.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import sys
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from bot.carrier_settings import tmf_settings
from bot.carriers.tmf import TmfCarrier
from bot.catalogue import read_catalogue, read_coupons
from bot.payment_platform import listening, opened_platform
from bot.routes import routes
from bot.runtime.announcement_courier import AnnouncementCourier
from bot.runtime.announcement_room import bounds_for
from bot.runtime.application import build_application
from bot.runtime.attachments import Attachments
from bot.runtime.bot_api import BotApi
from bot.runtime.carrier_courier import CarrierCourier
from bot.runtime.clock import Clock, FollowedClock, SystemClock
from bot.runtime.commands import Commands
from bot.runtime.couriers import Courier
from bot.runtime.decide import Decider
from bot.runtime.flood import Bound, Flood
from bot.runtime.http import AiohttpRequest
from bot.runtime.intake import Intake
from bot.runtime.logs import set_up
from bot.runtime.marks import Marks
from bot.runtime.persistence import ConversationPersistence
from bot.runtime.platform_courier import PlatformCourier
from bot.runtime.rate import Limits, Rate
from bot.runtime.run import Runtime
from bot.runtime.stars_courier import StarsCourier
from bot.runtime.statistics_courier import StatisticsCourier
from bot.runtime.support_courier import SupportCourier
from bot.runtime.telegram_courier import TelegramCourier
from bot.runtime.timers import Timers
from bot.runtime.undecided import Undecided
from bot.services.events import StoreFailed
from bot.services.keep_operators import KeepOperators
from bot.services.platform import PaymentPlatform
from bot.services.ports import Carrier
from bot.services.reconcile import Reconcile
from bot.services.stock_catalogue import StockCatalogue
from bot.services.watch_platform import WatchPlatform
from bot.services_built import branding, build_services
from bot.settings import Settings
from handlers import register
from handlers.announcement_message import call_for
from handlers.commands import menu_calls
from handlers.context import EventContext
from handlers.renderers import RENDERERS
from handlers.screens import qr
from storage import migrate
from storage.database import Database
from storage.lockfile import only_process
from storage.own_data import OwnData
from storage.retention import purge
from storage.statistics import count_statistics
from storage.traces import sweep, write_anew_at_night
from storage.unit import SqliteStore

_log = structlog.get_logger(__name__)

_ROUND: Final = timedelta(minutes=1)
_ROUNDS_A_PURGE: Final = 60


@dataclass(frozen=True, slots=True)
class Bot:
    """A composed bot: `open` it before `runtime.run`."""

    settings: Settings
    clock: Clock
    database: Database
    store: SqliteStore
    runtime: Runtime
    undecided: Undecided
    platform: PaymentPlatform | None
    watch: WatchPlatform
    reconcile: Reconcile
    keep_operators: KeepOperators

    async def open(self) -> None:
        """Puts the first catalogue with its coupons on sale, the first owners at the desk, the menu
        of commands in place when it changed, the watch over the payment platform on or off, and
        has all that is open compared with the outside.

        Raises `bot.catalogue.CatalogueUnreadable`.
        """
        plans = read_catalogue(self.settings.catalogue, self.settings.currency)
        coupons = read_coupons(self.settings.catalogue, self.settings.currency)
        menu = menu_calls(branding(self.settings))
        print_of_menu = zlib.crc32(json.dumps(menu).encode())
        async with self.store.unit() as unit:
            await StockCatalogue(self.clock).first_time(unit, plans, coupons)
            await self.keep_operators.appoint_first(unit, self.settings.owners)
            self.reconcile.begin(unit)
            if self.platform is None:
                self.watch.end(unit)
            else:
                self.watch.begin(unit)
            if await unit.counters.get("menu") != print_of_menu:
                unit.counters.set("menu", print_of_menu)
                for method, parameters in menu:
                    unit.outbox.telegram(method, parameters, chat_id=None)

    async def run(self) -> None:
        """Serves until stopped. Raises what `bot.runtime.run.Runtime.run` raises."""
        await self.open()
        housekeeping = asyncio.create_task(self._keep_house())
        try:
            async with listening(
                self.settings, self.platform, self.runtime, self.store, self.undecided, self.clock
            ):
                await self.runtime.run()
        finally:
            housekeeping.cancel()

    async def _keep_house(self) -> None:
        zone = ZoneInfo(self.settings.time_zone)
        for round_number in itertools.count():
            await sweep(self.database)
            if round_number % _ROUNDS_A_PURGE == 0:
                await purge(self.database, self.clock.now())
                await self._write_anew(zone)
            await asyncio.sleep(_ROUND.total_seconds())

    async def _write_anew(self, zone: ZoneInfo) -> None:
        """A disk without room for a second file is tried again in the next hour, or night."""
        try:
            await write_anew_at_night(self.database, self.clock.now(), zone)
        except StoreFailed as error:
            _log.warning("file_not_written_anew", error=str(error))


def compose(
    settings: Settings,
    database: Database,
    clock: Clock,
    carrier: Carrier,
    platform: PaymentPlatform | None,
    limits: Limits,
    bound: Bound,
) -> Bot:
    """A bot over an open database of the newest schema, an open carrier and an open payment
    platform, if it has one."""
    if settings.bot_token is None:
        raise ValueError("a bot needs a token")
    token = settings.bot_token.get_secret_value()
    base_url = f"{settings.telegram_api_url}/bot"
    store = SqliteStore(database, clock.now)
    use = build_services(settings, clock, carrier)

    request = AiohttpRequest()
    persistence = ConversationPersistence(store, clock)
    application = build_application(
        token=token,
        base_url=base_url,
        request=request,
        persistence=persistence,
        context=EventContext,
    )
    errors = register(
        application, use.of_dialogues, clock, branding(settings), settings.support_group_id
    )
    api = BotApi(request, base_url, token)
    undecided = Undecided(store)
    marks = Marks(store, undecided, clock)
    rate = Rate(clock, limits)
    own_data = OwnData(database.path)
    attachments = Attachments({**RENDERERS, "code": qr.draw, "own data": own_data})
    to_telegram = TelegramCourier(
        api, store, marks, clock, rate, attachments, provider_token(settings)
    )
    to_carrier = CarrierCourier(carrier, store, marks, clock, timeout_s=settings.carrier_timeout_s)
    to_everybody = AnnouncementCourier(
        api, store, marks, clock, rate, call_for, ZoneInfo(settings.time_zone),
        bounds=bounds_for(limits.overall_per_s),
    )  # fmt: skip
    for_stars = StarsCourier(api, store, marks, clock, rate)
    to_topics = SupportCourier(api, store, marks, clock, rate)
    counting = StatisticsCourier(partial(count_statistics, database.path), store, marks, clock)
    couriers: list[Courier] = [
        to_telegram,
        to_carrier,
        to_everybody,
        for_stars,
        to_topics,
        counting,
    ]
    if platform is not None:
        couriers.append(PlatformCourier(platform, store, marks, clock))
    timers = Timers(store, undecided, clock)
    decider = Decider(
        marks,
        undecided,
        application,
        routes(use),
        errors.tell,
        {courier.name: courier for courier in couriers},
        timers,
        Flood(clock, bound),
        clock,
    )
    runtime = Runtime(
        application,
        undecided,
        Intake(api, store, undecided, clock),
        decider,
        couriers,
        rate,
        marks,
        timers,
        Commands(settings.database.expanduser(), store, undecided, clock),
        clock,
    )
    return Bot(
        settings,
        clock,
        database,
        store,
        runtime,
        undecided,
        platform,
        use.watch,
        use.reconcile,
        use.of_dialogues.keep_operators,
    )


def provider_token(settings: Settings) -> str:
    token = settings.payment_provider_token
    return token.get_secret_value() if token is not None else ""


@asynccontextmanager
async def opened(
    settings: Settings, limits: Limits | None = None, bound: Bound | None = None
) -> AsyncIterator[Bot]:
    """The bot over its database, which it has for itself, and its carrier.

    ``limits`` are those of a Telegram that allows more than the public one, ``bound`` that of
    people who are quicker than people are.

    Raises `storage.lockfile.DatabaseInUse`, `storage.migrate.NewerDatabase`.
    """
    path = settings.database.expanduser()
    async with AsyncExitStack() as stack:
        stack.enter_context(only_process(path))
        migrate.upgrade(path)
        clock: Clock = SystemClock()
        if settings.clock_url is not None:
            clock = await stack.enter_async_context(FollowedClock(settings.clock_url))
        database = await stack.enter_async_context(Database(path))
        carrier = await stack.enter_async_context(TmfCarrier(tmf_settings(settings), clock))
        platform = await stack.enter_async_context(opened_platform(settings, clock))
        limits = limits or Limits(overall_per_s=settings.send_rate_per_s)
        yield compose(settings, database, clock, carrier, platform, limits, bound or Bound())


async def serve_subscribers(settings: Settings, *, leashed: bool) -> None:
    """Runs until SIGTERM or SIGINT, or, ``leashed``, until standard input closes.

    Raises `bot.services.events.StoreFailed`, `bot.runtime.bot_api.TokenRefused`,
    `bot.catalogue.CatalogueUnreadable`.
    """
    secrets = (
        settings.bot_token,
        settings.payment_provider_token,
        settings.stripe_secret_key,
        settings.stripe_webhook_secret,
        settings.carrier_api_key,
        settings.carrier_client_secret,
    )
    set_up(settings.log_level, *(each.get_secret_value() for each in secrets if each is not None))
    async with opened(settings) as bot:
        gc.freeze()  # what is loaded stays; looking through it again would hold the loop for 0.1 s
        bot.runtime.stop_on_signals()
        leash = asyncio.create_task(_stop_when_let_go(bot.runtime)) if leashed else None
        try:
            await bot.run()
        finally:
            if leash is not None:
                leash.cancel()


async def _stop_when_let_go(runtime: Runtime) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    await reader.read()
    runtime.stop()
