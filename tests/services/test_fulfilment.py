"""A paid order on its way through the carrier: delivered once, or the money goes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ledger import DEFERRED, REFUNDS_DUE, REVENUE
from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.subscriber import Subscriber
from bot.services.fulfil_order import UNANSWERED_LOOKS
from bot.services.ports import CarrierOrder, CarrierOrderState
from bot.services.requests import Look, LookUpOrder, OrderAnswered, ReadLine, SubmitOrder
from tests.services.shop import Shop, yuan

DONE = CarrierOrderState.DONE
PENDING = CarrierOrderState.PENDING
NOT_FOUND = CarrierOrderState.NOT_FOUND
REJECTED = CarrierOrderState.REJECTED


@pytest.fixture
async def order(shop: Shop, lin: Subscriber, line: Line) -> Order:
    """A month, just paid from the wallet."""
    await shop.fund(line, yuan(199))
    order = (await shop.quote(lin)).order
    await shop.pay_by_wallet(lin, order)
    shop.heard()
    shop.asked(ReadLine)
    return await shop.order(order)


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


# ── no answer ─────────────────────────────────────────────────────────────────────────────────────


async def test_an_unanswered_submission_is_looked_for_and_not_repeated(
    shop: Shop, order: Order
) -> None:
    await shop.carrier_is_silent()
    assert (await shop.order(order)).status is OrderStatus.FULFILLING
    await shop.until_next_timer()
    assert shop.asked(SubmitOrder) == []
    await shop.carrier_answers(PENDING)
    await shop.until_next_timer()
    await shop.carrier_answers(DONE)
    assert (await shop.order(order)).status is OrderStatus.FULFILLED


async def test_an_order_that_the_carrier_twice_does_not_have_is_submitted_again_under_its_key(
    shop: Shop, order: Order
) -> None:
    await shop.carrier_is_silent()
    await shop.until_next_timer()
    await shop.carrier_answers(NOT_FOUND)
    assert shop.asked(SubmitOrder) == [], "once may be too early"
    await shop.until_next_timer()
    await shop.carrier_answers(NOT_FOUND)
    (again,) = shop.asked(SubmitOrder)
    assert again.key == f"order:{order.id}:fulfil"


@pytest.mark.parametrize("between", [PENDING, CarrierOrderState.UNKNOWN])
async def test_two_looks_that_miss_it_must_follow_each_other(
    shop: Shop, order: Order, between: CarrierOrderState
) -> None:
    await shop.carrier_is_silent()
    for answer in (NOT_FOUND, between, NOT_FOUND):
        await shop.until_next_timer()
        await shop.carrier_answers(answer)
    assert shop.asked(SubmitOrder) == []


async def test_an_order_about_which_the_carrier_stays_silent_goes_to_an_operator(
    shop: Shop, order: Order
) -> None:
    await shop.carrier_is_silent()
    await looks_unanswered(shop, order)
    lost = await shop.order(order)
    assert (lost.status, lost.reason) == (OrderStatus.REVIEW, "carrier_silent")
    assert order.paid_at is not None
    waited = shop.clock.now() - order.paid_at
    assert timedelta(minutes=25) < waited < timedelta(minutes=35)
    assert shop.heard()[-2:] == [("order_moved", "review"), ("order_in_review", "review")]
    await shop.pass_time(days=2)
    assert shop.asked(SubmitOrder) == []
    assert shop.asked(LookUpOrder) == []


async def looks_unanswered(shop: Shop, order: Order) -> None:
    """Every look goes unanswered until the order goes to an operator."""
    while (await shop.order(order)).status is OrderStatus.FULFILLING:
        await shop.until_next_timer()
        if await question_open(shop):
            await shop.carrier_is_silent()


async def question_open(shop: Shop) -> bool:
    """Whether the timer just decided was a look, and not the half hour's apology."""
    looks = shop.asked(LookUpOrder)
    async with shop.unit() as unit:
        for look in looks:
            unit.outbox.carrier(look)
    return bool(looks)


async def test_one_missed_answer_about_a_slow_order_loses_nothing(shop: Shop, order: Order) -> None:
    await shop.carrier_answers(PENDING)
    for _ in range(20):
        await shop.until_next_timer()
        if await question_open(shop):
            await shop.carrier_answers(PENDING)
    await shop.until_next_timer()
    await shop.carrier_is_silent()
    assert (await shop.order(order)).status is OrderStatus.FULFILLING


@pytest.mark.parametrize("answer", [PENDING, NOT_FOUND])
async def test_silence_is_counted_anew_after_every_answer(
    shop: Shop, order: Order, answer: CarrierOrderState
) -> None:
    async with shop.unit() as unit:
        told = OrderAnswered(order.id, Look(12, silent=UNANSWERED_LOOKS), CarrierOrder(answer))
        await shop.fulfil.on_answered(unit, told)
    shop.asked(SubmitOrder)
    await shop.until_next_timer()
    await shop.carrier_is_silent()
    assert (await shop.order(order)).status is OrderStatus.FULFILLING


async def test_an_order_pending_for_a_day_goes_to_an_operator(shop: Shop, order: Order) -> None:
    await shop.carrier_answers(PENDING)
    shop.clock.advance(timedelta(hours=25))
    await shop.until_next_timer()
    if not await question_open(shop):
        await shop.until_next_timer()
    await shop.carrier_answers(PENDING)
    assert (await shop.order(order)).status is OrderStatus.REVIEW


async def test_an_order_in_review_that_turns_out_delivered_is_ready(
    shop: Shop, order: Order
) -> None:
    await shop.carrier_is_silent()
    await looks_unanswered(shop, order)
    shop.heard()
    async with shop.unit() as unit:
        found = OrderAnswered(order.id, Look(), CarrierOrder(DONE))
        await shop.fulfil.on_answered(unit, found)
    assert (await shop.order(order)).status is OrderStatus.FULFILLED
    assert shop.heard() == [("order_moved", "fulfilled"), ("order_ready", "fulfilled")]


@pytest.mark.parametrize("state", [PENDING, REJECTED, NOT_FOUND, CarrierOrderState.UNKNOWN])
async def test_nothing_else_takes_an_order_in_review_out_of_the_operators_hands(
    shop: Shop, order: Order, state: CarrierOrderState
) -> None:
    await shop.carrier_is_silent()
    await looks_unanswered(shop, order)
    shop.heard()
    async with shop.unit() as unit:
        told = OrderAnswered(order.id, Look(5, missing=1), CarrierOrder(state))
        await shop.fulfil.on_answered(unit, told)
    assert (await shop.order(order)).status is OrderStatus.REVIEW
    assert shop.asked(SubmitOrder) == []
    assert shop.heard() == []


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
