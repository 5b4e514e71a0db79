"""Paying an order from the line's wallet."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.errors import (
    InsufficientBalance,
    PaymentMethodUnavailable,
    UnknownLine,
    UnknownOrder,
    UnknownPlan,
    WrongOrderStatus,
)
from bot.domain.ledger import DEFERRED
from bot.domain.line import Line
from bot.domain.offer import Offer
from bot.domain.order import OrderStatus
from bot.domain.payment import PaymentMethod, PaymentStatus, Way
from bot.domain.subscriber import Subscriber
from bot.services.pay_order import PayOrder
from bot.services.requests import SubmitOrder
from tests.services.shop import Shop, found_line, yuan


async def test_a_wallet_that_holds_enough_pays_at_once(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(236))
    quote = await shop.quote(lin)
    payable = await shop.pay_by_wallet(lin, quote.order)
    assert payable.fresh
    paid = await shop.order(quote.order)
    assert paid == payable.order
    assert (paid.status, paid.paid_with) == (OrderStatus.PAID, PaymentMethod.WALLET)
    assert (paid.paid_at, paid.receipt_number) == (shop.clock.now(), 1)
    assert await shop.wallet(line) == yuan(37)
    assert await shop.balance(DEFERRED) == yuan(199)
    assert shop.heard() == [("order_moved", "paid")]


async def test_a_way_to_pay_that_the_operator_does_not_offer_is_refused(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(236))
    order = (await shop.quote(lin)).order
    wallet_only = PayOrder(shop.clock, shop.notices, shop.renew, shop.settle, Offer({}), {})
    async with shop.unit() as unit:
        with pytest.raises(PaymentMethodUnavailable):
            await wallet_only.pay(unit, lin, order.id, Way(PaymentMethod.INVOICE))
        payable = await wallet_only.pay(unit, lin, order.id, Way(PaymentMethod.WALLET))
    assert payable.order.status is OrderStatus.PAID


async def test_exactly_the_total_is_enough(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.fund(line, yuan(199))
    quote = await shop.quote(lin)
    assert quote.wallet_enough
    await shop.pay_by_wallet(lin, quote.order)
    assert await shop.wallet(line) == yuan(0)


async def test_a_paid_order_is_handed_to_the_carrier_once_under_its_own_key(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(236))
    order = (await shop.quote(lin, "D1", 7)).order
    await shop.pay_by_wallet(lin, order)
    await shop.pay_by_wallet(lin, order)
    assert shop.asked(SubmitOrder) == [
        SubmitOrder(order.id, f"order:{order.id}:fulfil", line.ref, line.msisdn, "D1", 7)
    ]


async def test_a_wallet_that_holds_too_little_pays_nothing(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(198))
    order = (await shop.quote(lin)).order
    with pytest.raises(InsufficientBalance):
        await shop.pay_by_wallet(lin, order)
    assert await shop.wallet(line) == yuan(198)
    assert await shop.order(order) == order, "as if the button had never been pressed"


async def test_twenty_taps_at_once_pay_once(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.fund(line, yuan(1000))
    order = (await shop.quote(lin)).order
    taps = await asyncio.gather(*(shop.pay_by_wallet(lin, order) for _ in range(20)))
    assert sorted(tap.fresh for tap in taps) == 19 * [False] + [True]
    assert {tap.order.status for tap in taps} == {OrderStatus.PAID}
    assert await shop.wallet(line) == yuan(801)
    assert shop.heard() == [("order_moved", "paid")]


async def test_receipt_numbers_follow_each_other_although_payments_fail_between(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(45))
    orders = [(await shop.quote(lin, "D1")).order for _ in range(3)]
    await shop.pay_by_wallet(lin, orders[0])
    with pytest.raises(InsufficientBalance):
        await shop.pay_by_wallet(lin, (await shop.quote(lin)).order)
    await shop.pay_by_wallet(lin, orders[1])
    await shop.pay_by_wallet(lin, orders[2])
    assert [(await shop.order(order)).receipt_number for order in orders] == [1, 2, 3]


async def test_a_new_price_is_shown_before_it_is_paid(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(300))
    old = (await shop.quote(lin)).order
    await shop.reprice("M30", yuan(209))
    payable = await shop.pay_by_wallet(lin, old)
    assert payable.requoted is not None
    assert payable.requoted.order.total == yuan(209)
    assert payable.requoted.order.status is OrderStatus.QUOTED
    assert payable.order.status is OrderStatus.CANCELLED
    assert await shop.wallet(line) == yuan(300)
    await shop.pay_by_wallet(lin, payable.requoted.order)
    assert await shop.wallet(line) == yuan(91)


async def test_a_paid_order_keeps_its_price_whatever_becomes_of_the_plan(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(300))
    order = (await shop.quote(lin)).order
    await shop.pay_by_wallet(lin, order)
    await shop.withdraw("M30")
    again = await shop.pay_by_wallet(lin, order)
    assert again.plan is not None
    assert (again.order.total, again.plan.price, again.fresh) == (yuan(199), yuan(199), False)


async def test_a_plan_withdrawn_since_the_quote_is_not_sold(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(300))
    order = (await shop.quote(lin)).order
    await shop.withdraw("M30")
    with pytest.raises(UnknownPlan):
        await shop.pay_by_wallet(lin, order)


async def test_an_order_whose_time_is_over_is_closed_even_before_its_timer_says_so(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(300))
    order = (await shop.quote(lin)).order
    shop.clock.set(order.expires_at)
    with pytest.raises(WrongOrderStatus) as refused:
        await shop.pay_by_wallet(lin, order)
    assert refused.value.status == OrderStatus.EXPIRED


async def test_nobody_pays_an_order_of_somebody_else(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(300))
    order = (await shop.quote(lin)).order
    stranger = await shop.meet(7002, "陌生人")
    with pytest.raises(UnknownOrder):
        await shop.pay_by_wallet(stranger, order)
    with pytest.raises(UnknownOrder):
        await shop.cancel(stranger, order)


async def test_a_former_holder_cannot_spend_the_wallet_of_a_line_that_moved_on(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(300))
    order = (await shop.quote(lin)).order
    await shop.link_contact(7002, found_line("1001"))
    with pytest.raises(UnknownLine):
        await shop.pay_by_wallet(lin, order)
    assert await shop.wallet(line) == yuan(300)


async def test_the_wallet_may_pay_after_an_invoice_was_opened(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(300))
    order = (await shop.quote(lin)).order
    invoice = await shop.open_invoice(lin, order)
    payable = await shop.pay_by_wallet(lin, order)
    assert payable.order.status is OrderStatus.PAID
    async with shop.unit() as unit:
        former = await unit.payments.get(invoice.id)
    assert former is not None
    assert former.status is PaymentStatus.CANCELLED
