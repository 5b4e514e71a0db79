"""What money must survive: the list, one test a failure; ``pytest -k survives`` reads it out.

These happen where an order is decided. Those of the wire, the process and the platform's own side
stand in `tests.journeys.test_what_money_survives`. Each failure's finer points have tests beside
the service that bears them. After every test the whole check of `tests.services.books` holds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.coupon import Coupon
from bot.domain.dispute import DisputeState
from bot.domain.errors import Refusal
from bot.domain.ledger import (
    CHARGEBACKS,
    DEFERRED,
    REFUNDS_DUE,
    REVENUE,
    SUSPENSE,
    clearing_of,
)
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import (
    Payment,
    PaymentMethod,
    PaymentStatus,
    PreCheckoutRefusal,
    Settlement,
    Way,
)
from bot.domain.subscriber import Subscriber
from bot.services.platform import PaymentState, PlatformRefund, RefundState
from bot.services.platform_requests import (
    CheckoutOpened,
    Closing,
    LookUpRefunds,
    OpenCheckout,
    RefundCharge,
    RefundsSeen,
)
from bot.services.ports import CancelOutcome, CarrierOrderState
from bot.services.requests import CancelOrder, SubmitOrder
from tests.services.kept_cards import charged, keeps
from tests.services.shop import Shop, found_line, yuan
from tests.services.test_disputes import disputed
from tests.services.test_paying_on_a_page import (
    asked_for_page,
    at_the_page,
    page,
    paid,
    refund_seen,
    seen,
    stands,
)

BEN = 7002
HOUR = timedelta(hours=1)


@pytest.fixture
async def order(shop: Shop, lin: Subscriber) -> Order:
    return (await shop.quote(lin)).order


@pytest.fixture
async def payment(shop: Shop, lin: Subscriber, order: Order) -> Payment:
    """By Telegram's invoice."""
    return await shop.open_invoice(lin, order)


async def approves(shop: Shop, payment: Payment, payer_id: int) -> PreCheckoutRefusal | None:
    async with shop.unit() as unit:
        return await shop.settle.check(unit, payment.id, payer_id, payment.amount)


async def status(shop: Shop, order: Order) -> OrderStatus:
    return (await shop.order(order)).status


# ── notices ───────────────────────────────────────────────────────────────────────────────────────


async def test_survives_a_duplicate_notice(shop: Shop, lin: Subscriber) -> None:
    order, payment = await at_the_page(shop, lin)
    for _ in range(3):
        await seen(shop, paid(payment))
    assert await status(shop, order) is OrderStatus.PAID
    assert await shop.balance(DEFERRED) == yuan(199)
    assert len(shop.asked(SubmitOrder)) == 1


async def test_survives_a_duplicate_successful_payment(
    shop: Shop, order: Order, payment: Payment
) -> None:
    charge = shop.charge_of(payment)
    did = [await shop.charged(charge) for _ in range(3)]
    assert did == [Settlement.PAID, *2 * [Settlement.DUPLICATE_NOTICE]]
    assert await shop.balance(DEFERRED) == yuan(199)
    assert len(shop.asked(SubmitOrder)) == 1


@pytest.mark.parametrize(
    "stale",
    [
        PaymentState.OPEN,
        PaymentState.PROCESSING,
        PaymentState.FAILED,
        PaymentState.EXPIRED,
        PaymentState.UNKNOWN,
    ],
)
async def test_survives_reordered_notices_of_a_payment(
    shop: Shop, lin: Subscriber, stale: PaymentState
) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    await seen(shop, stands(payment, stale))
    assert await status(shop, order) is OrderStatus.PAID
    assert await shop.balance(DEFERRED) == yuan(199)


async def test_survives_reordered_notices_of_a_refund(shop: Shop, lin: Subscriber) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    async with shop.unit() as unit:
        await shop.fulfil.on_refused(unit, order.id, "OutOfStock")
    [refund] = shop.asked(RefundCharge)
    for state in (RefundState.DONE, RefundState.PENDING, RefundState.DONE):
        await refund_seen(shop, refund, state)
    assert await status(shop, order) is OrderStatus.REFUNDED
    assert await shop.balance(REFUNDS_DUE) == yuan(0)


@pytest.mark.parametrize(
    ("told", "gone"),
    [
        ([DisputeState.OPEN, DisputeState.WON, DisputeState.OPEN, DisputeState.WON], 0),
        ([DisputeState.WON, DisputeState.OPEN], 0),
        ([DisputeState.OPEN, DisputeState.LOST, DisputeState.OPEN], 199),
        ([DisputeState.LOST, DisputeState.INQUIRY], 199),
    ],
)
async def test_survives_reordered_notices_of_a_dispute(
    shop: Shop, lin: Subscriber, told: Sequence[DisputeState], gone: int
) -> None:
    _, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    for state in told:
        await disputed(shop, state)
    assert await shop.balance(CHARGEBACKS) == -yuan(gone)


async def test_survives_a_notice_before_the_answer_to_our_start_is_stored(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await asked_for_page(shop, lin)
    await seen(shop, paid(payment))
    assert await status(shop, order) is OrderStatus.PAID
    async with shop.unit() as unit:
        await shop.follow_payment.on_opened(unit, CheckoutOpened(payment.id, page(order)))
    assert await status(shop, order) is OrderStatus.PAID
    assert len(shop.asked(SubmitOrder)) == 1


# ── money that comes late, twice, or otherwise than agreed ────────────────────────────────────────


async def test_survives_a_payment_after_expiry(shop: Shop, order: Order, payment: Payment) -> None:
    await shop.pass_time(minutes=31)
    assert await status(shop, order) is OrderStatus.EXPIRED
    assert await shop.charged(shop.charge_of(payment)) is Settlement.REOPENED
    assert await status(shop, order) is OrderStatus.PAID


async def test_survives_a_payment_after_cancelling(
    shop: Shop, lin: Subscriber, order: Order, payment: Payment
) -> None:
    await shop.cancel(lin, order)
    await shop.reprice("M30", yuan(209))
    assert await shop.charged(shop.charge_of(payment)) is Settlement.TOO_LATE
    assert await status(shop, order) is OrderStatus.REFUNDING
    assert await shop.balance(REFUNDS_DUE) == yuan(199)


async def test_survives_a_page_paid_although_we_were_told_that_it_closed(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await shop.cancel(lin, order)
    await seen(shop, stands(payment, PaymentState.EXPIRED), Closing.CANCEL)
    assert await status(shop, order) is OrderStatus.CANCELLED
    await seen(shop, paid(payment))
    assert await status(shop, order) is OrderStatus.PAID


@pytest.mark.parametrize("first", ["wallet", "page"])
async def test_survives_two_methods_paid_for_one_order(
    shop: Shop, lin: Subscriber, line: Line, first: str
) -> None:
    """The page's money comes although the wallet took its place, before the wallet paid or after;
    what came second goes back by itself, and the wallet is never charged for nothing."""
    await shop.fund(line, yuan(199))
    order, payment = await at_the_page(shop, lin)
    if first == "wallet":
        await shop.pay_by_wallet(lin, order)
        await seen(shop, paid(payment), Closing.REPLACE)
    else:
        await seen(shop, paid(payment))
        await shop.pay_by_wallet(lin, order)
    assert await status(shop, order) is OrderStatus.PAID
    assert await shop.balance(DEFERRED) == yuan(199)
    returned = [refund.amount for refund in shop.asked(RefundCharge)]
    assert returned == ([yuan(199)] if first == "wallet" else [])
    assert await shop.wallet(line) == yuan(0 if first == "wallet" else 199)


@pytest.mark.parametrize("amount", [yuan(1), yuan(200), Money(19_900, "USD")])
async def test_survives_a_wrong_amount_or_currency(
    shop: Shop, order: Order, payment: Payment, amount: Money
) -> None:
    charge = replace(shop.charge_of(payment), amount=amount)
    assert await shop.charged(charge) is Settlement.MISMATCH
    assert await status(shop, order) is OrderStatus.REVIEW
    async with shop.unit() as unit:
        assert await unit.ledger.balance(SUSPENSE, amount.currency) == amount
    assert shop.asked(SubmitOrder) == []


async def test_survives_a_forwarded_invoice_paid_by_somebody_else(
    shop: Shop, order: Order, payment: Payment
) -> None:
    await shop.meet(BEN, "Ben")
    assert await approves(shop, payment, BEN) is PreCheckoutRefusal.NOT_YOURS
    charge = replace(shop.charge_of(payment), payer_id=BEN)
    assert await shop.charged(charge) is Settlement.MISMATCH
    assert (await shop.order(order)).reason == "other_payer"
    assert await shop.balance(SUSPENSE) == yuan(199)


@pytest.mark.parametrize("state", [PaymentState.FAILED, PaymentState.NEEDS_CUSTOMER])
async def test_survives_a_saved_card_that_is_declined_or_needs_its_holder(
    shop: Shop, lin: Subscriber, state: PaymentState
) -> None:
    order, payment = await charged(shop, lin, await keeps(shop, lin))
    await seen(shop, stands(payment, state))
    assert await status(shop, order) is OrderStatus.AWAITING_PAYMENT
    assert await shop.balance(DEFERRED) == yuan(0)
    another = await shop.open_invoice(lin, order)
    assert await shop.charged(shop.charge_of(another)) is Settlement.PAID


# ── before money moves ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("repriced", PreCheckoutRefusal.PRICE_CHANGED),
        ("expired", PreCheckoutRefusal.CLOSED),
        ("coupon lost", PreCheckoutRefusal.COUPON_LOST),
        ("withdrawn", PreCheckoutRefusal.WITHDRAWN),
        ("line moved on", PreCheckoutRefusal.CLOSED),
    ],
)
async def test_survives_a_pre_checkout_after_a_change(
    shop: Shop, lin: Subscriber, change: str, reason: PreCheckoutRefusal
) -> None:
    await shop.issue(Coupon("FIVE", yuan(5), offered=True))
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    match change:
        case "repriced":
            await shop.reprice("M30", yuan(209))
        case "expired":
            await shop.pass_time(minutes=31)
        case "coupon lost":
            async with shop.unit() as unit:
                await unit.coupons.release(order.id)
        case "withdrawn":
            await shop.withdraw("M30")
        case "line moved on":
            await shop.link_contact(BEN, found_line("1001"))
    assert await approves(shop, payment, lin.id) is reason
    assert await shop.balance(DEFERRED) == yuan(0)


async def test_survives_an_approved_pre_checkout_from_which_no_payment_comes(
    shop: Shop, lin: Subscriber, line: Line, order: Order, payment: Payment
) -> None:
    assert await approves(shop, payment, lin.id) is None
    await shop.fund(line, yuan(199))
    with pytest.raises(Refusal):
        await shop.pay_by_wallet(lin, order)
    await shop.pass_time(minutes=6)
    await shop.pay_by_wallet(lin, order)
    assert await status(shop, order) is OrderStatus.PAID
    assert await approves(shop, payment, lin.id) is PreCheckoutRefusal.ALREADY_PAID


@pytest.mark.parametrize("approved", [True, False])
async def test_survives_a_plan_withdrawn_during_checkout(
    shop: Shop, lin: Subscriber, order: Order, payment: Payment, approved: bool
) -> None:
    """Money that was under way buys what was agreed; otherwise none moves."""
    if approved:
        assert await approves(shop, payment, lin.id) is None
    await shop.withdraw("M30")
    if approved:
        assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
        assert len(shop.asked(SubmitOrder)) == 1
    else:
        assert await approves(shop, payment, lin.id) is PreCheckoutRefusal.WITHDRAWN
        await shop.pass_time(minutes=31)
        assert await status(shop, order) is OrderStatus.EXPIRED


# ── what goes back ────────────────────────────────────────────────────────────────────────────────


async def test_survives_a_refund_that_is_pending_and_then_fails(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    async with shop.unit() as unit:
        await shop.fulfil.on_refused(unit, order.id, "OutOfStock")
    [refund] = shop.asked(RefundCharge)
    await refund_seen(shop, refund, RefundState.PENDING)
    await refund_seen(shop, refund, RefundState.FAILED)
    assert await status(shop, order) is OrderStatus.REVIEW
    assert await shop.balance(REFUNDS_DUE) == yuan(199)
    assert "refund_failed" in shop.operators.paged
    await shop.operator_has_sent(order)
    assert await status(shop, order) is OrderStatus.REFUNDED


async def test_survives_a_refund_made_in_the_platforms_dashboard(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    await shop.carrier_answers(CarrierOrderState.DONE)
    told = PlatformRefund("re_dash", "ch_1", yuan(199), RefundState.DONE, key=None)
    for _ in range(2):
        async with shop.unit() as unit:
            await shop.follow_refund.on_seen(unit, RefundsSeen([told]))
    await shop.cancel_answered(CancelOutcome.NOT_CANCELLABLE)
    async with shop.unit() as unit:
        await shop.follow_refund.on_seen(unit, RefundsSeen([told]))
    assert await status(shop, order) is OrderStatus.REFUNDED
    assert await shop.balance(REVENUE) == yuan(0)
    assert await shop.balance(REFUNDS_DUE) == yuan(0)


async def test_survives_a_dashboard_refund_that_is_told_of_before_its_charge(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    told = PlatformRefund("re_dash", "ch_1", yuan(199), RefundState.DONE, key=None)
    async with shop.unit() as unit:
        await shop.follow_refund.on_seen(unit, RefundsSeen([told]))
    await seen(shop, paid(payment))
    assert shop.asked(LookUpRefunds) == [LookUpRefunds("ch_1")]
    async with shop.unit() as unit:
        await shop.follow_refund.on_seen(unit, RefundsSeen([told]))
    await shop.cancel_answered(CancelOutcome.CANCELLED)
    async with shop.unit() as unit:
        await shop.follow_refund.on_seen(unit, RefundsSeen([told]))
    assert await status(shop, order) is OrderStatus.REFUNDED
    assert await shop.balance(clearing_of("alipay")) == yuan(0)


async def test_survives_a_dispute_made_at_the_payers_bank(shop: Shop, lin: Subscriber) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    await shop.carrier_answers(CarrierOrderState.DONE)
    await disputed(shop, DisputeState.OPEN)
    assert await status(shop, order) is OrderStatus.FULFILLED
    assert await shop.balance(CHARGEBACKS) == -yuan(199)
    assert shop.operators.paged == ["dispute_open"]


@pytest.mark.parametrize("first", ["activation", "cancelling"])
async def test_survives_an_operators_refund_racing_the_activation(
    shop: Shop, lin: Subscriber, line: Line, first: str
) -> None:
    order = await shop.paid_by_wallet(lin, line)
    await shop.operator_refunds(order)
    if first == "activation":
        await shop.carrier_answers(CarrierOrderState.DONE)
        assert await status(shop, order) is OrderStatus.FULFILLED
        await shop.cancel_answered(CancelOutcome.CANCELLED)
    else:
        await shop.cancel_answered(CancelOutcome.CANCELLED)
        await shop.carrier_answers(CarrierOrderState.DONE)
    assert await status(shop, order) is OrderStatus.REFUNDED
    assert await shop.wallet(line) == yuan(199)
    assert await shop.balance(REVENUE) == yuan(0)
    assert shop.asked(CancelOrder) == []


# ── many at once, and time ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", PaymentMethod)
async def test_survives_twenty_taps_on_pay(
    shop: Shop, lin: Subscriber, line: Line, order: Order, method: PaymentMethod
) -> None:
    await shop.fund(line, yuan(199))
    async with shop.unit() as unit:
        await shop.renew.requote(unit, lin, order.id, Way(method))
    taps = await asyncio.gather(*(shop.pay(lin, order, method) for _ in range(20)))
    assert sum(tap.fresh for tap in taps) == 1
    assert len({tap.payment.id for tap in taps if tap.payment is not None}) == 1
    async with shop.unit() as unit:
        assert [each.id for each in await unit.orders.of(lin.id, 10, 0)] == [order.id]
    was_by_wallet = method is PaymentMethod.WALLET
    assert len(shop.asked(SubmitOrder)) == was_by_wallet
    assert len(shop.asked(OpenCheckout)) == method.is_hosted
    assert await shop.wallet(line) == yuan(0 if was_by_wallet else 199)


async def test_survives_fifty_racers_for_a_coupon_with_three_uses(shop: Shop) -> None:
    await shop.issue(Coupon("THREE", yuan(5), offered=True, max_uses=3))
    racers: list[tuple[Subscriber, Order]] = []
    for number in range(50):
        await shop.link_contact(8000 + number, found_line(f"{2000 + number}"))
        racer = await shop.subscriber(8000 + number)
        racers.append((racer, (await shop.quote(racer)).order))
    won = await asyncio.gather(
        *(shop.pay(racer, order, PaymentMethod.INVOICE) for racer, order in racers)
    )
    assert sum(each.payment is not None for each in won) == 3
    assert await shop.uses_of("THREE") == 3


@pytest.mark.parametrize("hours", [-2, 2])
@pytest.mark.parametrize("method", [PaymentMethod.INVOICE, PaymentMethod.CARD])
async def test_survives_a_clock_jump(
    shop: Shop, lin: Subscriber, order: Order, method: PaymentMethod, hours: int
) -> None:
    """Whichever way the clock is stepped between the tap and the money: it buys the order, which is
    delivered, and what nobody pays still comes to an end."""
    unpaid = (await shop.quote(lin)).order
    opened = (await shop.pay(lin, order, method)).payment
    assert opened is not None
    shop.clock.set(shop.clock.now() + hours * HOUR)
    await shop.pass_time(minutes=1)
    if method.is_hosted:
        await seen(shop, paid(opened))
    else:
        await shop.charged(shop.charge_of(opened))
    assert await status(shop, order) is OrderStatus.PAID
    await shop.carrier_answers(CarrierOrderState.DONE)
    assert await status(shop, order) is OrderStatus.FULFILLED
    await shop.pass_time(hours=3)
    assert await status(shop, unpaid) is OrderStatus.EXPIRED


async def test_survives_a_clock_stepped_back_after_an_approval(
    shop: Shop, lin: Subscriber, order: Order, payment: Payment
) -> None:
    """The approval lapses five minutes later at the latest, as the clock then counts."""
    assert await approves(shop, payment, lin.id) is None
    shop.clock.set(shop.clock.now() - 2 * HOUR)
    await shop.pass_time(minutes=6)
    await shop.cancel(lin, order)
    async with shop.unit() as unit:
        let_go = await unit.payments.get(payment.id)
    assert let_go is not None
    assert let_go.status is PaymentStatus.CANCELLED
