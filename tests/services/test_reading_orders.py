"""Reading orders: the bills, page by page, and one order's card."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import UnknownOrder
from bot.domain.line import Line
from bot.domain.order import Order
from bot.domain.subscriber import Subscriber
from bot.services.ports import CarrierOrderState
from tests.services.shop import Shop, yuan


async def confirmed(shop: Shop, lin: Subscriber) -> Order:
    shop.clock.advance(timedelta(seconds=1))
    order = (await shop.quote(lin, "D1")).order
    await shop.open_invoice(lin, order)
    return order


async def test_orders_come_four_a_page_the_newest_first(shop: Shop, lin: Subscriber) -> None:
    ids = [(await confirmed(shop, lin)).id for _ in range(5)][::-1]
    async with shop.unit() as unit:
        first = await shop.orders.page(unit, lin, 0)
        last = await shop.orders.page(unit, lin, 1)
        beyond = await shop.orders.page(unit, lin, 99)
    assert [order.id for order, _ in first.orders] == ids[:4]
    assert [order.id for order, _ in last.orders] == ids[4:]
    assert (first.page, first.pages) == (0, 2)
    assert beyond == last


async def test_a_mere_quote_is_no_bill(shop: Shop, lin: Subscriber) -> None:
    await shop.quote(lin)
    async with shop.unit() as unit:
        page = await shop.orders.page(unit, lin, 0)
        latest = await shop.orders.latest(unit, lin)
    assert (page.orders, page.pages, latest) == ([], 1, None)


async def test_a_card_tells_the_orders_whole_way(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.fund(line, yuan(199))
    order = (await shop.quote(lin)).order
    await shop.pay_by_wallet(lin, order)
    await shop.carrier_answers(CarrierOrderState.DONE)
    async with shop.unit() as unit:
        card = await shop.orders.latest(unit, lin)
    assert card is not None
    assert card.plan is not None
    assert (card.order.id, card.line, card.plan.code) == (order.id, line, "M30")
    way = [row.event for row in card.history]
    assert way == ["quote", "confirm", "pay", "submit", "activate"]


async def test_the_card_shows_the_price_at_which_it_was_bought(shop: Shop, lin: Subscriber) -> None:
    order = await confirmed(shop, lin)
    await shop.reprice("D1", yuan(20))
    async with shop.unit() as unit:
        card = await shop.orders.card(unit, lin, order.id)
    assert card.plan is not None
    assert (card.plan.price, card.order.total) == (yuan(15), yuan(15))


async def test_nobody_sees_an_order_of_somebody_else(shop: Shop, lin: Subscriber) -> None:
    order = await confirmed(shop, lin)
    stranger = await shop.meet(7002)
    async with shop.unit() as unit:
        with pytest.raises(UnknownOrder):
            await shop.orders.card(unit, stranger, order.id)
        with pytest.raises(UnknownOrder):
            await shop.orders.card(unit, lin, "LEB-2611-NONE")
