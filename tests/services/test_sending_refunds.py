"""Refunds that an operator sends in the provider's dashboard, and books here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.errors import NothingOwed, SeveralOwed
from bot.domain.ledger import REFUNDS_DUE, clearing_of
from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import Charge
from bot.domain.subscriber import Subscriber
from bot.services.ports import CarrierOrderState
from tests.services.shop import Shop, yuan

INVOICES = clearing_of("invoice")


@pytest.fixture
async def rejected(shop: Shop, lin: Subscriber) -> Order:
    """A month, paid by invoice, which the carrier rejected."""
    order = (await shop.quote(lin)).order
    await shop.charged(shop.charge_of(await shop.open_invoice(lin, order)))
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    shop.heard()
    return await shop.order(order)


async def test_a_refund_that_was_sent_empties_what_is_owed_and_what_the_platform_holds(
    shop: Shop, rejected: Order
) -> None:
    assert await shop.balance(INVOICES) == -yuan(199)
    await shop.operator_has_sent(rejected)
    assert await shop.balance(REFUNDS_DUE) == yuan(0)
    assert await shop.balance(INVOICES) == yuan(0)
    assert (await shop.order(rejected)).status is OrderStatus.REFUNDED
    assert shop.heard() == [("order_moved", "refunded"), ("refund_sent", "refunded")]


async def test_a_refund_is_sent_once(shop: Shop, rejected: Order) -> None:
    await shop.operator_has_sent(rejected)
    with pytest.raises(NothingOwed):
        await shop.operator_has_sent(rejected)
    assert await shop.balance(INVOICES) == yuan(0)


async def test_a_wallet_is_owed_nothing(shop: Shop, lin: Subscriber, line: Line) -> None:
    order = await shop.paid_by_wallet(lin, line)
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    with pytest.raises(NothingOwed):
        await shop.operator_has_sent(order)


@pytest.fixture
async def charged_again(shop: Shop, lin: Subscriber) -> Charge:
    """The second charge of an order that the carrier has not answered yet."""
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    await shop.charged(shop.charge_of(payment))
    second = shop.charge_of(payment)
    await shop.charged(second)
    return second


async def test_sending_a_second_charge_back_leaves_the_order_as_it_is(
    shop: Shop, lin: Subscriber, charged_again: Charge
) -> None:
    order = await newest(shop, lin)
    await shop.carrier_answers(CarrierOrderState.DONE)
    shop.heard()
    await shop.operator_has_sent(order)
    assert (await shop.order(order)).status is OrderStatus.FULFILLED
    assert shop.heard() == [("refund_sent", "fulfilled")]


@pytest.mark.parametrize(
    "named",
    [lambda order, charge: charge.id, lambda order, charge: order.id],
    ids=["charge", "own"],
)
async def test_of_two_refunds_one_has_to_be_named_and_the_last_one_ends_the_order(
    shop: Shop, lin: Subscriber, charged_again: Charge, named: Callable[[Order, Charge], str]
) -> None:
    order = await newest(shop, lin)
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    with pytest.raises(SeveralOwed):
        await shop.operator_has_sent(order)
    await shop.operator_has_sent(order, named(order, charged_again))
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    with pytest.raises(NothingOwed):
        await shop.operator_has_sent(order, "ch_unheard_of")
    await shop.operator_has_sent(order)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED
    assert await shop.balance(INVOICES) == yuan(0)


async def newest(shop: Shop, lin: Subscriber) -> Order:
    async with shop.unit() as unit:
        (order,) = await unit.orders.of(lin.id, 1, 0)
    return order
