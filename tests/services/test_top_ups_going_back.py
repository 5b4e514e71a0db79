"""A top-up goes back from the wallet into which it went, whole, or not at all."""

from __future__ import annotations

import pytest

from bot.domain.dispute import DisputeState
from bot.domain.errors import TopUpSpent, WrongOrderStatus
from bot.domain.ledger import CHARGEBACKS, DEFERRED, REFUNDS_DUE, SUSPENSE, clearing_of
from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import Charge, PaymentMethod, RefundStatus
from bot.domain.subscriber import Subscriber
from bot.services.platform import PlatformDispute, PlatformRefund, RefundState
from bot.services.platform_requests import DisputeSeen, LookUpRefunds, RefundCharge, RefundsSeen
from bot.services.requests import CancelOrder, LookUpOrder, ReadLine
from tests.services.shop import Shop, found_line, yuan


async def topped_up_by_alipay(shop: Shop, subscriber: Subscriber) -> tuple[Order, Charge]:
    """¥50."""
    order = await shop.top_up(subscriber, yuan(50))
    payment = (await shop.pay(subscriber, order, PaymentMethod.ALIPAY)).payment
    assert payment is not None
    charge = shop.charge_of(payment)
    await shop.charged(charge)
    shop.heard()
    return await shop.order(order), charge


async def spend(shop: Shop, subscriber: Subscriber) -> Order:
    """¥15 of what the wallet holds, for a day."""
    order = (await shop.quote(subscriber, "D1")).order
    await shop.pay_by_wallet(subscriber, order)
    shop.heard()
    return order


async def refunded_in_the_dashboard(shop: Shop, charge: Charge) -> None:
    seen = PlatformRefund("re_1", charge.id, charge.amount, RefundState.DONE, key=None)
    async with shop.unit() as unit:
        await shop.follow_refund.on_seen(unit, RefundsSeen([seen]))


async def test_what_the_wallet_still_holds_goes_back_at_once(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    shop.asked(ReadLine)
    order = await shop.topped_up(lin, yuan(50))
    await shop.operator_refunds(order)
    back = await shop.order(order)
    assert (back.status, back.reason) == (OrderStatus.REFUNDING, "by_operator")
    assert await shop.wallet(line) == await shop.balance(DEFERRED) == yuan(0)
    assert await shop.balance(REFUNDS_DUE) == yuan(50)
    assert shop.heard() == [("order_moved", "refunding"), ("order_refunding", "refunding")]
    assert (shop.asked(CancelOrder), shop.asked(LookUpOrder), shop.asked(ReadLine)) == ([], [], [])


async def test_the_money_is_sent_by_the_platform_and_booked(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order, charge = await topped_up_by_alipay(shop, lin)
    await shop.operator_refunds(order)
    [request] = shop.asked(RefundCharge)
    assert (request.charge_id, request.amount) == (charge.id, yuan(50))
    sent = PlatformRefund("re_1", charge.id, charge.amount, RefundState.DONE, request.key)
    async with shop.unit() as unit:
        await shop.follow_refund.on_seen(unit, RefundsSeen([sent]))
    assert (await shop.order(order)).status is OrderStatus.REFUNDED
    assert await shop.balance(clearing_of("alipay")) == await shop.balance(REFUNDS_DUE) == yuan(0)


async def test_a_refund_that_the_platform_cannot_send_leaves_the_wallet_without_it(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order, charge = await topped_up_by_alipay(shop, lin)
    await shop.operator_refunds(order)
    [request] = shop.asked(RefundCharge)
    failed = PlatformRefund("re_1", charge.id, charge.amount, RefundState.FAILED, request.key)
    async with shop.unit() as unit:
        await shop.follow_refund.on_seen(unit, RefundsSeen([failed]))
    assert (await shop.order(order)).status is OrderStatus.REVIEW
    await shop.operator_refunds(order)
    await shop.operator_has_sent(order)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED
    assert await shop.wallet(line) == yuan(0)


async def test_wanted_twice_it_goes_back_once(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.topped_up(lin, yuan(50))
    order = await shop.topped_up(lin, yuan(50))
    await shop.operator_refunds(order)
    await shop.operator_refunds(order)
    assert await shop.wallet(line) == yuan(50)
    assert await shop.balance(REFUNDS_DUE) == yuan(50)
    await shop.operator_has_sent(order)
    await shop.operator_refunds(order)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED


async def test_what_is_spent_in_part_is_refused_and_nothing_changes(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.topped_up(lin, yuan(50))
    await spend(shop, lin)
    with pytest.raises(TopUpSpent):
        await shop.operator_refunds(order)
    assert await shop.order(order) == order
    assert (await shop.wallet(line), await shop.balance(REFUNDS_DUE)) == (yuan(35), yuan(0))
    assert shop.heard() == []


async def test_other_money_in_the_wallet_makes_up_for_what_was_spent(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.topped_up(lin, yuan(50))
    await spend(shop, lin)
    await shop.topped_up(lin, yuan(20))
    await shop.operator_refunds(order)
    assert await shop.wallet(line) == yuan(5)


async def test_the_next_holders_money_is_not_touched(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.topped_up(lin, yuan(50))
    await shop.unlink(lin, line)
    await shop.link_contact(7002, found_line("1001"))
    with pytest.raises(TopUpSpent):
        await shop.operator_refunds(order)
    assert await shop.wallet(line) == yuan(50)


async def test_of_a_line_that_nobody_holds_it_goes_back(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.topped_up(lin, yuan(50))
    await shop.unlink(lin, line)
    await shop.operator_refunds(order)
    assert await shop.wallet(line) == yuan(0)


async def test_an_unpaid_top_up_has_nothing_to_give_back(shop: Shop, lin: Subscriber) -> None:
    order = await shop.top_up(lin, yuan(50))
    await shop.open_invoice(lin, order)
    with pytest.raises(WrongOrderStatus):
        await shop.operator_refunds(order)


async def test_what_was_held_for_an_operator_goes_back_as_it_came(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.top_up(lin, yuan(50))
    payment = await shop.open_invoice(lin, order)
    charge = shop.charge_of(payment)
    await shop.charged(
        Charge(charge.id, payment.id, lin.id, yuan(5), charge.platform_ref, charge.charged_at)
    )
    await shop.operator_refunds(order)
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    assert (await shop.balance(SUSPENSE), await shop.balance(REFUNDS_DUE)) == (yuan(0), yuan(5))


async def test_a_refund_in_the_dashboard_is_taken_out_of_the_wallet(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order, charge = await topped_up_by_alipay(shop, lin)
    await refunded_in_the_dashboard(shop, charge)
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    assert await shop.wallet(line) == yuan(0)
    [request] = shop.asked(RefundCharge)
    async with shop.unit() as unit:
        await shop.follow_refund.on_not_sent(unit, request, "charge_already_refunded")
    assert shop.asked(LookUpRefunds) == [LookUpRefunds(charge.id)]
    await refunded_in_the_dashboard(shop, charge)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED
    assert await shop.balance(REFUNDS_DUE) == yuan(0)
    assert shop.operators.paged == []


async def test_a_refund_in_the_dashboard_of_what_is_spent_is_for_an_operator(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order, charge = await topped_up_by_alipay(shop, lin)
    await spend(shop, lin)
    for _ in range(2):
        await refunded_in_the_dashboard(shop, charge)
    assert (await shop.order(order)).status is OrderStatus.FULFILLED
    assert (await shop.wallet(line), await shop.balance(SUSPENSE)) == (yuan(35), -yuan(50))
    assert shop.operators.paged == ["refund_fits_nothing"]
    assert shop.asked(RefundCharge) == []


async def test_a_dispute_of_what_is_spent_leaves_the_wallet_alone(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    _, charge = await topped_up_by_alipay(shop, lin)
    await spend(shop, lin)
    dispute = PlatformDispute("dp_1", charge.id, charge.amount, DisputeState.OPEN)
    async with shop.unit() as unit:
        await shop.follow_refund.on_dispute(unit, DisputeSeen(dispute))
    assert await shop.balance(CHARGEBACKS) == -yuan(50)
    assert await shop.wallet(line) == yuan(35)
    assert shop.operators.paged == ["dispute_open"]


async def test_a_refund_for_an_unlinked_line_waits_to_be_sent(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.top_up(lin, yuan(50))
    payment = await shop.open_invoice(lin, order)
    await shop.unlink(lin, line)
    await shop.charged(shop.charge_of(payment))
    async with shop.unit() as unit:
        (refund,) = await unit.payments.refunds_of(order.id)
    assert (refund.key, refund.amount) == (f"order:{order.id}", yuan(50))
    assert (refund.status, refund.reason) == (RefundStatus.DUE, "not_their_line")
    await shop.operator_has_sent(order)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED
