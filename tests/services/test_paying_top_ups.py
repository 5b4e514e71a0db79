"""Paying for a top-up: the money is in the wallet once, or goes back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from bot.domain.errors import (
    UnknownLine,
    WrongOrderStatus,
)
from bot.domain.ledger import DEFERRED, REFUNDS_DUE, REVENUE, SUSPENSE, clearing_of
from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import PaymentMethod, PreCheckoutRefusal, Settlement
from bot.domain.subscriber import Subscriber
from bot.services.platform_requests import ChargeCard
from bot.services.requests import CancelOrder, SubmitOrder
from tests.services.conftest import LIN
from tests.services.kept_cards import by, keeps, paid, seen
from tests.services.shop import Shop, found_line, yuan


async def way(shop: Shop, order: Order) -> list[str]:
    async with shop.unit() as unit:
        return [step.event for step in await unit.orders.history(order.id)]


async def close(shop: Shop, lin: Subscriber, order: Order, closed_by: str) -> None:
    if closed_by == "expiry":
        await shop.pass_time(days=3)
    else:
        await shop.cancel(lin, order)
    shop.heard()


async def test_the_money_is_in_the_wallet_with_the_payment(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.top_up(lin, yuan(50))
    payment = await shop.open_invoice(lin, order)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
    done = await shop.order(order)
    assert done.status is OrderStatus.FULFILLED
    assert (done.paid_at, done.fulfilled_at) == (shop.clock.now(), shop.clock.now())
    assert (done.receipt_number, done.starts_at, done.ends_at) == (1, None, None)
    assert await way(shop, order) == ["quote", "confirm", "pay", "submit", "activate"]
    assert await shop.wallet(line) == yuan(50)
    assert await shop.balance(clearing_of("invoice")) == -yuan(50)
    assert await shop.balance(DEFERRED) == await shop.balance(REVENUE) == yuan(0)
    assert shop.heard() == [("order_moved", "fulfilled"), ("topped_up", "fulfilled")]


async def test_nothing_is_asked_of_the_carrier_nor_waited_for(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.topped_up(lin, yuan(50))
    await shop.pass_time(hours=30)
    assert (shop.asked(SubmitOrder), shop.asked(CancelOrder), shop.heard()) == ([], [], [])


async def test_the_same_charge_again_fills_nothing(shop: Shop, lin: Subscriber, line: Line) -> None:
    payment = await shop.open_invoice(lin, await shop.top_up(lin, yuan(50)))
    charge = shop.charge_of(payment)
    settled = [await shop.charged(charge) for _ in range(3)]
    assert settled == [Settlement.PAID, *[Settlement.DUPLICATE_NOTICE] * 2]
    assert await shop.wallet(line) == yuan(50)


async def test_a_second_charge_goes_back_by_itself(shop: Shop, lin: Subscriber, line: Line) -> None:
    payment = await shop.open_invoice(lin, await shop.top_up(lin, yuan(50)))
    await shop.charged(shop.charge_of(payment))
    assert await shop.charged(shop.charge_of(payment)) is Settlement.SECOND_CHARGE
    assert await shop.wallet(line) == yuan(50)
    assert await shop.balance(REFUNDS_DUE) == yuan(50)
    assert ("charged_twice", "fulfilled") in shop.heard()


async def test_two_taps_on_pay_open_one_payment(shop: Shop, lin: Subscriber) -> None:
    order = await shop.top_up(lin, yuan(50))
    first = await shop.pay(lin, order, PaymentMethod.ALIPAY)
    second = await shop.pay(lin, order, PaymentMethod.ALIPAY)
    assert (first.payment, first.fresh, second.fresh) == (second.payment, True, False)


async def test_a_crash_before_the_commit_fills_nothing_and_the_notice_comes_again(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.top_up(lin, yuan(50))
    charge = shop.charge_of(await shop.open_invoice(lin, order))
    with suppress(ZeroDivisionError):
        async with shop.unit() as unit:
            await shop.settle.settle_charge(unit, charge)
            raise ZeroDivisionError
    assert await shop.wallet(line) == yuan(0)
    assert (await shop.order(order)).status is OrderStatus.AWAITING_PAYMENT
    assert await shop.charged(charge) is Settlement.PAID
    assert await shop.wallet(line) == yuan(50)


async def test_the_pre_checkout_is_approved_for_the_agreed_amount_alone(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.top_up(lin, yuan(50))
    payment = await shop.open_invoice(lin, order)
    await shop.withdraw("M30")
    async with shop.unit() as unit:
        assert await shop.settle.check(unit, payment.id, LIN, yuan(50)) is None
        refused = await shop.settle.check(unit, payment.id, LIN, yuan(5))
        assert refused is PreCheckoutRefusal.PRICE_CHANGED
    await shop.unlink(lin, line)
    async with shop.unit() as unit:
        refused = await shop.settle.check(unit, payment.id, LIN, yuan(50))
        assert refused is PreCheckoutRefusal.CLOSED


async def test_another_amount_than_agreed_is_held_for_an_operator(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.top_up(lin, yuan(50))
    charge = shop.charge_of(await shop.open_invoice(lin, order))
    assert await shop.charged(replace(charge, amount=yuan(500))) is Settlement.MISMATCH
    assert (await shop.order(order)).status is OrderStatus.REVIEW
    assert (await shop.wallet(line), await shop.balance(SUSPENSE)) == (yuan(0), yuan(500))


async def test_a_top_up_can_be_cancelled_while_it_is_not_paid(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.top_up(lin, yuan(50))
    await shop.open_invoice(lin, order)
    assert (await shop.cancel(lin, order)).status is OrderStatus.CANCELLED
    with pytest.raises(WrongOrderStatus):
        await shop.pay(lin, order, PaymentMethod.INVOICE)


async def test_a_quote_that_nobody_confirmed_closes_in_silence(shop: Shop, lin: Subscriber) -> None:
    let_be, let_go = await shop.top_up(lin, yuan(50)), await shop.top_up(lin, yuan(50))
    await shop.cancel(lin, let_go)
    await shop.pass_time(minutes=31)
    closed = [(await shop.order(order)).status for order in (let_be, let_go)]
    assert closed == [OrderStatus.EXPIRED, OrderStatus.CANCELLED]
    assert shop.heard() == []


async def test_a_top_up_closes_after_half_an_hour(shop: Shop, lin: Subscriber) -> None:
    order = await shop.top_up(lin, yuan(50))
    await shop.open_invoice(lin, order)
    await shop.pass_time(minutes=31)
    assert (await shop.order(order)).status is OrderStatus.EXPIRED
    assert ("order_expired", "expired") in shop.heard()


@pytest.mark.parametrize("closed_by", ["expiry", "cancelling"])
async def test_a_late_payment_is_always_accepted(
    shop: Shop, lin: Subscriber, line: Line, closed_by: str
) -> None:
    order = await shop.top_up(lin, yuan(50))
    payment = await shop.open_invoice(lin, order)
    await close(shop, lin, order, closed_by)
    await shop.reprice("M30", yuan(250))
    assert await shop.charged(shop.charge_of(payment)) is Settlement.REOPENED
    assert (await shop.order(order)).status is OrderStatus.FULFILLED
    assert await shop.wallet(line) == yuan(50)
    assert shop.heard() == [("order_moved", "fulfilled"), ("topped_up", "fulfilled")]


@pytest.mark.parametrize("next_holder", [None, 7002])
async def test_money_for_a_line_that_is_no_longer_the_payers_goes_back(
    shop: Shop, lin: Subscriber, line: Line, next_holder: int | None
) -> None:
    order = await shop.top_up(lin, yuan(50))
    payment = await shop.open_invoice(lin, order)
    await shop.unlink(lin, line)
    if next_holder is not None:
        await shop.link_contact(next_holder, found_line("1001"))
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
    back = await shop.order(order)
    assert (back.status, back.reason) == (OrderStatus.REFUNDING, "not_their_line")
    assert await way(shop, order) == ["quote", "confirm", "pay", "reject"]
    assert (await shop.wallet(line), await shop.balance(REFUNDS_DUE)) == (yuan(0), yuan(50))
    assert shop.heard() == [("order_moved", "refunding"), ("order_refunding", "refunding")]


@pytest.mark.parametrize("closed_by", ["expiry", "cancelling"])
async def test_late_money_for_a_line_that_is_no_longer_the_payers_goes_back(
    shop: Shop, lin: Subscriber, line: Line, closed_by: str
) -> None:
    order = await shop.top_up(lin, yuan(50))
    payment = await shop.open_invoice(lin, order)
    await close(shop, lin, order, closed_by)
    await shop.unlink(lin, line)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.TOO_LATE
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    assert (await shop.wallet(line), await shop.balance(REFUNDS_DUE)) == (yuan(0), yuan(50))


async def test_a_line_that_is_no_longer_the_payers_is_not_paid_for(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.top_up(lin, yuan(50))
    await shop.unlink(lin, line)
    with pytest.raises(UnknownLine):
        await shop.pay(lin, order, PaymentMethod.INVOICE)


async def test_a_kept_card_fills_the_wallet_by_a_tap(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    card = await keeps(shop, lin)
    order = await shop.top_up(lin, yuan(50))
    payment = (await shop.pay(lin, order, by(card))).payment
    assert payment is not None
    [request] = shop.asked(ChargeCard)
    assert (request.amount, "余额充值" in request.title) == (yuan(50), True)
    await seen(shop, payment, paid(payment))
    assert (await shop.order(order)).status is OrderStatus.FULFILLED
    assert await shop.wallet(line) == yuan(50)
