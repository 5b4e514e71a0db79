"""An order moves by compare-and-set along the domain's table, and every step is kept."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace

import pytest

from bot.domain.errors import NotARenewal, UnknownOrder, WrongOrderStatus
from bot.domain.line import Line
from bot.domain.order import OrderEvent, OrderStatus, Renewal, TopUp
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, BEN, NOON, later, order_of


async def test_a_quote_is_stored_with_its_first_event(store: SqliteStore, line: Line) -> None:
    quote = order_of(line)
    async with store.unit() as unit:
        assert await unit.orders.add(quote)
    async with store.unit() as unit:
        assert await unit.orders.get(quote.id) == quote
        (step,) = await unit.orders.history(quote.id)
        assert (step.event, step.to_status, step.happened_at) == ("quote", "quoted", NOON)


async def test_a_taken_reference_is_refused_without_harm(store: SqliteStore, line: Line) -> None:
    quote = order_of(line)
    async with store.unit() as unit:
        assert await unit.orders.add(quote)
        assert not await unit.orders.add(replace(quote, buys=Renewal("day", 1, periods=1, days=1)))
        assert await unit.orders.get(quote.id) == quote
        assert len(await unit.orders.history(quote.id)) == 1


async def test_a_top_up_is_stored_as_one(store: SqliteStore, line: Line) -> None:
    top_up = replace(order_of(line), buys=TopUp())
    async with store.unit() as unit:
        assert await unit.orders.add(top_up)
    async with store.unit() as unit:
        assert await unit.orders.get(top_up.id) == top_up
        with pytest.raises(NotARenewal):
            _ = top_up.renewal


async def test_an_unknown_order_is_none(store: SqliteStore) -> None:
    async with store.unit() as unit:
        assert await unit.orders.get("LEB-0000-0000") is None
        assert await unit.orders.history("LEB-0000-0000") == []


async def test_a_move_writes_what_stands_in_the_order(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        await unit.orders.add(order_of(line, status="awaiting_payment"))
        due = order_of(line, status="awaiting_payment")
        number = await unit.orders.next_receipt_number()
        paid = replace(due, paid_at=later(1), paid_with="wallet", receipt_number=number)
        moved = await unit.orders.move(paid, OrderEvent.PAY, later(1), "by wallet")
        assert moved == replace(paid, status=OrderStatus.PAID)
    async with store.unit() as unit:
        assert await unit.orders.get(due.id) == moved
        steps = await unit.orders.history(due.id)
        assert [(step.event, step.to_status) for step in steps] == [
            ("quote", "awaiting_payment"),
            ("pay", "paid"),
        ]


async def test_a_move_from_a_status_that_has_passed_is_refused(
    store: SqliteStore, line: Line
) -> None:
    due = order_of(line, status="awaiting_payment")
    async with store.unit() as unit:
        await unit.orders.add(due)
        await unit.orders.move(due, OrderEvent.EXPIRE, later(30))
    with pytest.raises(WrongOrderStatus) as refused:
        async with store.unit() as unit:
            await unit.orders.move(due, OrderEvent.PAY, later(31))
    assert (refused.value.order_id, refused.value.status) == (due.id, "expired")


async def test_a_move_of_an_order_that_is_not_stored_is_refused(
    store: SqliteStore, line: Line
) -> None:
    with pytest.raises(UnknownOrder):
        async with store.unit() as unit:
            await unit.orders.move(order_of(line), OrderEvent.CONFIRM, NOON)


async def test_of_twenty_payments_at_once_one_is_counted(store: SqliteStore, line: Line) -> None:
    due = order_of(line, status="awaiting_payment")
    async with store.unit() as unit:
        await unit.orders.add(due)

    async def pay() -> bool:
        try:
            async with store.unit() as unit:
                await unit.orders.move(due, OrderEvent.PAY, later(1))
        except WrongOrderStatus:
            return False
        return True

    assert sum(await asyncio.gather(*(pay() for _ in range(20)))) == 1
    async with store.unit() as unit:
        assert len(await unit.orders.history(due.id)) == 2


async def test_mere_quotes_are_not_listed(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        for number, event in enumerate([None, OrderEvent.EXPIRE, OrderEvent.CANCEL]):
            quote = order_of(line, f"LEB-{number}")
            await unit.orders.add(quote)
            if event:
                await unit.orders.move(quote, event, NOON)
        assert await unit.orders.of(ANA.id, 10, 0) == []
        assert await unit.orders.count(ANA.id) == 0


async def test_confirmed_orders_are_listed_for_good_the_newest_first(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        for number in range(5):
            quote = replace(order_of(line, f"LEB-{number}"), created_at=later(number))
            await unit.orders.add(quote)
            due = await unit.orders.move(quote, OrderEvent.CONFIRM, later(number))
            await unit.orders.move(due, OrderEvent.CANCEL, later(number))
        listed = await unit.orders.of(ANA.id, 2, 1)
        assert [order.id for order in listed] == ["LEB-3", "LEB-2"]
        assert await unit.orders.count(ANA.id) == 5
        assert await unit.orders.of(BEN.id, 10, 0) == []


async def test_orders_paid_and_not_delivered_are_found_by_line(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        paid = order_of(line, "LEB-1", "paid")
        submitted = order_of(line, "LEB-2", "fulfilling")
        lost = order_of(line, "LEB-3", "review")
        due = order_of(line, "LEB-4", "awaiting_payment")
        done = order_of(line, "LEB-5", "fulfilled")
        for order in (paid, submitted, lost, due, done):
            await unit.orders.add(order)
        assert await unit.orders.undelivered(line.id) == [paid, submitted, lost]
        assert await unit.orders.undelivered(line.id + 1) == []


async def test_a_delay_is_remembered(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        await unit.orders.add(order_of(line))
        unit.orders.mark_delayed(order_of(line).id)
        delayed = await unit.orders.get(order_of(line).id)
        assert delayed is not None
        assert delayed.delayed


async def test_receipt_numbers_have_no_gaps(store: SqliteStore) -> None:
    async with store.unit() as unit:
        assert [await unit.orders.next_receipt_number() for _ in range(2)] == [1, 2]
        await unit.rollback()
        assert [await unit.orders.next_receipt_number() for _ in range(2)] == [1, 2]
    async with store.unit() as unit:
        assert await unit.orders.next_receipt_number() == 3


async def test_the_history_of_an_order_cannot_be_rewritten(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        await unit.orders.add(order_of(line))
    for attack in ("UPDATE order_events SET event = 'pay'", "DELETE FROM order_events"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            await store._database._writer.execute_fetchall(attack)  # type: ignore[union-attr]
