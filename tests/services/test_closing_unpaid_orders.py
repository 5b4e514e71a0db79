"""Quotes and orders that nobody pays: cancelled by hand, closed by time."""

from __future__ import annotations

import pytest

from bot.domain.errors import WrongOrderStatus
from bot.domain.line import Line
from bot.domain.order import PAYMENT_UNHEARD, OrderStatus
from bot.domain.payment import PaymentStatus, Settlement
from bot.domain.subscriber import Subscriber
from tests.services.shop import Shop, yuan


async def test_a_quote_closes_in_silence_after_half_an_hour(shop: Shop, lin: Subscriber) -> None:
    order = (await shop.quote(lin)).order
    await shop.pass_time(minutes=29)
    assert (await shop.order(order)).status is OrderStatus.QUOTED
    await shop.pass_time(minutes=1)
    assert (await shop.order(order)).status is OrderStatus.EXPIRED
    assert shop.heard() == []


async def test_a_confirmed_order_closes_half_an_hour_after_the_tap_and_says_so(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    await shop.pass_time(minutes=20)
    payment = await shop.open_invoice(lin, order)
    await shop.pass_time(minutes=29)
    assert (await shop.order(order)).status is OrderStatus.AWAITING_PAYMENT
    await shop.pass_time(minutes=1)
    assert (await shop.order(order)).status is OrderStatus.EXPIRED
    assert shop.heard() == [("order_moved", "expired"), ("order_expired", "expired")]
    async with shop.unit() as unit:
        closed = await unit.payments.get(payment.id)
    assert closed is not None
    assert closed.status is PaymentStatus.EXPIRED


async def test_an_order_confirmed_while_its_timer_was_on_its_way_has_its_time_anew(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    await shop.pass_time(minutes=29, seconds=59)
    await shop.open_invoice(lin, order)
    await shop.pass_time(seconds=1)
    async with shop.unit() as unit:  # the quote's own timer, taken just before the tap
        await shop.payments.on_expiry_due(unit, {"order_id": order.id})
    assert (await shop.order(order)).status is OrderStatus.AWAITING_PAYMENT
    await shop.pass_time(minutes=30)
    assert (await shop.order(order)).status is OrderStatus.EXPIRED


async def test_a_payment_going_through_is_waited_for_five_minutes(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    await shop.pass_time(minutes=29)
    async with shop.unit() as unit:
        assert await shop.settle.check(unit, payment.id, lin.id, payment.amount) is None
    await shop.pass_time(minutes=5)
    assert (await shop.order(order)).status is OrderStatus.AWAITING_PAYMENT
    await shop.pass_time(minutes=1)
    assert (await shop.order(order)).status is OrderStatus.EXPIRED


async def test_a_paid_order_never_expires(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.fund(line, yuan(199))
    order = (await shop.quote(lin)).order
    await shop.pay_by_wallet(lin, order)
    async with shop.unit() as unit:
        await shop.payments.on_expiry_due(unit, {"order_id": order.id})
    assert (await shop.order(order)).status is OrderStatus.PAID


async def test_a_quote_or_an_order_is_cancelled_by_hand_and_twice_is_once(
    shop: Shop, lin: Subscriber
) -> None:
    quote = (await shop.quote(lin)).order
    order = (await shop.quote(lin)).order
    await shop.open_invoice(lin, order)
    for each in (quote, order):
        cancelled = [await shop.cancel(lin, each) for _ in range(2)]
        assert [found.status for found in cancelled] == 2 * [OrderStatus.CANCELLED]
    async with shop.unit() as unit:
        events = [row.event for row in await unit.orders.history(order.id)]
    assert events == ["quote", "confirm", "cancel"]


async def test_a_paid_order_is_not_cancelled(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.fund(line, yuan(199))
    order = (await shop.quote(lin)).order
    await shop.pay_by_wallet(lin, order)
    with pytest.raises(WrongOrderStatus):
        await shop.cancel(lin, order)


async def test_a_cancelled_order_is_not_paid_any_more(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(199))
    order = (await shop.quote(lin)).order
    await shop.cancel(lin, order)
    with pytest.raises(WrongOrderStatus):
        await shop.pay_by_wallet(lin, order)


async def test_an_order_whose_approved_payment_was_never_heard_of_closes_in_doubt(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    async with shop.unit() as unit:
        await shop.settle.check(unit, payment.id, lin.id, payment.amount)
    await shop.pass_time(minutes=36)
    closed = await shop.order(order)
    assert (closed.status, closed.reason) == (OrderStatus.EXPIRED, PAYMENT_UNHEARD)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.REOPENED
    assert (await shop.order(order)).reason is None
