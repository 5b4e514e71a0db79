"""What one subscriber's screen costs among few and among many."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.catalogue import read_catalogue
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.runtime.clock import SystemClock
from bot.services.ports import CarrierCapabilities
from bot.services.read_account import ReadAccount
from bot.services.read_orders import ReadOrders
from bot.services.stock_catalogue import StockCatalogue
from storage.database import Database
from storage.unit import SqliteStore, SqliteUnit
from tests.benchmarks.contender import ROOT
from tests.benchmarks.population import fill, order_of, subscriber_of

FEW: Final = 1_000
_READS: Final = 1_500
_CAPABILITIES: Final = CarrierCapabilities(
    wallet=True, daily_counter=True, throttle_state=True, texts=True, shortest_poll_s=60
)

Read = Callable[[SqliteUnit, int], Awaitable[object]]
"""Reads what belongs to the n-th subscriber."""


async def ratios(folder: Path, many: int) -> dict[str, float]:
    """By what is read, the median time among ``many`` over that among a thousand.

    The two databases take turns, so that what else the machine does weighs on both.
    """
    sizes = (FEW, many)
    for size in sizes:
        fill(folder / f"{size}.db", size)
    async with AsyncExitStack() as stack:
        stores = [
            SqliteStore(
                await stack.enter_async_context(Database(folder / f"{size}.db")), SystemClock().now
            )
            for size in sizes
        ]
        for store in stores:
            async with store.unit() as unit:
                await StockCatalogue(SystemClock()).first_time(unit, _plans())
        found: dict[str, float] = {}
        for what, read in _reads().items():
            seconds: list[list[float]] = [[], []]
            for _ in range(_READS):
                for store, size, taken in zip(stores, sizes, seconds, strict=True):
                    async with store.unit() as unit:
                        taken.append(await _timed(read, unit, random.randint(1, size)))
            few, among_many = map(statistics.median, seconds)
            found[what] = among_many / few
        return found


async def _timed(read: Read, unit: SqliteUnit, n: int) -> float:
    begun = time.perf_counter()
    await read(unit, n)
    return time.perf_counter() - begun


def _reads() -> dict[str, Read]:
    clock = SystemClock()
    account, orders = ReadAccount(clock, _CAPABILITIES, "CNY"), ReadOrders(clock)
    today = date.today()  # noqa: DTZ011 - any day will do

    async def home(unit: SqliteUnit, n: int) -> object:
        return await account.overview(unit, _subscriber(n))

    async def usage(unit: SqliteUnit, n: int) -> object:
        return await unit.readings.usage(n, today - timedelta(days=30), today)

    async def order(unit: SqliteUnit, n: int) -> object:
        return await unit.orders.get(order_of(n, 0))

    async def list_of_orders(unit: SqliteUnit, n: int) -> object:
        return await orders.page(unit, _subscriber(n), 0)

    return {"home": home, "usage": usage, "order": order, "orders": list_of_orders}


def _plans() -> list[Plan]:
    return read_catalogue(ROOT / "bot" / "catalogue.toml", "CNY")


def _subscriber(n: int) -> Subscriber:
    return Subscriber(subscriber_of(n), "P", "en", language_chosen=False, default_line_id=n)
