"""Putting money into a wallet: what is offered, and what can be done with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import (
    AmountOutOfRange,
    NotARenewal,
    NotCancellable,
    PaymentMethodUnavailable,
    TopUpsNotOffered,
    UnknownOrder,
    WrongOrderStatus,
)
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.offer import Offer
from bot.domain.order import Order, OrderStatus, TopUp
from bot.domain.payment import PaymentMethod, Way
from bot.domain.subscriber import Subscriber
from bot.services.pay_order import PayOrder
from bot.services.renew_line import Quote, RenewLine
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
    renew = RenewLine(shop.clock, "LEB", Offer({}), TOP_UPS)
    top_ups = TopUpWallet(renew, TOP_UPS)
    async with shop.unit() as unit:
        with pytest.raises(TopUpsNotOffered):
            await top_ups.choice(unit, lin)
        with pytest.raises(TopUpsNotOffered):
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


async def test_more_than_one_top_up_can_bring_is_not_quoted(shop: Shop, lin: Subscriber) -> None:
    await shop.reprice("M30", yuan(2001))
    quote = await shop.quote(lin)
    assert quote.top_up is None
    with pytest.raises(AmountOutOfRange):
        await quote_for(shop, lin, quote.order)


async def test_a_top_up_is_not_short_of_another(shop: Shop, lin: Subscriber) -> None:
    with pytest.raises(NotARenewal):
        await quote_for(shop, lin, await shop.top_up(lin, yuan(50)))


async def test_the_missing_part_of_a_closed_or_foreign_order_is_not_quoted(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    with pytest.raises(UnknownOrder):
        await quote_for(shop, await shop.meet(7002), order)
    await shop.cancel(lin, order)
    with pytest.raises(WrongOrderStatus):
        await quote_for(shop, lin, order)


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
    pay = PayOrder(shop.clock, shop.notices, shop.renew, shop.settle, Offer({}), {})
    async with shop.unit() as unit:
        with pytest.raises(PaymentMethodUnavailable):
            await pay.pay(unit, lin, order.id, Way(PaymentMethod.WALLET))
