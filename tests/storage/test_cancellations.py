"""Which orders are to be taken back, until that is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.cancellation import Cancellation, Canceller
from bot.domain.line import Line
from storage.unit import SqliteStore
from tests.storage.conftest import NOON, later, order_of


async def test_a_cancellation_is_open_until_it_is_closed(store: SqliteStore, line: Line) -> None:
    order = order_of(line)
    asked = Cancellation(order.id, Canceller.SUBSCRIBER, NOON)
    async with store.unit() as unit:
        await unit.orders.add(order)
        assert await unit.cancellations.open_of(order.id) is None
        unit.cancellations.open(asked)
        assert await unit.cancellations.open_of(order.id) == asked
        unit.cancellations.close(order.id, later(1))
        assert await unit.cancellations.open_of(order.id) is None


async def test_a_later_one_takes_the_place_of_the_former_open_or_closed(
    store: SqliteStore, line: Line
) -> None:
    order = order_of(line)
    first = Cancellation(order.id, Canceller.SUBSCRIBER, NOON)
    second = Cancellation(order.id, Canceller.OPERATOR, later(1), "asked by phone")
    async with store.unit() as unit:
        await unit.orders.add(order)
        unit.cancellations.open(first)
        unit.cancellations.open(second)
        assert await unit.cancellations.open_of(order.id) == second
        unit.cancellations.close(order.id, later(2))
        unit.cancellations.open(first)
        assert await unit.cancellations.open_of(order.id) == first


async def test_an_order_is_given_other_dates_and_nothing_else_changes(
    store: SqliteStore, line: Line
) -> None:
    order = order_of(line, status="fulfilled")
    moved = replace(order, starts_at=NOON, ends_at=NOON + timedelta(days=30))
    async with store.unit() as unit:
        await unit.orders.add(order)
        unit.orders.redate(moved)
        assert await unit.orders.get(order.id) == moved
