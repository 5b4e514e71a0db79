"""Taking an order back: the carrier cancels it first, and its money goes back once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import NotCancellable, UnknownLine, UnknownOrder, WrongOrderStatus
from bot.domain.ledger import REFUNDS_DUE, REVENUE
from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.subscriber import Subscriber
from bot.services.fulfil_order import UNANSWERED_LOOKS
from bot.services.ports import CancelOutcome, CarrierOrder, CarrierOrderState
from bot.services.requests import (
    CancelOrder,
    Look,
    LookUpOrder,
    OrderAnswered,
    OrderOutcomeUnknown,
    SubmitOrder,
)
from bot.services.take_back_order import GIVE_UP_AFTER
from tests.services.shop import Shop, found_line, yuan

DONE = CarrierOrderState.DONE
PENDING = CarrierOrderState.PENDING
NOT_FOUND = CarrierOrderState.NOT_FOUND
CANCELLED = CancelOutcome.CANCELLED
NOT_CANCELLABLE = CancelOutcome.NOT_CANCELLABLE


@pytest.fixture
async def running(shop: Shop, lin: Subscriber, line: Line) -> Order:
    """A month that runs."""
    order = await shop.paid_by_wallet(lin, line)
    await shop.carrier_answers(DONE)
    shop.heard()
    return await shop.order(order)


@pytest.fixture
async def queued(shop: Shop, lin: Subscriber, line: Line, running: Order) -> Order:
    """A second month, paid from the wallet, which waits for the end of the first."""
    return await another(shop, lin, line, running)


async def another(shop: Shop, lin: Subscriber, line: Line, before: Order) -> Order:
    """A month that begins when the other one ends, as the carrier says."""
    assert before.ends_at is not None
    await shop.fund_more(line, yuan(199))
    order = (await shop.quote(lin)).order
    await shop.pay_by_wallet(lin, order)
    ends_at = before.ends_at + timedelta(days=30)
    await shop.carrier_answers(DONE, starts_at=before.ends_at, valid_until=ends_at)
    shop.heard()
    return await shop.order(order)


async def invoiced(shop: Shop, lin: Subscriber) -> Order:
    order = (await shop.quote(lin)).order
    await shop.charged(shop.charge_of(await shop.open_invoice(lin, order)))
    await shop.carrier_answers(DONE)
    shop.heard()
    return await shop.order(order)


async def plans_of(shop: Shop, line: Line) -> list[str]:
    """The orders whose plans run or wait on the line."""
    async with shop.unit() as unit:
        held = await unit.entitlements.of_line(line.id, shop.clock.now())
    return [each.order_id for each in held]


# ── by the subscriber ─────────────────────────────────────────────────────────────────────────────


async def test_a_queued_renewal_is_cancelled_and_the_wallet_has_its_money(
    shop: Shop, lin: Subscriber, line: Line, running: Order, queued: Order
) -> None:
    await shop.wants_back(lin, queued)
    assert (await shop.order(queued)).status is OrderStatus.FULFILLED, "the carrier decides"
    await shop.cancel_answered(CANCELLED)
    back = await shop.order(queued)
    assert (back.status, back.reason) == (OrderStatus.REFUNDED, "by_subscriber")
    assert await shop.wallet(line) == yuan(199)
    assert await shop.balance(REVENUE) == yuan(199), "of the month that runs"
    assert await plans_of(shop, line) == [running.id]
    assert shop.heard() == [
        ("order_moved", "fulfilled"),
        ("order_moved", "refunded"),
        ("order_refunding", "refunded"),
    ]


async def test_what_was_paid_by_invoice_is_owed_back_through_the_platform(
    shop: Shop, lin: Subscriber, line: Line, running: Order
) -> None:
    queued = await invoiced(shop, lin)
    await shop.wants_back(lin, queued)
    await shop.cancel_answered(CANCELLED)
    assert (await shop.order(queued)).status is OrderStatus.REFUNDING
    assert await shop.balance(REFUNDS_DUE) == yuan(199)
    assert await shop.wallet(line) == yuan(0)
    assert await plans_of(shop, line) == [running.id]


async def test_wanting_it_back_twice_asks_once_and_refunds_once(
    shop: Shop, lin: Subscriber, line: Line, queued: Order
) -> None:
    for _ in range(3):
        await shop.wants_back(lin, queued)
    assert await shop.cancel_answered(CANCELLED, times=3) == 1
    assert await shop.wallet(line) == yuan(199)
    with pytest.raises(NotCancellable):
        await shop.wants_back(lin, queued)


async def test_what_the_carrier_will_not_cancel_stays_and_that_is_said(
    shop: Shop, lin: Subscriber, line: Line, running: Order, queued: Order
) -> None:
    await shop.wants_back(lin, queued)
    shop.heard()
    await shop.cancel_answered(NOT_CANCELLABLE)
    assert (await shop.order(queued)).status is OrderStatus.FULFILLED
    assert await plans_of(shop, line) == [running.id, queued.id]
    assert shop.heard() == [("order_moved", "fulfilled"), ("cancel_refused", "fulfilled")]
    await shop.wants_back(lin, queued)
    assert len(shop.asked(CancelOrder)) == 1, "it may be tried again"


async def test_a_plan_that_has_begun_is_not_cancelled(
    shop: Shop, lin: Subscriber, running: Order, queued: Order
) -> None:
    with pytest.raises(NotCancellable):
        await shop.wants_back(lin, running)
    await shop.pass_time(days=30)
    with pytest.raises(NotCancellable):
        await shop.wants_back(lin, queued)
    assert shop.asked(CancelOrder) == []


async def test_the_carriers_word_counts_when_the_plan_begins_meanwhile(
    shop: Shop, lin: Subscriber, line: Line, queued: Order
) -> None:
    assert queued.starts_at is not None
    shop.clock.set(queued.starts_at - timedelta(seconds=1))
    await shop.wants_back(lin, queued)
    shop.clock.advance(timedelta(seconds=5))
    await shop.cancel_answered(CANCELLED)
    assert (await shop.order(queued)).status is OrderStatus.REFUNDED


async def test_nobody_cancels_what_is_not_theirs(
    shop: Shop, lin: Subscriber, line: Line, queued: Order
) -> None:
    stranger = await shop.meet(7002, "Ben")
    with pytest.raises(UnknownOrder):
        await shop.wants_back(stranger, queued)
    await shop.link_contact(stranger.id, found_line("1001"))
    with pytest.raises(UnknownLine):
        await shop.wants_back(lin, queued)
    assert shop.asked(CancelOrder) == []


async def test_plans_behind_a_cancelled_one_get_the_carriers_new_dates(
    shop: Shop, lin: Subscriber, line: Line, running: Order, queued: Order
) -> None:
    last = await another(shop, lin, line, queued)
    await shop.wants_back(lin, queued)
    await shop.cancel_answered(CANCELLED)
    (asked,) = shop.asked(LookUpOrder)
    assert asked.order_id == last.id
    moved_up = CarrierOrder(DONE, starts_at=queued.starts_at, valid_until=queued.ends_at)
    async with shop.unit() as unit:
        await shop.fulfil.on_answered(unit, OrderAnswered(last.id, Look(), moved_up))
    moved = await shop.order(last)
    assert (moved.starts_at, moved.ends_at) == (queued.starts_at, queued.ends_at)
    assert await plans_of(shop, line) == [running.id, last.id]
    async with shop.unit() as unit:
        assert (await unit.entitlements.of_line(line.id, shop.clock.now()))[1].starts_at == (
            queued.starts_at
        )


async def test_a_silent_carrier_is_asked_again_with_growing_pauses_and_then_no_more(
    shop: Shop, lin: Subscriber, line: Line, queued: Order
) -> None:
    await shop.wants_back(lin, queued)
    shop.heard()
    pauses = []
    asked_at = shop.clock.now()
    await shop.cancel_failed("Unavailable")
    while shop.clock.now() - asked_at <= GIVE_UP_AFTER:
        pauses.append((await shop.until_next_timer()).total_seconds())
        await shop.cancel_failed("OutcomeUnknown")
    assert pauses[:6] == [30, 30, 60, 120, 240, 480]
    assert max(pauses) == 600
    assert shop.heard() == [("order_moved", "fulfilled"), ("cancel_refused", "fulfilled")]
    assert (await shop.order(queued)).status is OrderStatus.FULFILLED


@pytest.mark.parametrize("error", ["WrongState", "InvalidRequest", "NotFound"])
async def test_a_final_refusal_of_the_carrier_is_the_end_of_it(
    shop: Shop, lin: Subscriber, queued: Order, error: str
) -> None:
    await shop.wants_back(lin, queued)
    await shop.cancel_failed(error)
    assert shop.heard()[-1] == ("cancel_refused", "fulfilled")


# ── racing the activation ─────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def submitted(shop: Shop, lin: Subscriber, line: Line) -> Order:
    """A month, just paid from the wallet, which only the carrier has not heard of yet."""
    return await shop.paid_by_wallet(lin, line)


async def test_a_refund_that_overtakes_the_submission_waits_for_it(
    shop: Shop, line: Line, submitted: Order
) -> None:
    await shop.operator_refunds(submitted)
    await shop.cancel_failed("NotFound")
    assert (await shop.order(submitted)).status is OrderStatus.PAID
    await shop.carrier_answers(DONE)
    await shop.until_next_timer()
    await shop.cancel_answered(CANCELLED)
    assert (await shop.order(submitted)).status is OrderStatus.REFUNDED
    assert await shop.wallet(line) == yuan(199)
    assert await plans_of(shop, line) == []


async def test_an_order_that_the_carrier_never_got_is_refunded_and_not_submitted_again(
    shop: Shop, line: Line, submitted: Order
) -> None:
    await shop.carrier_is_silent()
    await shop.operator_refunds(submitted)
    shop.asked(CancelOrder)
    for _ in range(2):
        await shop.until_next_timer()
        await shop.carrier_answers(NOT_FOUND)
    refunded = await shop.order(submitted)
    assert (refunded.status, refunded.reason) == (OrderStatus.REFUNDED, "by_operator")
    assert shop.asked(SubmitOrder) == []
    assert await shop.wallet(line) == yuan(199)


async def test_an_activation_told_after_the_cancelling_changes_nothing(
    shop: Shop, line: Line, submitted: Order
) -> None:
    await shop.carrier_answers(PENDING)
    await shop.operator_refunds(submitted)
    await shop.cancel_answered(CANCELLED)
    await shop.pass_time(hours=1)
    async with shop.unit() as unit:
        late = OrderAnswered(submitted.id, Look(1), CarrierOrder(DONE))
        await shop.fulfil.on_answered(unit, late)
    assert (await shop.order(submitted)).status is OrderStatus.REFUNDED
    assert await plans_of(shop, line) == []
    assert await shop.wallet(line) == yuan(199)


async def test_an_activation_told_just_before_the_cancelling_is_undone_by_it(
    shop: Shop, line: Line, submitted: Order
) -> None:
    await shop.operator_refunds(submitted)
    await shop.carrier_answers(DONE)
    await shop.cancel_answered(CANCELLED)
    assert (await shop.order(submitted)).status is OrderStatus.REFUNDED
    assert await shop.balance(REVENUE) == yuan(0)
    assert await plans_of(shop, line) == []


# ── by an operator ────────────────────────────────────────────────────────────────────────────────


async def test_an_operator_refunds_what_the_carrier_can_no_longer_cancel(
    shop: Shop, line: Line, running: Order
) -> None:
    await shop.operator_refunds(running)
    await shop.operator_refunds(running)
    await shop.cancel_answered(NOT_CANCELLABLE)
    refunded = await shop.order(running)
    assert (refunded.status, refunded.reason) == (OrderStatus.REFUNDED, "by_operator")
    assert await shop.wallet(line) == yuan(199)
    assert await plans_of(shop, line) == []
    assert shop.heard()[-1] == ("order_refunding", "refunded")


async def test_a_refund_of_a_refunded_order_does_nothing(
    shop: Shop, line: Line, running: Order
) -> None:
    await shop.operator_refunds(running)
    await shop.cancel_answered(CANCELLED)
    await shop.operator_refunds(running)
    assert shop.asked(CancelOrder) == []
    assert await shop.wallet(line) == yuan(199)


async def test_the_operators_wish_takes_the_place_of_the_subscribers(
    shop: Shop, lin: Subscriber, queued: Order
) -> None:
    await shop.wants_back(lin, queued)
    await shop.operator_refunds(queued)
    await shop.cancel_answered(NOT_CANCELLABLE, times=2)
    assert (await shop.order(queued)).reason == "by_operator"


async def test_an_order_in_review_that_the_carrier_does_not_have_is_refunded(
    shop: Shop, line: Line, submitted: Order
) -> None:
    async with shop.unit() as unit:
        silence = OrderOutcomeUnknown(submitted.id, Look(silent=UNANSWERED_LOOKS))
        await shop.fulfil.on_outcome_unknown(unit, silence)
    assert (await shop.order(submitted)).status is OrderStatus.REVIEW
    await shop.operator_refunds(submitted)
    await shop.cancel_failed("NotFound")
    assert (await shop.order(submitted)).status is OrderStatus.REFUNDED
    assert await shop.wallet(line) == yuan(199)


async def test_what_was_charged_otherwise_than_agreed_goes_back_out_of_suspense(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    charge = shop.charge_of(await shop.open_invoice(lin, order))
    await shop.charged(replace(charge, amount=yuan(100)))
    await shop.operator_refunds(order)
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    assert await shop.balance(REFUNDS_DUE) == yuan(100)
    assert shop.asked(CancelOrder) == [], "it was never ordered"
    await shop.operator_has_sent(order)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED


async def test_an_order_that_holds_no_money_is_not_refunded(shop: Shop, lin: Subscriber) -> None:
    order = (await shop.quote(lin)).order
    with pytest.raises(WrongOrderStatus):
        await shop.operator_refunds(order)
    with pytest.raises(UnknownOrder):
        await shop.operator_refunds(replace(order, id="LEB-0000-0000"))
