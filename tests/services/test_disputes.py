"""Disputes: the order is flagged, the money leaves once, and an operator is paged."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.dispute import DisputeState
from bot.domain.ledger import CHARGEBACKS, clearing_of
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import Order
from bot.domain.subscriber import Subscriber
from bot.services.platform import PlatformDispute
from bot.services.platform_requests import DisputeSeen
from bot.services.read_bills import ReadBills
from tests.services.shop import Shop, yuan
from tests.services.test_paying_on_a_page import at_the_page, paid, seen


async def disputed(shop: Shop, state: DisputeState, charge_id: str = "ch_1") -> None:
    dispute = PlatformDispute("dp_1", charge_id, yuan(199), state)
    async with shop.unit() as unit:
        await shop.follow_refund.on_dispute(unit, DisputeSeen(dispute))


async def flag(shop: Shop) -> tuple[str, DisputeState] | None:
    async with shop.unit() as unit:
        dispute = await unit.disputes.get("dp_1")
    return (dispute.order_id, dispute.state) if dispute is not None else None


async def bought(shop: Shop, lin: Subscriber) -> Order:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    return order


async def gone(shop: Shop) -> Money:
    return -await shop.balance(CHARGEBACKS)


async def test_an_inquiry_flags_the_order_and_takes_nothing(shop: Shop, lin: Subscriber) -> None:
    order = await bought(shop, lin)
    await disputed(shop, DisputeState.INQUIRY)
    assert await flag(shop) == (order.id, DisputeState.INQUIRY)
    assert await gone(shop) == yuan(0)
    assert shop.operators.paged == ["dispute_inquiry"]


async def test_the_money_leaves_once_however_often_it_is_told(shop: Shop, lin: Subscriber) -> None:
    await bought(shop, lin)
    for state in (DisputeState.OPEN, DisputeState.OPEN, DisputeState.LOST, DisputeState.LOST):
        await disputed(shop, state)
    assert await gone(shop) == yuan(199)
    assert shop.operators.paged == ["dispute_open", "dispute_lost"]


async def test_it_shows_on_the_orders_card_and_in_the_bills_as_it_stands(
    shop: Shop, lin: Subscriber
) -> None:
    order = await bought(shop, lin)
    shop.heard()
    for state in (DisputeState.OPEN, DisputeState.LOST):
        await disputed(shop, state)
        assert shop.heard() == [("order_moved", "paid")]
        async with shop.unit() as unit:
            card = await shop.orders.card(unit, lin, order.id)
            receipt = await ReadBills().receipt(unit, lin, order.id)
            [bill] = await ReadBills().bills(unit, lin)
        assert (card.dispute, receipt.bill.dispute, bill.dispute) == (state, state, state)


async def test_of_two_disputes_of_an_order_the_later_one_shows(shop: Shop, lin: Subscriber) -> None:
    order = await bought(shop, lin)
    await disputed(shop, DisputeState.WON)
    await shop.pass_time(hours=1)
    second = PlatformDispute("dp_2", "ch_1", yuan(199), DisputeState.OPEN)
    async with shop.unit() as unit:
        await shop.follow_refund.on_dispute(unit, DisputeSeen(second))
        card = await shop.orders.card(unit, lin, order.id)
        [bill] = await ReadBills().bills(unit, lin)
    assert (card.dispute, bill.dispute) == (DisputeState.OPEN, DisputeState.OPEN)


async def test_what_is_won_comes_back(shop: Shop, lin: Subscriber) -> None:
    await bought(shop, lin)
    await disputed(shop, DisputeState.OPEN)
    await disputed(shop, DisputeState.WON)
    assert await gone(shop) == yuan(0)


async def test_a_dispute_of_a_charge_that_nobody_knows_is_for_an_operator(
    shop: Shop, lin: Subscriber
) -> None:
    await disputed(shop, DisputeState.OPEN, "ch_unknown")
    assert await flag(shop) is None
    assert shop.operators.paged == ["dispute_of_unknown_charge"]


async def test_a_disputed_second_charge_leaves_by_the_way_it_came(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    """Not by the way that paid the order."""
    await shop.fund(line, yuan(199))
    order, payment = await at_the_page(shop, lin)
    await shop.pay_by_wallet(lin, order)
    await seen(shop, paid(payment))
    await disputed(shop, DisputeState.OPEN)
    assert await shop.balance(clearing_of("alipay")) == yuan(0)
    assert await shop.balance(clearing_of("wallet")) == yuan(0)
    assert await flag(shop) == (order.id, DisputeState.OPEN)


async def test_a_dispute_of_money_in_suspense_is_booked_too(shop: Shop, lin: Subscriber) -> None:
    _, payment = await at_the_page(shop, lin)
    await seen(shop, replace(paid(payment), payment_id="of a lost database"))
    for state in (DisputeState.OPEN, DisputeState.OPEN, DisputeState.WON, DisputeState.WON):
        await disputed(shop, state)
        assert await gone(shop) == yuan(199 if state is DisputeState.OPEN else 0)
