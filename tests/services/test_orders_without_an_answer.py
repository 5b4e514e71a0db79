"""Orders about which the carrier says nothing, or too little: looked after, never sent blindly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.subscriber import Subscriber
from bot.services.fulfil_order import UNANSWERED_LOOKS
from bot.services.ports import CarrierOrder, CarrierOrderState
from bot.services.requests import Look, LookUpOrder, OrderAnswered, SubmitOrder
from tests.services.shop import Shop

DONE = CarrierOrderState.DONE
PENDING = CarrierOrderState.PENDING
NOT_FOUND = CarrierOrderState.NOT_FOUND
REJECTED = CarrierOrderState.REJECTED


@pytest.fixture
async def order(shop: Shop, lin: Subscriber, line: Line) -> Order:
    """A month, just paid from the wallet."""
    return await shop.paid_by_wallet(lin, line)


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
