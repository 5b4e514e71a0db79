"""A refund that the platform called done, and that its payee's bank did not take after all."""

from __future__ import annotations

import pytest

from bot.domain.ledger import REFUNDS_DUE, REVENUE, SUSPENSE, clearing_of
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import RefundStatus
from bot.domain.subscriber import Subscriber
from bot.services.platform import PlatformRefund, RefundState
from bot.services.platform_requests import RefundCharge, RefundsSeen
from bot.services.ports import CarrierOrder, CarrierOrderState
from bot.services.requests import Look, OrderAnswered
from tests.services.shop import Shop, yuan
from tests.services.test_paying_on_a_page import at_the_page, paid, refund_seen, seen

ALIPAY = clearing_of("alipay")


@pytest.fixture
async def asked(shop: Shop, lin: Subscriber) -> RefundCharge:
    """What the platform is asked to send back, of a month that the carrier rejected."""
    _, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    [refund] = shop.asked(RefundCharge)
    shop.heard()
    return refund


async def newest(shop: Shop, lin: Subscriber) -> Order:
    async with shop.unit() as unit:
        [order] = await unit.orders.of(lin.id, 1, 0)
    return order


async def owed(shop: Shop) -> list[RefundStatus]:
    async with shop.unit() as unit:
        return [each.status for each in await unit.payments.owed_refunds()]


async def tell(shop: Shop, state: RefundState, charge_id: str, ref: str, fen: int) -> None:
    """Of a refund that was made in the platform's own dashboard."""
    made = PlatformRefund(ref, charge_id, yuan(fen), state, key=None)
    async with shop.unit() as unit:
        await shop.follow_refund.on_seen(unit, RefundsSeen([made]))


async def test_it_is_owed_again_and_the_order_is_an_operators(
    shop: Shop, lin: Subscriber, asked: RefundCharge
) -> None:
    await refund_seen(shop, asked, RefundState.DONE)
    assert await shop.balance(REFUNDS_DUE) == yuan(0)
    shop.heard()
    await refund_seen(shop, asked, RefundState.FAILED)
    assert await owed(shop) == [RefundStatus.FAILED]
    assert await shop.balance(REFUNDS_DUE) == yuan(199)
    assert await shop.balance(ALIPAY) == -yuan(199)
    assert (await newest(shop, lin)).status is OrderStatus.REVIEW
    assert shop.heard() == [("order_moved", "review"), ("order_in_review", "review")]
    assert shop.operators.paged == ["refund_came_back"]


async def test_however_often_it_is_told_it_comes_back_once(
    shop: Shop, lin: Subscriber, asked: RefundCharge
) -> None:
    await refund_seen(shop, asked, RefundState.DONE)
    for _ in range(3):
        await refund_seen(shop, asked, RefundState.FAILED)
    assert await shop.balance(REFUNDS_DUE) == yuan(199)
    assert shop.operators.paged == ["refund_came_back"]


async def test_an_older_word_that_it_is_done_does_not_end_it(
    shop: Shop, lin: Subscriber, asked: RefundCharge
) -> None:
    await refund_seen(shop, asked, RefundState.DONE)
    await refund_seen(shop, asked, RefundState.FAILED)
    await refund_seen(shop, asked, RefundState.DONE)
    assert await owed(shop) == [RefundStatus.FAILED]
    assert await shop.balance(REFUNDS_DUE) == yuan(199)


async def test_what_an_operator_sends_in_another_way_ends_it_and_stays_sent(
    shop: Shop, lin: Subscriber, asked: RefundCharge
) -> None:
    await refund_seen(shop, asked, RefundState.DONE)
    await refund_seen(shop, asked, RefundState.FAILED)
    order = await newest(shop, lin)
    await shop.operator_has_sent(order)
    await refund_seen(shop, asked, RefundState.FAILED)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED
    assert await shop.balance(REFUNDS_DUE) == yuan(0)
    assert await shop.balance(ALIPAY) == yuan(0)


async def test_a_delivery_that_is_told_late_is_not_taken_for_money_that_is_owed(
    shop: Shop, lin: Subscriber, asked: RefundCharge
) -> None:
    await refund_seen(shop, asked, RefundState.DONE)
    await refund_seen(shop, asked, RefundState.FAILED)
    order = await newest(shop, lin)
    done = OrderAnswered(order.id, Look(), CarrierOrder(CarrierOrderState.DONE))
    async with shop.unit() as unit:
        await shop.fulfil.on_answered(unit, done)
    assert (await shop.order(order)).status is OrderStatus.REVIEW
    assert await shop.balance(REVENUE) == yuan(0)


async def test_a_second_attempt_in_the_dashboard_may_come_back_too(
    shop: Shop, lin: Subscriber, asked: RefundCharge
) -> None:
    await refund_seen(shop, asked, RefundState.DONE)
    await refund_seen(shop, asked, RefundState.FAILED)
    for state in (RefundState.DONE, RefundState.FAILED):
        await tell(shop, state, asked.charge_id, "re_2", 199)
    assert await owed(shop) == [RefundStatus.FAILED]
    await tell(shop, RefundState.DONE, asked.charge_id, "re_3", 199)
    assert await owed(shop) == []
    assert await shop.balance(ALIPAY) == yuan(0)
    assert (await newest(shop, lin)).status is OrderStatus.REFUNDED


async def test_a_second_charge_that_comes_back_leaves_the_order_as_it_is(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    await seen(shop, paid(payment, charge_id="ch_2"))
    [second] = shop.asked(RefundCharge)
    await refund_seen(shop, second, RefundState.DONE)
    await refund_seen(shop, second, RefundState.FAILED)
    assert (await shop.order(order)).status is OrderStatus.PAID
    assert await owed(shop) == [RefundStatus.FAILED]


async def test_one_that_nobody_here_owed_comes_back_to_suspense_once(
    shop: Shop, lin: Subscriber
) -> None:
    _, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    await tell(shop, RefundState.DONE, "ch_1", "re_9", 10)
    assert await shop.balance(SUSPENSE) == -yuan(10)
    for _ in range(2):
        await tell(shop, RefundState.FAILED, "ch_1", "re_9", 10)
    assert await shop.balance(SUSPENSE) == yuan(0)
    assert await shop.balance(ALIPAY) == -yuan(199)
    assert shop.operators.paged == ["refund_fits_nothing", "refund_came_back"]


async def test_one_that_failed_from_the_start_and_was_never_booked_changes_nothing(
    shop: Shop, lin: Subscriber
) -> None:
    _, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    await tell(shop, RefundState.FAILED, "ch_1", "re_9", 10)
    assert await shop.balance(SUSPENSE) == yuan(0)
    assert shop.operators.paged == []
