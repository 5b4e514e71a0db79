"""A paid order on its way through the carrier: delivered once, or the money goes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ledger import DEFERRED, REFUNDS_DUE, REVENUE
from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.subscriber import Subscriber
from bot.services.ports import CarrierOrder, CarrierOrderState
from bot.services.requests import Look, OrderAnswered, ReadLine
from tests.services.shop import Shop, yuan

DONE = CarrierOrderState.DONE
PENDING = CarrierOrderState.PENDING
REJECTED = CarrierOrderState.REJECTED


@pytest.fixture
async def order(shop: Shop, lin: Subscriber, line: Line) -> Order:
    """A month, just paid from the wallet."""
    return await shop.paid_by_wallet(lin, line)


async def invoiced(shop: Shop, lin: Subscriber) -> Order:
    """A month, just paid by invoice."""
    order = (await shop.quote(lin)).order
    await shop.charged(shop.charge_of(await shop.open_invoice(lin, order)))
    shop.heard()
    return await shop.order(order)


# ── delivered ─────────────────────────────────────────────────────────────────────────────────────


async def test_an_order_done_at_once_is_ready(shop: Shop, line: Line, order: Order) -> None:
    await shop.carrier_answers(DONE)
    ready = await shop.order(order)
    assert (ready.status, ready.fulfilled_at) == (OrderStatus.FULFILLED, shop.clock.now())
    assert await shop.balance(DEFERRED) == yuan(0)
    assert await shop.balance(REVENUE) == yuan(199)
    assert shop.heard() == [("order_moved", "fulfilled"), ("order_ready", "fulfilled")]
    assert [each.line_id for each in shop.asked(ReadLine)] == [line.id], "for the new dates"


async def test_a_pending_order_is_looked_after_with_growing_pauses_until_it_is_done(
    shop: Shop, order: Order
) -> None:
    await shop.carrier_answers(PENDING)
    assert shop.heard() == [("order_moved", "fulfilling")]
    pauses = []
    for _ in range(9):
        pauses.append((await shop.until_next_timer()).total_seconds())
        await shop.carrier_answers(PENDING)
    assert pauses == [3, 6, 12, 24, 48, 96, 192, 300, 300]
    assert shop.heard() == [], "a card that says the same is not drawn again"
    await shop.until_next_timer()
    await shop.carrier_answers(DONE)
    assert (await shop.order(order)).status is OrderStatus.FULFILLED


async def test_delivery_told_twice_is_one(shop: Shop, order: Order) -> None:
    await shop.carrier_answers(DONE)
    shop.heard()
    async with shop.unit() as unit:
        again = OrderAnswered(order.id, Look(1), CarrierOrder(DONE))
        await shop.fulfil.on_answered(unit, again)
    assert await shop.balance(REVENUE) == yuan(199)
    assert shop.heard() == []


async def test_the_dates_are_the_carriers(shop: Shop, line: Line, order: Order) -> None:
    starts_at = shop.clock.now() + timedelta(days=2)
    ends_at = shop.clock.now() + timedelta(days=32)
    await shop.carrier_answers(DONE, starts_at=starts_at, valid_until=ends_at)
    async with shop.unit() as unit:
        (entitlement,) = await unit.entitlements.of_line(line.id, shop.clock.now())
    assert (entitlement.starts_at, entitlement.ends_at) == (starts_at, ends_at)
    ready = await shop.order(order)
    assert (ready.starts_at, ready.ends_at) == (starts_at, ends_at)


async def test_without_the_carriers_dates_a_month_is_thirty_days_of_the_lines_zone(
    shop: Shop, order: Order
) -> None:
    await shop.carrier_answers(DONE)
    ready = await shop.order(order)
    assert ready.starts_at == order.paid_at
    assert ready.ends_at is not None
    assert order.paid_at is not None
    assert ready.ends_at - order.paid_at == timedelta(days=30), "Shanghai keeps no summer time"


# ── queued ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_plan_bought_while_another_is_still_being_delivered_starts_at_its_end(
    shop: Shop, lin: Subscriber, order: Order
) -> None:
    second = await shop.quote(lin, "D1", 3)
    assert order.paid_at is not None
    assert second.starts_at == order.paid_at + timedelta(days=30)
    await shop.charged(shop.charge_of(await shop.open_invoice(lin, second.order)))
    third = await shop.quote(lin, "D1")
    assert third.starts_at == second.starts_at + timedelta(days=3)


async def test_a_plan_bought_while_one_runs_waits_for_its_end(
    shop: Shop, lin: Subscriber, line: Line, order: Order
) -> None:
    await shop.carrier_answers(DONE)
    first = await shop.order(order)
    second = await invoiced(shop, lin)
    assert second.starts_at == first.ends_at
    await shop.carrier_answers(DONE)
    async with shop.unit() as unit:
        running, queued = await unit.entitlements.of_line(line.id, shop.clock.now())
    assert running.ends_at == queued.starts_at
    assert queued.ends_at - queued.starts_at == timedelta(days=30)


# ── not delivered: the money goes back ────────────────────────────────────────────────────────────


async def test_a_rejected_order_puts_the_money_back_into_the_wallet(
    shop: Shop, line: Line, order: Order
) -> None:
    await shop.carrier_answers(REJECTED, reason="plan_unavailable")
    refunded = await shop.order(order)
    assert (refunded.status, refunded.reason) == (OrderStatus.REFUNDED, "plan_unavailable")
    assert await shop.wallet(line) == yuan(199)
    assert shop.heard() == [("order_moved", "refunded"), ("order_refunding", "refunded")]


async def test_a_rejected_order_paid_by_invoice_is_owed_back_through_the_platform(
    shop: Shop, lin: Subscriber
) -> None:
    order = await invoiced(shop, lin)
    await shop.carrier_answers(PENDING)
    await shop.until_next_timer()
    await shop.carrier_answers(REJECTED)
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    assert await shop.balance(REFUNDS_DUE) == yuan(199)


async def test_an_order_that_the_carrier_refuses_to_take_is_given_back(
    shop: Shop, line: Line, order: Order
) -> None:
    for _ in range(2):
        async with shop.unit() as unit:
            await shop.fulfil.on_refused(unit, order.id, "OutOfStock")
    refunded = await shop.order(order)
    assert (refunded.status, refunded.reason) == (OrderStatus.REFUNDED, "OutOfStock")
    assert await shop.wallet(line) == yuan(199)


async def test_a_delivery_told_after_the_money_went_back_changes_nothing(
    shop: Shop, line: Line, order: Order
) -> None:
    await shop.carrier_answers(REJECTED)
    async with shop.unit() as unit:
        late = OrderAnswered(order.id, Look(1), CarrierOrder(DONE))
        await shop.fulfil.on_answered(unit, late)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED
    assert await shop.balance(REVENUE) == yuan(0)


# ── late ──────────────────────────────────────────────────────────────────────────────────────────


async def test_half_an_hour_after_the_payment_the_delay_is_said_once(
    shop: Shop, order: Order
) -> None:
    await shop.carrier_answers(PENDING)
    shop.heard()
    await shop.pass_time(minutes=29, seconds=59)
    assert shop.heard() == []
    await shop.pass_time(seconds=1)
    assert shop.heard() == [("order_moved", "fulfilling"), ("order_delayed", "fulfilling")]
    assert (await shop.order(order)).delayed
    async with shop.unit() as unit:
        await shop.fulfil.on_delay_due(unit, {"order_id": order.id})
    await shop.pass_time(hours=5)
    assert shop.heard() == []


async def test_a_delayed_order_may_still_become_ready(shop: Shop, order: Order) -> None:
    await shop.pass_time(minutes=30)
    await shop.carrier_answers(DONE)
    ready = await shop.order(order)
    assert (ready.status, ready.delayed) == (OrderStatus.FULFILLED, True)


async def test_an_order_delivered_in_time_is_never_called_late(shop: Shop, order: Order) -> None:
    await shop.carrier_answers(DONE)
    shop.heard()
    await shop.pass_time(hours=1)
    assert shop.heard() == []
