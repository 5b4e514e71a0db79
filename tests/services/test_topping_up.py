"""Putting money into a wallet: what is offered, how it is paid, and that it is there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import (
    AmountOutOfRange,
    NotARenewal,
    NotCancellable,
    PaymentMethodUnavailable,
    UnknownLine,
    UnknownOrder,
    WrongOrderStatus,
)
from bot.domain.ledger import DEFERRED, REFUNDS_DUE, REVENUE, SUSPENSE, clearing_of
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import Order, OrderStatus, TopUp
from bot.domain.payment import PaymentMethod, PreCheckoutRefusal, Settlement, Way
from bot.domain.subscriber import Subscriber
from bot.services.pay_order import PayOrder
from bot.services.renew_line import Quote, RenewLine
from bot.services.requests import CancelOrder, SubmitOrder
from bot.services.top_up_wallet import TopUpWallet
from tests.services.conftest import LIN
from tests.services.shop import TOP_UPS, Shop, found_line, yuan

OUTSIDE = [
    Way(PaymentMethod.INVOICE),
    Way(PaymentMethod.CARD),
    Way(PaymentMethod.ALIPAY),
    Way(PaymentMethod.WECHAT_PAY),
]


async def quote_for(shop: Shop, subscriber: Subscriber, order: Order) -> Quote:
    async with shop.unit() as unit:
        return await shop.top_ups.quote_for(unit, subscriber, order.id)


async def way(shop: Shop, order: Order) -> list[str]:
    async with shop.unit() as unit:
        return [step.event for step in await unit.orders.history(order.id)]


# ── what is offered ───────────────────────────────────────────────────────────────────────────────


async def test_the_amounts_are_offered_for_the_line_that_is_shown(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(36))
    async with shop.unit() as unit:
        choice = await shop.top_ups.choice(unit, lin)
    assert (choice.line, choice.wallet) == (line, yuan(36))
    assert choice.offered == [yuan(50), yuan(100), yuan(200)]


async def test_a_top_up_costs_what_it_brings_and_takes_no_coupon(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    async with shop.unit() as unit:
        quote = await shop.top_ups.quote(unit, lin, yuan(88))
    order = quote.order
    assert (order.buys, order.total, order.price) == (TopUp(), yuan(88), yuan(88))
    assert (order.line_id, quote.plan, quote.starts_at) == (line.id, None, None)
    async with shop.unit() as unit:
        with pytest.raises(NotARenewal):
            await shop.coupons.choices(unit, lin, order.id)


@pytest.mark.parametrize("minor", [999, 200_001, 0, -5000])
async def test_an_amount_out_of_bounds_is_refused_with_the_bounds(
    shop: Shop, lin: Subscriber, minor: int
) -> None:
    with pytest.raises(AmountOutOfRange) as refused:
        await shop.top_up(lin, Money(minor, "CNY"))
    assert (refused.value.least, refused.value.most) == (yuan(10), yuan(2000))


@pytest.mark.parametrize("amount", [10, 2000])
async def test_the_bounds_themselves_are_allowed(shop: Shop, lin: Subscriber, amount: int) -> None:
    assert (await shop.top_up(lin, yuan(amount))).total == yuan(amount)


async def test_every_way_but_the_wallet_fills_it_the_last_one_first(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(500))
    async with shop.unit() as unit:
        assert (await shop.top_ups.quote(unit, lin, yuan(50))).ways == OUTSIDE
    order = await shop.top_up(lin, yuan(50))
    with pytest.raises(PaymentMethodUnavailable):
        await shop.pay_by_wallet(lin, order)
    payment = (await shop.pay(lin, order, PaymentMethod.ALIPAY)).payment
    assert payment is not None
    await shop.charged(shop.charge_of(payment))
    async with shop.unit() as unit:
        again = await shop.top_ups.quote(unit, lin, yuan(50))
    assert again.ways[0] == Way(PaymentMethod.ALIPAY)


async def test_without_a_way_to_fill_wallets_no_top_up_is_offered(
    shop: Shop, lin: Subscriber
) -> None:
    renew = RenewLine(shop.clock, "LEB", [], TOP_UPS)
    top_ups = TopUpWallet(renew, TOP_UPS)
    async with shop.unit() as unit:
        with pytest.raises(PaymentMethodUnavailable):
            await top_ups.choice(unit, lin)
        with pytest.raises(PaymentMethodUnavailable):
            await top_ups.quote(unit, lin, yuan(50))
        assert (await renew.quote(unit, lin, "M30", 1)).top_up is None


async def test_a_renewal_says_what_its_wallet_is_short_of(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(36))
    short = await shop.quote(lin)
    assert short.top_up == yuan(163)
    await shop.fund_more(line, yuan(158))
    assert (await shop.quote(lin)).top_up == yuan(10), "the least that one may put in"
    await shop.fund_more(line, yuan(5))
    assert (await shop.quote(lin)).top_up is None


async def test_the_missing_part_is_quoted_for_the_line_of_the_order(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(36))
    order = (await shop.quote(lin)).order
    await shop.link_contact(LIN, found_line("1002"))
    top_up = (await quote_for(shop, lin, order)).order
    assert (top_up.total, top_up.line_id) == (yuan(163), line.id)
    assert top_up.buys == TopUp(for_order=order.id)


async def test_the_missing_part_of_a_closed_or_foreign_order_is_not_quoted(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    with pytest.raises(UnknownOrder):
        await quote_for(shop, await shop.meet(7002), order)
    await shop.cancel(lin, order)
    with pytest.raises(WrongOrderStatus):
        await quote_for(shop, lin, order)


# ── paying ────────────────────────────────────────────────────────────────────────────────────────


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
    if closed_by == "expiry":
        await shop.pass_time(days=3)
    else:
        await shop.cancel(lin, order)
    shop.heard()
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


async def test_late_money_for_a_line_that_is_no_longer_the_payers_goes_back(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.top_up(lin, yuan(50))
    payment = await shop.open_invoice(lin, order)
    await shop.pass_time(minutes=31)
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


# ── what follows ──────────────────────────────────────────────────────────────────────────────────


async def test_the_order_that_the_wallet_was_short_for_can_be_paid_now(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(36))
    renewal = (await shop.quote(lin)).order
    top_up = (await quote_for(shop, lin, renewal)).order
    async with shop.unit() as unit:
        assert await shop.orders.waiting_for(unit, top_up) is None, "the wallet is short still"
    await shop.charged(shop.charge_of(await shop.open_invoice(lin, top_up)))
    async with shop.unit() as unit:
        waiting = await shop.orders.waiting_for(unit, top_up)
        quote = await shop.renew.requote(unit, lin, renewal.id)
    assert waiting == renewal
    assert quote.ways[0] == Way(PaymentMethod.WALLET)
    await shop.pay_by_wallet(lin, renewal)
    async with shop.unit() as unit:
        assert await shop.orders.waiting_for(unit, top_up) is None, "it is paid"


async def test_an_order_that_has_closed_meanwhile_waits_for_nothing(
    shop: Shop, lin: Subscriber
) -> None:
    renewal = (await shop.quote(lin)).order
    top_up = (await quote_for(shop, lin, renewal)).order
    await shop.pass_time(minutes=31)
    await shop.pass_time(minutes=31)
    async with shop.unit() as unit:
        assert await shop.orders.waiting_for(unit, top_up) is None


async def test_an_order_whose_time_is_up_waits_for_nothing_although_it_is_not_closed_yet(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    renewal = (await shop.quote(lin)).order
    top_up = (await quote_for(shop, lin, renewal)).order
    await shop.fund(line, yuan(500))
    shop.clock.advance(timedelta(minutes=31))
    async with shop.unit() as unit:
        assert await shop.orders.waiting_for(unit, top_up) is None


async def test_a_renewal_is_paid_from_the_wallet_once_that_was_topped_up(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.charged(shop.charge_of(await shop.open_invoice(lin, (await shop.quote(lin)).order)))
    await shop.fund(line, yuan(500))
    await shop.pass_time(minutes=1)
    assert (await shop.quote(lin)).ways[0] == Way(PaymentMethod.INVOICE)
    await shop.topped_up(lin, yuan(50))
    assert (await shop.quote(lin)).ways[0] == Way(PaymentMethod.WALLET)


async def test_a_top_up_is_no_first_renewal(shop: Shop, lin: Subscriber) -> None:
    await shop.topped_up(lin, yuan(50))
    async with shop.unit() as unit:
        assert not await unit.orders.has_renewed(lin.id)
        assert await shop.orders.latest_renewal(unit, lin) is None
        assert await shop.orders.latest(unit, lin) is not None
        assert (await shop.orders.page(unit, lin, 0)).orders[0][1] is None


async def test_a_top_up_is_no_renewal_that_can_be_cancelled(shop: Shop, lin: Subscriber) -> None:
    order = await shop.topped_up(lin, yuan(50))
    with pytest.raises(NotCancellable):
        await shop.wants_back(lin, order)


async def test_a_top_up_does_not_put_off_the_start_of_a_renewal(
    shop: Shop, lin: Subscriber
) -> None:
    order = await shop.top_up(lin, yuan(50))
    charge = shop.charge_of(await shop.open_invoice(lin, order))
    await shop.charged(replace(charge, amount=yuan(1)))
    assert (await shop.order(order)).status is OrderStatus.REVIEW
    assert (await shop.quote(lin)).starts_at is None


async def test_the_receipt_of_a_top_up_is_one_among_the_others(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.paid_by_wallet(lin, line)
    order = await shop.topped_up(lin, yuan(50))
    assert order.receipt_number == 2


async def test_other_services_take_a_top_up_for_no_plan(shop: Shop, lin: Subscriber) -> None:
    order = await shop.top_up(lin, yuan(50))
    methods = frozenset({PaymentMethod.WALLET})
    pay = PayOrder(shop.clock, shop.notices, shop.renew, shop.settle, methods)
    async with shop.unit() as unit:
        with pytest.raises(PaymentMethodUnavailable):
            await pay.pay(unit, lin, order.id, Way(PaymentMethod.WALLET))
