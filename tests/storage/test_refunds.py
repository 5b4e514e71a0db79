"""What an operator reads of orders and refunds, beside the bot that writes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import OrderStatus
from bot.domain.payment import PaymentMethod
from bot.services.events import NewEvent
from storage.refunds import OperatorsView, operators_view
from storage.unit import SqliteStore
from tests.storage.conftest import NOON, later, order_of

YUAN = Money(19_900, "CNY")
COMMAND = NewEvent("operator", "1.refund_wanted", "refund_wanted", "{}")


@pytest.fixture
async def view(path: Path, store: SqliteStore) -> AsyncIterator[OperatorsView]:
    async with operators_view(path) as view:
        yield view


async def test_an_order_is_seen_as_it_stands(
    view: OperatorsView, store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        await unit.orders.add(order_of(line, "LEB-1", "paid"))
    order = await view.order("LEB-1")
    assert order is not None
    assert (order.status, order.total) == (OrderStatus.PAID, YUAN)
    assert await view.order("LEB-2") is None


async def test_refunds_are_owed_until_they_are_done(
    view: OperatorsView, store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        await unit.orders.add(order_of(line, "LEB-1", "refunding"))
        for key, charge_id, minutes in (("charge:c", "c", 1), ("order:LEB-1", None, 0)):
            unit.payments.owe_refund(
                key, "LEB-1", charge_id, PaymentMethod.INVOICE, YUAN, "rejected", later(minutes)
            )
    assert [(each.charge_id, each.since) for each in await view.owed()] == [
        (None, NOON),
        ("c", later(1)),
    ]
    async with store.unit() as unit:
        unit.payments.mark_refunded("order:LEB-1", later(2))
    assert [each.charge_id for each in await view.owed()] == ["c"]


async def test_an_order_is_undelivered_after_half_an_hour_unless_somebody_has_it(
    view: OperatorsView, store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        for status in OrderStatus:
            order = replace(order_of(line, f"LEB-{status}", status), paid_at=NOON)
            await unit.orders.add(order)
        await unit.orders.add(order_of(line, "LEB-unpaid", "awaiting_payment"))
    assert await view.charged_but_not_delivered(later(30)) == []
    late = await view.charged_but_not_delivered(later(30.01))
    assert late == ["LEB-paid", "LEB-fulfilling"]


async def test_a_command_is_decided_once_the_bot_says_so(
    view: OperatorsView, store: SqliteStore
) -> None:
    source, name = COMMAND.source, COMMAND.source_id
    assert not await view.is_decided(source, name)
    async with store.unit() as unit:
        (event,) = await unit.inbox.add([COMMAND], NOON)
    assert not await view.is_decided(source, name)
    async with store.unit() as unit:
        unit.inbox.mark_decided(event.id, NOON)
    assert await view.is_decided(source, name)
    assert await view.failure(source, name) is None


async def test_a_command_that_failed_has_a_reference(
    view: OperatorsView, store: SqliteStore
) -> None:
    async with store.unit() as unit:
        unit.inbox.bury(COMMAND, "AB12CD", "why", NOON)
    assert await view.failure(COMMAND.source, COMMAND.source_id) == "AB12CD"
