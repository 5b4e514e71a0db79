"""Paying an order by Telegram's invoice: opening it, the pre-checkout, the charge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import InsufficientBalance, WrongOrderStatus
from bot.domain.ledger import DEFERRED, clearing_of
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import OrderStatus
from bot.domain.payment import (
    Payment,
    PaymentMethod,
    PaymentStatus,
    PreCheckoutRefusal,
    Settlement,
)
from bot.domain.subscriber import Subscriber
from bot.services.requests import SubmitOrder
from tests.services.shop import Shop, found_line, yuan

CLEARING = clearing_of("invoice")


async def check(
    shop: Shop, payment: Payment, payer: int | None = None, amount: Money | None = None
) -> PreCheckoutRefusal | None:
    """Telegram's question before money moves; by default of the agreed payer and amount."""
    async with shop.unit() as unit:
        return await shop.settle.check(
            unit, payment.id, payer or payment.subscriber_id, amount or payment.amount
        )


async def test_an_opened_invoice_leaves_the_order_awaiting_its_payment(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    payable = await shop.pay(lin, order, PaymentMethod.INVOICE)
    assert payable.fresh
    assert payable.payment is not None
    assert (payable.payment.amount, payable.payment.status) == (yuan(199), PaymentStatus.CREATED)
    assert (await shop.order(order)).status is OrderStatus.AWAITING_PAYMENT
    assert shop.asked(SubmitOrder) == []


async def test_opened_twice_it_is_the_same_payment(shop: Shop, lin: Subscriber) -> None:
    order = (await shop.quote(lin)).order
    first = await shop.pay(lin, order, PaymentMethod.INVOICE)
    second = await shop.pay(lin, order, PaymentMethod.INVOICE)
    assert (second.payment, second.fresh) == (first.payment, False)


async def test_switching_to_a_wallet_that_is_short_leaves_the_invoice_open(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    with pytest.raises(InsufficientBalance):
        await shop.pay_by_wallet(lin, order)
    assert await check(shop, payment) is None


async def test_a_charge_pays_the_order(shop: Shop, lin: Subscriber) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    assert await check(shop, payment) is None
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
    paid = await shop.order(order)
    assert (paid.status, paid.paid_with) == (OrderStatus.PAID, PaymentMethod.INVOICE)
    assert await shop.balance(DEFERRED) == yuan(199)
    assert await shop.balance(CLEARING) == -yuan(199)
    assert shop.heard() == [("order_moved", "paid")]
    assert [each.order_id for each in shop.asked(SubmitOrder)] == [order.id]


async def test_a_charge_without_a_pre_checkout_that_we_saw_pays_too(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID


async def test_the_same_charge_counts_once_however_often_it_is_told(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    charge = shop.charge_of(await shop.open_invoice(lin, order))
    told = [await shop.charged(charge) for _ in range(20)]
    assert told == [Settlement.PAID] + 19 * [Settlement.DUPLICATE_NOTICE]
    assert await shop.balance(CLEARING) == -yuan(199)
    assert len(shop.asked(SubmitOrder)) == 1


async def test_a_charge_pays_at_the_price_that_was_agreed_although_it_changed_meanwhile(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    assert await check(shop, payment) is None
    await shop.reprice("M30", yuan(209))
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID


# ── refused before money moves ────────────────────────────────────────────────────────────────────


async def test_a_payment_that_we_do_not_know_is_refused(shop: Shop, lin: Subscriber) -> None:
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    forged = replace(payment, id="made-up")
    assert await check(shop, forged) is PreCheckoutRefusal.UNKNOWN


async def test_a_forwarded_invoice_is_refused_to_anybody_else(shop: Shop, lin: Subscriber) -> None:
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    assert await check(shop, payment, payer=7002) is PreCheckoutRefusal.NOT_YOURS


@pytest.mark.parametrize("amount", [yuan(1), yuan(200), Money(19_900, "USD")])
async def test_another_amount_or_currency_is_refused(
    shop: Shop, lin: Subscriber, amount: Money
) -> None:
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    assert await check(shop, payment, amount=amount) is PreCheckoutRefusal.PRICE_CHANGED


async def test_a_price_that_changed_is_refused(shop: Shop, lin: Subscriber) -> None:
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await shop.reprice("M30", yuan(209))
    assert await check(shop, payment) is PreCheckoutRefusal.PRICE_CHANGED


async def test_a_withdrawn_plan_is_refused(shop: Shop, lin: Subscriber) -> None:
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await shop.withdraw("M30")
    assert await check(shop, payment) is PreCheckoutRefusal.WITHDRAWN


async def test_a_cancelled_order_is_refused(shop: Shop, lin: Subscriber) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    await shop.cancel(lin, order)
    assert await check(shop, payment) is PreCheckoutRefusal.CLOSED


async def test_an_order_past_its_time_is_refused_even_before_its_timer_says_so(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    shop.clock.set((await shop.order(order)).expires_at)
    assert await check(shop, payment) is PreCheckoutRefusal.CLOSED


async def test_the_invoice_of_a_line_that_moved_on_is_refused(shop: Shop, lin: Subscriber) -> None:
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await shop.link_contact(7002, found_line("1001"))
    assert await check(shop, payment) is PreCheckoutRefusal.CLOSED


async def test_an_invoice_paid_already_is_refused(shop: Shop, lin: Subscriber) -> None:
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await shop.charged(shop.charge_of(payment))
    assert await check(shop, payment) is PreCheckoutRefusal.ALREADY_PAID


async def test_the_invoice_is_refused_once_the_wallet_has_paid(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(199))
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    await shop.pay_by_wallet(lin, order)
    assert await check(shop, payment) is PreCheckoutRefusal.ALREADY_PAID


# ── while a payment is going through ──────────────────────────────────────────────────────────────


async def test_an_order_whose_payment_is_going_through_is_neither_cancelled_nor_paid_otherwise(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(300))
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    assert await check(shop, payment) is None
    with pytest.raises(WrongOrderStatus) as refused:
        await shop.cancel(lin, order)
    assert refused.value.status == PaymentStatus.PROCESSING
    with pytest.raises(WrongOrderStatus):
        await shop.pay_by_wallet(lin, order)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
    assert await shop.wallet(line) == yuan(300)


async def test_a_price_change_does_not_pull_an_order_from_under_its_running_payment(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    assert await check(shop, payment) is None
    await shop.reprice("M30", yuan(209))
    with pytest.raises(WrongOrderStatus):
        await shop.pay(lin, order, PaymentMethod.INVOICE)


async def test_an_approved_payment_from_which_nothing_came_lets_go_after_five_minutes(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    assert await check(shop, payment) is None
    await shop.pass_time(minutes=5)
    assert (await shop.cancel(lin, order)).status is OrderStatus.CANCELLED
