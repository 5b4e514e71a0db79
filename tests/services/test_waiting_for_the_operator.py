"""What only the operator can mend at the carrier refunds nobody: the orders wait for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain import errors
from bot.domain.errors import CarrierError
from bot.domain.ledger import DEFERRED
from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.subscriber import Subscriber
from bot.services.fulfil_order import FOR_THE_OPERATOR
from bot.services.ports import CarrierOrderState
from bot.services.requests import SubmitOrder
from tests.services.shop import Shop, yuan


@pytest.fixture
async def order(shop: Shop, lin: Subscriber, line: Line) -> Order:
    """A month, just paid from the wallet."""
    return await shop.paid_by_wallet(lin, line)


async def is_refused(shop: Shop, order: Order, error: str) -> bool:
    """The carrier refuses the submission that waits, if one does."""
    submissions = shop.asked(SubmitOrder)
    for _ in submissions:
        async with shop.unit() as unit:
            await shop.fulfil.on_refused(unit, order.id, error)
    return bool(submissions)


@pytest.mark.parametrize("error", sorted(FOR_THE_OPERATOR))
async def test_the_order_stays_paid_and_is_submitted_again_with_growing_pauses(
    shop: Shop, line: Line, order: Order, error: str
) -> None:
    assert await is_refused(shop, order, error)
    pauses = []
    for _ in range(5):
        pauses.append((await shop.until_next_timer()).total_seconds())
        assert await is_refused(shop, order, error)
    assert pauses == [60, 60, 120, 240, 480]
    assert (await shop.order(order)).status is OrderStatus.PAID
    assert await shop.wallet(line) == yuan(0)
    assert shop.heard() == []


async def test_once_it_is_mended_the_order_is_delivered(shop: Shop, order: Order) -> None:
    await is_refused(shop, order, "OutOfFunds")
    await shop.until_next_timer()
    await shop.carrier_answers(CarrierOrderState.DONE)
    assert (await shop.order(order)).status is OrderStatus.FULFILLED


async def test_half_an_hour_later_the_delay_is_said(shop: Shop, order: Order) -> None:
    await is_refused(shop, order, "AuthFailed")
    while shop.clock.now() - order.created_at < timedelta(minutes=31):
        await shop.until_next_timer()
        await is_refused(shop, order, "AuthFailed")
    assert shop.heard() == [("order_moved", "paid"), ("order_delayed", "paid")]


async def test_after_a_day_an_operator_has_the_order(shop: Shop, order: Order) -> None:
    while (await shop.order(order)).status is OrderStatus.PAID:
        if not await is_refused(shop, order, "AuthFailed"):
            await shop.until_next_timer()
    held = await shop.order(order)
    assert (held.status, held.reason) == (OrderStatus.REVIEW, "carrier_refuses_operator")
    assert timedelta(hours=24) < shop.clock.now() - order.created_at < timedelta(hours=25)
    assert await shop.balance(DEFERRED) == yuan(199)
    assert shop.heard()[-1] == ("order_in_review", "review")


async def test_an_order_that_is_wanted_back_does_not_wait(
    shop: Shop, line: Line, order: Order
) -> None:
    await shop.operator_refunds(order)
    await is_refused(shop, order, "OutOfFunds")
    assert (await shop.order(order)).reason == "by_operator"
    assert await shop.wallet(line) == yuan(199)


def test_the_orders_wait_for_exactly_what_the_operator_must_mend() -> None:
    named = [each for each in vars(errors).values() if isinstance(each, type)]
    must_act = {
        each.__name__ for each in named if issubclass(each, CarrierError) and each.operator_must_act
    }
    assert must_act == FOR_THE_OPERATOR
