"""Plans are versions: an order keeps its own, the shop shows the one on sale."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from bot.domain.entitlement import Entitlement
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.plan import BillingCycle, FairUsePolicy, Plan
from storage.unit import SqliteStore
from tests.storage.conftest import NOON, later, order_of

MONTH = Plan(
    code="month",
    version=1,
    cycle=BillingCycle.MONTHLY,
    days=30,
    price=Money(19_900, "CNY"),
    fair_use=FairUsePolicy(20 * 10**9, 512, "Asia/Shanghai"),
    countries=140,
    names={"zh_Hans": "月卡", "en": "Monthly"},
)
DAY = replace(MONTH, code="day", cycle=BillingCycle.DAILY, days=1, price=Money(1_200, "CNY"))


async def test_plans_on_sale_come_in_the_operators_order(store: SqliteStore) -> None:
    async with store.unit() as unit:
        assert await unit.catalogue.on_sale() == []
        unit.catalogue.put_on_sale(MONTH, 2, NOON)
        unit.catalogue.put_on_sale(DAY, 1, NOON)
        assert await unit.catalogue.on_sale() == [DAY, MONTH]
        assert await unit.catalogue.current("month") == MONTH


async def test_a_new_price_is_a_new_version_and_the_old_one_stays_readable(
    store: SqliteStore,
) -> None:
    dearer = replace(MONTH, version=2, price=Money(20_900, "CNY"))
    async with store.unit() as unit:
        assert await unit.catalogue.latest_version("month") == 0
        unit.catalogue.put_on_sale(MONTH, 1, NOON)
        unit.catalogue.put_on_sale(dearer, 1, later(1))
        assert await unit.catalogue.on_sale() == [dearer]
        assert await unit.catalogue.version("month", 1) == MONTH
        assert await unit.catalogue.latest_version("month") == 2


async def test_a_version_that_was_sold_cannot_become_another(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.catalogue.put_on_sale(MONTH, 1, NOON)
    with pytest.raises(sqlite3.IntegrityError):
        async with store.unit() as unit:
            unit.catalogue.put_on_sale(replace(MONTH, price=Money(1, "CNY")), 1, later(1))
    async with store.unit() as unit:
        assert await unit.catalogue.current("month") == MONTH


async def test_a_withdrawn_plan_is_no_longer_sold(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.catalogue.put_on_sale(MONTH, 1, NOON)
        unit.catalogue.withdraw("month", later(1))
        assert await unit.catalogue.on_sale() == []
        assert await unit.catalogue.current("month") is None
        assert await unit.catalogue.version("month", 1) == MONTH


async def test_entitlements_of_a_line_are_the_running_and_the_queued_by_start(
    store: SqliteStore, line: Line
) -> None:
    def entitlement(order_id: str, start: float, end: float) -> Entitlement:
        return Entitlement(order_id, line.id, "month", later(start), later(end))

    ended, running, queued = (
        entitlement("LEB-1", -60, 0),
        entitlement("LEB-2", -30, 30),
        entitlement("LEB-3", 30, 90),
    )
    async with store.unit() as unit:
        for each in (queued, ended, running):
            await unit.orders.add(order_of(line, each.order_id, "fulfilled"))
            unit.entitlements.add(each)
        assert await unit.entitlements.of_line(line.id, NOON) == [running, queued]
        unit.entitlements.remove("LEB-3")
        assert await unit.entitlements.of_line(line.id, NOON) == [running]
