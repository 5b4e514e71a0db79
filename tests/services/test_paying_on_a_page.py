"""Paying an order on the platform's page: opening, paying, closing, giving back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ledger import DEFERRED, REFUNDS_DUE, SUSPENSE, clearing_of
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import Payment, PaymentMethod, PaymentStatus
from bot.domain.subscriber import Subscriber
from bot.services.platform import (
    Checkout,
    PaymentState,
    PlatformPayment,
    PlatformRefund,
    RefundState,
)
from bot.services.platform_requests import (
    CheckoutNotOpened,
    CheckoutOpened,
    Closing,
    ExpireCheckout,
    LookUpDispute,
    LookUpPayment,
    LookUpRefunds,
    OpenCheckout,
    PaymentSeen,
    ReadNotices,
    RefundCharge,
    RefundsSeen,
)
from bot.services.requests import SubmitOrder
from tests.services.shop import Shop, yuan

PAGE = "cs_1"


async def asked_for_page(shop: Shop, lin: Subscriber) -> tuple[Order, Payment]:
    order = (await shop.quote(lin)).order
    payment = (await shop.pay(lin, order, PaymentMethod.ALIPAY)).payment
    assert payment is not None
    return order, payment


def page(order: Order) -> Checkout:
    return Checkout(PAGE, "https://pay.example/cs_1", order.expires_at)


async def at_the_page(shop: Shop, lin: Subscriber) -> tuple[Order, Payment]:
    """An order whose page is open."""
    order, payment = await asked_for_page(shop, lin)
    shop.asked(OpenCheckout)
    async with shop.unit() as unit:
        await shop.follow_payment.on_opened(unit, CheckoutOpened(payment.id, page(order)))
    shop.heard()
    return order, payment


def paid(payment: Payment, charge_id: str = "ch_1", amount: Money | None = None) -> PlatformPayment:
    taken = payment.amount if amount is None else amount
    return PlatformPayment(payment.id, PAGE, PaymentState.PAID, charge_id, taken)


def stands(payment: Payment, state: PaymentState) -> PlatformPayment:
    return PlatformPayment(payment.id, PAGE, state)


async def seen(shop: Shop, payment: PlatformPayment, why: Closing | None = None) -> None:
    async with shop.unit() as unit:
        await shop.follow_payment.on_seen(unit, PaymentSeen(payment.payment_id, payment, why))


async def stored(shop: Shop, payment: Payment) -> Payment:
    async with shop.unit() as unit:
        found = await unit.payments.get(payment.id)
    assert found is not None
    return found


async def refund_seen(shop: Shop, refund: RefundCharge, state: RefundState) -> None:
    told = PlatformRefund("re_1", refund.charge_id, refund.amount, state, refund.key)
    async with shop.unit() as unit:
        await shop.follow_refund.on_seen(unit, RefundsSeen([told]))


async def test_the_platform_is_asked_for_a_page_of_the_orders_total(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await asked_for_page(shop, lin)
    [request] = shop.asked(OpenCheckout)
    terms = request.terms
    assert (terms.payment_id, terms.amount) == (payment.id, yuan(199))
    assert (terms.method, terms.language) == (PaymentMethod.ALIPAY, "zh_Hans")
    assert terms.expires_at == (await shop.order(order)).expires_at
    assert order.id in terms.title


async def test_a_second_tap_asks_for_no_second_page(shop: Shop, lin: Subscriber) -> None:
    order, payment = await at_the_page(shop, lin)
    again = await shop.pay(lin, order, PaymentMethod.ALIPAY)
    assert (again.payment, again.fresh) == (await stored(shop, payment), False)
    assert shop.asked(OpenCheckout) == []


async def test_money_on_the_page_pays_the_order_once(shop: Shop, lin: Subscriber) -> None:
    order, payment = await at_the_page(shop, lin)
    for _ in range(3):
        await seen(shop, paid(payment))
    now = await shop.order(order)
    assert (now.status, now.paid_with) == (OrderStatus.PAID, PaymentMethod.ALIPAY)
    assert len(shop.asked(SubmitOrder)) == 1
    assert await shop.balance(DEFERRED) == yuan(199)
    assert await shop.balance(clearing_of("alipay")) == -yuan(199)


async def test_another_amount_than_agreed_is_for_an_operator(shop: Shop, lin: Subscriber) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment, amount=yuan(1)))
    assert (await shop.order(order)).status is OrderStatus.REVIEW
    assert await shop.balance(SUSPENSE) == yuan(1)
    assert shop.operators.paged == ["charge_fits_no_order"]


async def test_money_that_does_not_fit_leaves_no_other_way_open(
    shop: Shop, lin: Subscriber
) -> None:
    """The page's money comes otherwise than agreed after another way was chosen."""
    order, payment = await at_the_page(shop, lin)
    invoice = await shop.open_invoice(lin, order)
    await seen(shop, paid(payment, amount=yuan(1)))
    assert (await shop.order(order)).status is OrderStatus.REVIEW
    assert (await stored(shop, invoice)).status is PaymentStatus.CANCELLED


async def test_a_part_of_a_second_charge_refunded_in_the_dashboard_leaves_by_its_own_way(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(199))
    order, payment = await at_the_page(shop, lin)
    await shop.pay_by_wallet(lin, order)
    await seen(shop, paid(payment))
    part = PlatformRefund("re_dash", "ch_1", yuan(1), RefundState.DONE, key=None)
    for _ in range(2):
        async with shop.unit() as unit:
            await shop.follow_refund.on_seen(unit, RefundsSeen([part]))
    assert await shop.balance(clearing_of("alipay")) == -yuan(198)
    assert await shop.balance(clearing_of("wallet")) == yuan(0)


async def test_a_payment_made_by_nobody_here_is_none_of_ours(shop: Shop, lin: Subscriber) -> None:
    _, payment = await at_the_page(shop, lin)
    await seen(shop, replace(paid(payment), payment_id=None))
    assert await shop.balance(clearing_of("card")) == yuan(0)
    await seen(shop, replace(paid(payment), payment_id="of a lost database"))
    assert await shop.balance(SUSPENSE) == yuan(199)
    assert shop.operators.paged == ["charge_fits_no_order"]


async def test_a_page_that_could_not_be_opened_leaves_the_order_to_be_paid_in_another_way(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await asked_for_page(shop, lin)
    async with shop.unit() as unit:
        await shop.follow_payment.on_not_opened(unit, CheckoutNotOpened(payment.id))
    assert ("payment_failed", "awaiting_payment") in shop.heard()
    assert (await shop.pay(lin, order, PaymentMethod.CARD)).fresh


async def test_a_cancelled_order_waits_for_the_platform(shop: Shop, lin: Subscriber) -> None:
    order, payment = await at_the_page(shop, lin)
    await shop.cancel(lin, order)
    assert shop.asked(ExpireCheckout) == [ExpireCheckout(payment.id, PAGE, Closing.CANCEL)]
    assert (await shop.order(order)).status is OrderStatus.AWAITING_PAYMENT
    await seen(shop, stands(payment, PaymentState.EXPIRED), Closing.CANCEL)
    assert (await shop.order(order)).status is OrderStatus.CANCELLED
    assert (await stored(shop, payment)).status is PaymentStatus.EXPIRED


@pytest.mark.parametrize("why", [Closing.CANCEL, Closing.EXPIRE])
async def test_a_payment_that_was_faster_wins(shop: Shop, lin: Subscriber, why: Closing) -> None:
    order, payment = await at_the_page(shop, lin)
    if why is Closing.CANCEL:
        await shop.cancel(lin, order)
    else:
        await shop.pass_time(minutes=30)
    await seen(shop, paid(payment), why)
    assert (await shop.order(order)).status is OrderStatus.PAID


async def test_the_notice_of_our_own_closing_does_not_take_the_answers_place(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await shop.pass_time(minutes=30)
    await seen(shop, stands(payment, PaymentState.EXPIRED))
    assert (await stored(shop, payment)).status is PaymentStatus.CLOSING
    await seen(shop, stands(payment, PaymentState.EXPIRED), Closing.EXPIRE)
    assert (await shop.order(order)).status is OrderStatus.EXPIRED


async def test_an_order_expires_only_once_the_platform_has_answered(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await shop.pass_time(hours=2)
    assert (await shop.order(order)).status is OrderStatus.AWAITING_PAYMENT
    assert len(shop.asked(ExpireCheckout)) > 1
    await seen(shop, stands(payment, PaymentState.EXPIRED), Closing.EXPIRE)
    assert (await shop.order(order)).status is OrderStatus.EXPIRED


async def test_another_way_closes_the_page_and_its_late_money_comes_back(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await shop.pay(lin, order, PaymentMethod.INVOICE)
    assert shop.asked(ExpireCheckout) == [ExpireCheckout(payment.id, PAGE, Closing.REPLACE)]
    async with shop.unit() as unit:
        other = await unit.payments.open_of(order.id)
    assert other is not None
    await shop.charged(shop.charge_of(other))
    await seen(shop, paid(payment), Closing.REPLACE)
    [refund] = shop.asked(RefundCharge)
    assert (refund.charge_id, refund.amount) == ("ch_1", yuan(199))
    await refund_seen(shop, refund, RefundState.DONE)
    assert await shop.balance(REFUNDS_DUE) == yuan(0)
    assert ("refund_sent", "paid") in shop.heard()


async def test_a_refund_that_is_pending_and_then_fails_is_for_an_operator(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    async with shop.unit() as unit:
        await shop.fulfil.on_refused(unit, order.id, "OutOfStock")
    [refund] = shop.asked(RefundCharge)
    assert (refund.key, refund.charge_id) == (f"order:{order.id}", "ch_1")
    await refund_seen(shop, refund, RefundState.PENDING)
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    await refund_seen(shop, refund, RefundState.FAILED)
    assert (await shop.order(order)).status is OrderStatus.REVIEW
    assert shop.operators.paged == ["refund_failed"]
    await shop.operator_has_sent(order)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED


async def test_a_notice_only_says_what_to_look_at(shop: Shop) -> None:
    async with shop.unit() as unit:
        for subject in ("payment", "refund", "dispute", "other"):
            await shop.watch.on_notice(unit, {"subject": subject, "ref": "x"})
    assert shop.asked(LookUpPayment) == [LookUpPayment("x", None)]
    assert shop.asked(LookUpRefunds) == [LookUpRefunds("x")]
    assert shop.asked(LookUpDispute) == [LookUpDispute("x")]


async def test_notices_are_read_every_few_seconds_while_somebody_pays(
    shop: Shop, lin: Subscriber
) -> None:
    async with shop.unit() as unit:
        shop.watch.begin(unit)
    await shop.pass_time(minutes=1)
    shop.asked(ReadNotices)
    await shop.pass_time(minutes=5)
    assert len(shop.asked(ReadNotices)) == 5
    await at_the_page(shop, lin)
    await shop.pass_time(minutes=1)
    assert len(shop.asked(ReadNotices)) == 12
