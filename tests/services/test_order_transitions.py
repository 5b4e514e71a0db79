"""The order's table, row by row: what makes each step, what stands in its way, what goes with it.

That there is no step beside these is proved by the table (`tests.domain.test_order`) and by the
store (`tests.storage.test_orders`).
"""

from __future__ import annotations

import re

import pytest

from bot.domain.coupon import Coupon
from bot.domain.dispute import DisputeState
from bot.domain.errors import ForbiddenTransition, NoLine, UnknownPlan, WrongOrderStatus
from bot.domain.ledger import CHARGEBACKS, DEFERRED, REFUNDS_DUE, REVENUE, SUSPENSE
from bot.domain.line import Line
from bot.domain.order import PAYMENT_WINDOW, Order, OrderEvent, OrderStatus, Renewal
from bot.domain.payment import PaymentMethod, Settlement
from bot.domain.subscriber import Subscriber
from bot.services.fulfil_order import UNANSWERED_LOOKS
from bot.services.order_keys import carrier_key
from bot.services.platform import PaymentState, RefundState
from bot.services.platform_requests import Closing, ExpireCheckout, RefundCharge
from bot.services.ports import CancelOutcome, CarrierOrderState
from bot.services.requests import CancelOrder, SubmitOrder
from tests.services.shop import Shop, yuan
from tests.services.test_disputes import disputed, flag
from tests.services.test_paying_on_a_page import at_the_page, paid, refund_seen, seen, stands

COUPON = "FIVE"
TOTAL = yuan(194)
"""A month less the coupon."""


@pytest.fixture(autouse=True)
async def _on_offer(shop: Shop) -> None:
    """A coupon that every quote carries."""
    await shop.issue(Coupon(COUPON, yuan(5), offered=True))


async def history(shop: Shop, order: Order) -> list[str]:
    async with shop.unit() as unit:
        return [each.event for each in await unit.orders.history(order.id)]


async def status(shop: Shop, order: Order) -> OrderStatus:
    return (await shop.order(order)).status


async def paid_on_page(shop: Shop, lin: Subscriber) -> Order:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    shop.heard()
    return await shop.order(order)


async def in_hands(shop: Shop, lin: Subscriber) -> Order:
    """Paid on a page, and the carrier has it in hands."""
    order = await paid_on_page(shop, lin)
    await shop.carrier_answers(CarrierOrderState.PENDING)
    shop.heard()
    return await shop.order(order)


async def delivered(shop: Shop, lin: Subscriber) -> Order:
    order = await paid_on_page(shop, lin)
    await shop.carrier_answers(CarrierOrderState.DONE)
    shop.heard()
    return await shop.order(order)


async def refunding(shop: Shop, lin: Subscriber) -> tuple[Order, RefundCharge]:
    order = await in_hands(shop, lin)
    async with shop.unit() as unit:
        await shop.fulfil.on_refused(unit, order.id, "OutOfStock")
    shop.heard()
    [refund] = shop.asked(RefundCharge)
    return await shop.order(order), refund


# ── until it is paid ──────────────────────────────────────────────────────────────────────────────


async def test_none_to_quoted_keeps_what_the_subscriber_saw(shop: Shop, lin: Subscriber) -> None:
    quote = await shop.quote(lin)
    await shop.reprice("M30", yuan(209))
    order = await shop.order(quote.order)
    assert order.status is OrderStatus.QUOTED
    assert (order.total, order.price) == (TOTAL, yuan(199))
    assert order.buys == Renewal("M30", 1, periods=1, days=30)
    assert order.discount is not None
    assert order.discount.code == COUPON
    assert await history(shop, order) == ["quote"]


async def test_none_to_quoted_needs_a_plan_on_sale_and_a_line(shop: Shop, lin: Subscriber) -> None:
    nobody = await shop.meet(7009)
    with pytest.raises(NoLine):
        await shop.quote(nobody)
    await shop.withdraw("M30")
    with pytest.raises(UnknownPlan):
        await shop.quote(lin)


async def test_quoted_confirm_awaits_one_payment_until_its_time(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    await shop.pass_time(minutes=10)
    payment = await shop.open_invoice(lin, order)
    awaiting = await shop.order(order)
    assert awaiting.status is OrderStatus.AWAITING_PAYMENT
    assert awaiting.expires_at == shop.clock.now() + PAYMENT_WINDOW
    assert await shop.uses_of(COUPON) == 1
    async with shop.unit() as unit:
        assert await unit.payments.open_of(order.id) == payment


async def test_quoted_confirm_at_a_price_that_changed_quotes_again_and_shows_it(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    await shop.reprice("M30", yuan(209))
    tap = await shop.pay(lin, order, PaymentMethod.INVOICE)
    assert tap.requoted is not None
    assert tap.requoted.order.total == yuan(204)
    assert tap.payment is None
    assert await status(shop, order) is OrderStatus.CANCELLED


@pytest.mark.parametrize("confirmed", [False, True])
async def test_quoted_or_awaiting_cancel_closes_and_releases_the_coupon(
    shop: Shop, lin: Subscriber, confirmed: bool
) -> None:
    order = (await shop.quote(lin)).order
    if confirmed:
        await shop.open_invoice(lin, order)
    await shop.cancel(lin, order)
    assert await status(shop, order) is OrderStatus.CANCELLED
    assert await shop.uses_of(COUPON) == 0


async def test_awaiting_cancel_expires_the_page_at_the_platform_first(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await shop.cancel(lin, order)
    assert await status(shop, order) is OrderStatus.AWAITING_PAYMENT
    [asked] = shop.asked(ExpireCheckout)
    assert asked.why is Closing.CANCEL
    await seen(shop, stands(payment, PaymentState.EXPIRED), Closing.CANCEL)
    assert await status(shop, order) is OrderStatus.CANCELLED
    assert await shop.uses_of(COUPON) == 0


async def test_awaiting_cancel_is_refused_while_a_payment_is_processing(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, stands(payment, PaymentState.PROCESSING))
    with pytest.raises(WrongOrderStatus):
        await shop.cancel(lin, order)


async def test_awaiting_expire_waits_while_a_payment_is_processing(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, stands(payment, PaymentState.PROCESSING))
    await shop.pass_time(hours=3)
    assert await status(shop, order) is OrderStatus.AWAITING_PAYMENT


async def test_awaiting_expire_closes_releases_the_coupon_and_says_not_charged(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await shop.pass_time(minutes=31)
    assert await status(shop, order) is OrderStatus.AWAITING_PAYMENT  # the platform has not said
    await seen(shop, stands(payment, PaymentState.EXPIRED), Closing.EXPIRE)
    assert await status(shop, order) is OrderStatus.EXPIRED
    assert await shop.uses_of(COUPON) == 0
    assert ("order_expired", "expired") in shop.heard()


# ── money ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("by", [PaymentMethod.WALLET, PaymentMethod.INVOICE, PaymentMethod.CARD])
async def test_awaiting_paid_books_it_numbers_the_receipt_and_stages_the_fulfilment(
    shop: Shop, lin: Subscriber, line: Line, by: PaymentMethod
) -> None:
    await shop.fund(line, TOTAL)
    order = (await shop.quote(lin)).order
    payment = (await shop.pay(lin, order, by)).payment
    assert payment is not None
    if by is PaymentMethod.INVOICE:
        await shop.charged(shop.charge_of(payment))
    if by is PaymentMethod.CARD:
        await seen(shop, paid(payment))
    bought = await shop.order(order)
    assert (bought.status, bought.paid_with, bought.receipt_number) == (OrderStatus.PAID, by, 1)
    assert await shop.balance(DEFERRED) == yuan(199)
    assert await shop.uses_of(COUPON) == 1
    [submission] = shop.asked(SubmitOrder)
    assert submission.key == carrier_key(order.id)


async def test_awaiting_paid_otherwise_than_agreed_goes_to_suspense_and_review(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment, amount=yuan(1)))
    assert await status(shop, order) is OrderStatus.REVIEW
    assert await shop.balance(SUSPENSE) == yuan(1)
    assert shop.operators.paged == ["charge_fits_no_order"]
    assert shop.asked(SubmitOrder) == []


@pytest.mark.parametrize("closed", ["cancelled", "expired"])
async def test_closed_paid_buys_it_while_plan_and_price_hold(
    shop: Shop, lin: Subscriber, closed: str
) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    await (shop.cancel(lin, order) if closed == "cancelled" else shop.pass_time(minutes=31))
    assert await status(shop, order) == closed
    shop.heard()
    assert await shop.charged(shop.charge_of(payment)) is Settlement.REOPENED
    assert await status(shop, order) is OrderStatus.PAID
    assert ("paid_late", "paid") in shop.heard()
    assert await shop.uses_of(COUPON) == 1


@pytest.mark.parametrize("closed", ["cancelled", "expired"])
async def test_closed_paid_too_late_goes_back_and_the_subscriber_is_told(
    shop: Shop, lin: Subscriber, closed: str
) -> None:
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    await (shop.cancel(lin, order) if closed == "cancelled" else shop.pass_time(minutes=31))
    await shop.withdraw("M30")
    shop.heard()
    assert await shop.charged(shop.charge_of(payment)) is Settlement.TOO_LATE
    assert await status(shop, order) is OrderStatus.REFUNDING
    assert ("order_refunding", "refunding") in shop.heard()
    assert await shop.balance(REFUNDS_DUE) == TOTAL


# ── delivery ──────────────────────────────────────────────────────────────────────────────────────


async def test_paid_submitted_is_fulfilling_under_the_orders_own_key(
    shop: Shop, lin: Subscriber
) -> None:
    order = await paid_on_page(shop, lin)
    assert re.fullmatch(f"order:{order.id}:fulfil", carrier_key(order.id))
    await shop.carrier_answers(CarrierOrderState.PENDING)
    assert await status(shop, order) is OrderStatus.FULFILLING


async def test_fulfilling_activated_is_fulfilled_said_and_entitles(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await in_hands(shop, lin)
    await shop.pass_time(seconds=5)
    await shop.carrier_answers(CarrierOrderState.DONE)
    ready = await shop.order(order)
    assert ready.status is OrderStatus.FULFILLED
    assert ("order_ready", "fulfilled") in shop.heard()
    assert await shop.balance(REVENUE) == yuan(199)
    async with shop.unit() as unit:
        [held] = await unit.entitlements.of_line(line.id, shop.clock.now())
    assert (held.order_id, held.starts_at, held.ends_at) == (
        order.id,
        ready.starts_at,
        ready.ends_at,
    )


async def test_fulfilling_for_thirty_minutes_is_delayed_and_said_with_the_way_to_support(
    shop: Shop, lin: Subscriber
) -> None:
    order = await in_hands(shop, lin)
    await shop.pass_time(minutes=31)
    late = await shop.order(order)
    assert (late.status, late.delayed) == (OrderStatus.FULFILLING, True)
    assert ("order_delayed", "fulfilling") in shop.heard()


@pytest.mark.parametrize("stage", ["paid", "fulfilling"])
async def test_paid_or_fulfilling_rejected_is_refunding(
    shop: Shop, lin: Subscriber, stage: str
) -> None:
    order = await (paid_on_page if stage == "paid" else in_hands)(shop, lin)
    assert await status(shop, order) == stage
    if stage == "fulfilling":
        await shop.pass_time(seconds=5)
    await shop.carrier_answers(CarrierOrderState.REJECTED, reason="no such plan")
    assert await status(shop, order) is OrderStatus.REFUNDING
    assert await shop.balance(REFUNDS_DUE) == TOTAL
    assert await shop.uses_of(COUPON) == 0


async def test_fulfilling_unknown_is_not_rejected_and_after_n_looks_an_operators(
    shop: Shop, lin: Subscriber
) -> None:
    order = await paid_on_page(shop, lin)
    for _ in range(UNANSWERED_LOOKS):
        await shop.carrier_is_silent()
        assert await status(shop, order) is OrderStatus.FULFILLING
        while not shop.asks_about_an_order:
            await shop.until_next_timer()
    await shop.carrier_is_silent()
    assert await status(shop, order) is OrderStatus.REVIEW
    assert await shop.balance(DEFERRED) == yuan(199)
    await shop.pass_time(hours=48)
    assert shop.asked(SubmitOrder) == []


# ── back ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stage", [paid_on_page, in_hands, delivered])
async def test_any_paid_state_refund_tries_to_cancel_at_the_carrier_first(
    shop: Shop, lin: Subscriber, stage: object
) -> None:
    order = await stage(shop, lin)  # type: ignore[operator]
    await shop.operator_refunds(order)
    assert await status(shop, order) == order.status
    assert shop.asks_to_cancel == [order.id]
    await shop.cancel_answered(CancelOutcome.NOT_CANCELLABLE)
    assert await status(shop, order) is OrderStatus.REFUNDING
    [refund] = shop.asked(RefundCharge)
    assert refund.amount == order.total  # never more than was paid


async def test_review_refund_is_refunding(shop: Shop, lin: Subscriber) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment, amount=yuan(1)))
    await shop.operator_refunds(order)
    assert await status(shop, order) is OrderStatus.REFUNDING
    [refund] = shop.asked(RefundCharge)
    assert refund.amount == yuan(1)
    assert shop.asked(CancelOrder) == []


async def test_refunding_done_is_refunded_with_reversing_entries_and_a_credit_note(
    shop: Shop, lin: Subscriber
) -> None:
    order, refund = await refunding(shop, lin)
    await refund_seen(shop, refund, RefundState.DONE)
    assert await status(shop, order) is OrderStatus.REFUNDED
    for account in (DEFERRED, REVENUE, REFUNDS_DUE):
        assert await shop.balance(account) == yuan(0)
    async with shop.unit() as unit:
        [returned] = await unit.payments.refunds_of(order.id)
    assert (returned.amount, returned.credit_note_number) == (TOTAL, 1)


async def test_refunding_failed_is_an_operators(shop: Shop, lin: Subscriber) -> None:
    order, refund = await refunding(shop, lin)
    await refund_seen(shop, refund, RefundState.FAILED)
    assert await status(shop, order) is OrderStatus.REVIEW
    assert await shop.balance(REFUNDS_DUE) == TOTAL
    assert shop.operators.paged == ["refund_failed"]


async def test_refunded_failed_after_all_is_an_operators_and_owed_again(
    shop: Shop, lin: Subscriber
) -> None:
    order, refund = await refunding(shop, lin)
    await refund_seen(shop, refund, RefundState.DONE)
    await refund_seen(shop, refund, RefundState.FAILED)
    assert await status(shop, order) is OrderStatus.REVIEW
    assert await shop.balance(REFUNDS_DUE) == TOTAL
    assert shop.operators.paged == ["refund_came_back"]


async def test_fulfilled_dispute_flags_it_books_the_chargeback_and_pages(
    shop: Shop, lin: Subscriber
) -> None:
    order = await delivered(shop, lin)
    await disputed(shop, DisputeState.OPEN)
    assert await status(shop, order) is OrderStatus.FULFILLED
    assert await flag(shop) == (order.id, DisputeState.OPEN)
    assert await shop.balance(CHARGEBACKS) == -yuan(199)
    assert shop.operators.paged == ["dispute_open"]


async def test_a_bought_plan_never_changes(shop: Shop, lin: Subscriber) -> None:
    """No event leads from a paid order back to a quote or to another price."""
    order = await paid_on_page(shop, lin)
    for event in (OrderEvent.CONFIRM, OrderEvent.PAY, OrderEvent.CANCEL, OrderEvent.EXPIRE):
        with pytest.raises(ForbiddenTransition):
            async with shop.unit() as unit:
                await unit.orders.move(order, event, shop.clock.now())
    with pytest.raises(WrongOrderStatus):
        async with shop.unit() as unit:
            await unit.orders.reprice(order.with_discount(None))
    assert await shop.order(order) == order
