"""What a receipt rests on, and the orders of an export."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import UnknownOrder, WrongOrderStatus
from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import RefundStatus
from bot.domain.subscriber import Subscriber
from bot.services.ports import CarrierOrderState
from bot.services.read_bills import Bill, ReadBills, Receipt
from tests.services.kept_cards import charged, keeps, paid, removes, seen
from tests.services.shop import Shop, yuan

BEN = 7002


async def receipt(shop: Shop, subscriber: Subscriber, order: Order) -> Receipt:
    async with shop.unit() as unit:
        return await ReadBills().receipt(unit, subscriber, order.id)


async def bills(shop: Shop, subscriber: Subscriber) -> list[Bill]:
    async with shop.unit() as unit:
        return await ReadBills().bills(unit, subscriber)


async def test_receipts_are_numbered_as_the_payments_come(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    """An order that is never paid takes no number."""
    await shop.fund(line, yuan(1000))
    numbers = []
    for pays in (True, False, True):
        order = (await shop.quote(lin)).order
        if pays:
            await shop.pay_by_wallet(lin, order)
            numbers.append((await receipt(shop, lin, order)).number)
    assert numbers == [1, 2]


async def test_the_wallet_leaves_no_charge_on_the_receipt(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.paid_by_wallet(lin, line)
    shown = await receipt(shop, lin, order)
    assert shown.bill.order == order
    assert shown.charges == []
    assert shown.bill.refunds == []


async def test_a_charge_too_many_is_on_the_receipt_as_what_goes_back(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = (await shop.quote(lin)).order
    charge = shop.charge_of(await shop.open_invoice(lin, order))
    again = replace(charge, id="ch_again")
    await shop.charged(charge)
    await shop.charged(again)
    shown = await receipt(shop, lin, order)
    assert [each.id for each in shown.charges] == [charge.id]
    (refund,) = shown.bill.refunds
    assert (refund.charge_id, refund.credit_note_number) == (again.id, 1)
    assert refund.status is RefundStatus.DUE


async def test_a_refund_to_the_wallet_has_its_credit_note_at_once(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.paid_by_wallet(lin, line)
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    (refund,) = (await receipt(shop, lin, order)).bill.refunds
    assert (refund.amount, refund.credit_note_number) == (yuan(199), 1)
    assert refund.status is RefundStatus.DONE


async def test_an_order_that_was_never_paid_has_no_receipt(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = (await shop.quote(lin)).order
    await shop.open_invoice(lin, order)
    with pytest.raises(WrongOrderStatus):
        await receipt(shop, lin, order)


async def test_a_receipt_and_bills_are_for_their_owner_alone(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.paid_by_wallet(lin, line)
    stranger = await shop.meet(BEN)
    with pytest.raises(UnknownOrder):
        await receipt(shop, stranger, order)
    assert await bills(shop, stranger) == []


async def test_the_bills_are_all_confirmed_orders_with_their_refunds_newest_first(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    given_back = await shop.paid_by_wallet(lin, line)
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    await shop.pass_time(minutes=1)
    unpaid = (await shop.quote(lin, "D1", 3)).order
    await shop.open_invoice(lin, unpaid)
    await shop.pass_time(minutes=1)
    await shop.quote(lin)
    found = await bills(shop, lin)
    assert [(each.order.id, each.order.status) for each in found] == [
        (unpaid.id, OrderStatus.AWAITING_PAYMENT),
        (given_back.id, OrderStatus.REFUNDED),
    ]
    assert [len(each.refunds) for each in found] == [0, 1]
    assert [each.plan.code for each in found if each.plan is not None] == ["D1", "M30"]


async def test_the_receipt_names_the_kept_card_also_once_it_is_removed(
    shop: Shop, lin: Subscriber
) -> None:
    card = await keeps(shop, lin)
    order, payment = await charged(shop, lin, card)
    await seen(shop, payment, paid(payment))
    await removes(shop, lin, card)
    assert (await receipt(shop, lin, order)).card == card
