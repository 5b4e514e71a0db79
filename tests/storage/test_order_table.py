"""The whole table of orders, in the database: every status that is stored, every status that is
believed, every event. What is not on the table changes not one row of any table.

And what the database itself keeps of payments: of all pairs of statuses that two payments of one
order may have, it takes those of which at most one is open.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.errors import ForbiddenTransition, WrongOrderStatus
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import TRANSITIONS, OrderEvent, OrderStatus
from bot.domain.payment import OPEN_PAYMENT, Payment, PaymentMethod, PaymentStatus
from storage.database import Database
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, NOON, later, order_of

Rows = dict[str, Counter[tuple[Any, ...]]]


async def everything(database: Database) -> Rows:
    """Every row of every table, as the open transaction sees it."""
    writer = database._writer
    assert writer is not None
    tables = await writer.execute_fetchall("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {
        name: Counter(tuple(row) for row in await writer.execute_fetchall(f"SELECT * FROM {name}"))
        for (name,) in tables
    }


def difference(before: Rows, after: Rows) -> dict[str, tuple[int, int]]:
    """The tables that differ, each with how many rows it lost and won."""
    return {
        name: ((before[name] - after[name]).total(), (after[name] - before[name]).total())
        for name in before
        if before[name] != after[name]
    }


@pytest.mark.parametrize("event", OrderEvent)
async def test_an_event_moves_an_order_along_the_table_or_touches_nothing(
    store: SqliteStore, database: Database, line: Line, event: OrderEvent
) -> None:
    for stored in OrderStatus:
        for believed in OrderStatus:
            async with store.unit() as unit:
                await unit.orders.add(order_of(line, "LEB-1", stored))
                await unit.orders.history("LEB-1")  # so that what was staged is written
                before = await everything(database)
                thought = replace(order_of(line, "LEB-1", believed), reason="thought")
                edge = TRANSITIONS.get((believed, event))
                if edge is None:
                    with pytest.raises(ForbiddenTransition):
                        await unit.orders.move(thought, event, later(1))
                elif believed is not stored:
                    with pytest.raises(WrongOrderStatus) as refused:
                        await unit.orders.move(thought, event, later(1))
                    assert refused.value.status == stored
                else:
                    moved = await unit.orders.move(thought, event, later(1), "because")
                    assert moved == replace(thought, status=edge)
                    assert await unit.orders.get("LEB-1") == moved
                is_allowed = edge is not None and believed is stored
                steps = await unit.orders.history("LEB-1")
                assert [step.to_status for step in steps] == [stored, edge][: 1 + is_allowed]
                changed = {"orders": (1, 1), "order_events": (0, 1)} if is_allowed else {}
                assert difference(before, await everything(database)) == changed
                await unit.rollback()


@pytest.mark.parametrize("first", PaymentStatus)
@pytest.mark.parametrize("second", PaymentStatus)
async def test_of_two_payments_of_an_order_at_most_one_is_open(
    store: SqliteStore, line: Line, first: PaymentStatus, second: PaymentStatus
) -> None:
    """However they come to their statuses: stored so, or marked so."""
    async with store.unit() as unit:
        await unit.orders.add(order_of(line, "LEB-1", "awaiting_payment"))
        unit.payments.add(payment_of("p-1", first))
        unit.payments.add(payment_of("p-2", PaymentStatus.FAILED))
    both_open = {first, second} <= OPEN_PAYMENT
    for write in ("add", "mark"):
        try:
            async with store.unit() as unit:
                if write == "add":
                    unit.payments.add(payment_of("p-3", second))
                else:
                    unit.payments.mark("p-2", second, later(1))
                await unit.payments.get("p-1")
                await unit.rollback()
        except sqlite3.IntegrityError:
            assert both_open
        else:
            assert not both_open


@pytest.mark.parametrize("later_status", PaymentStatus)
async def test_a_payment_that_succeeded_is_never_anything_else(
    store: SqliteStore, line: Line, later_status: PaymentStatus
) -> None:
    async with store.unit() as unit:
        await unit.orders.add(order_of(line, "LEB-1", "awaiting_payment"))
        unit.payments.add(payment_of("p-1", PaymentStatus.CREATED))
        unit.payments.mark("p-1", PaymentStatus.SUCCEEDED, later(1))
        unit.payments.mark("p-1", later_status, later(2))
        stored = await unit.payments.get("p-1")
    assert stored is not None
    assert stored.status is PaymentStatus.SUCCEEDED


def payment_of(payment_id: str, status: PaymentStatus) -> Payment:
    return Payment(
        id=payment_id,
        order_id="LEB-1",
        subscriber_id=ANA.id,
        method=PaymentMethod.CARD,
        amount=Money(19_900, "CNY"),
        status=status,
        created_at=NOON,
    )
