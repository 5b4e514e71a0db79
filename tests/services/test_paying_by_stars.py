"""Telegram Stars: a price of their own, in a currency of their own, and back by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.coupon import Coupon, Share
from bot.domain.errors import PaymentMethodUnavailable
from bot.domain.ledger import DEFERRED, REFUNDS_DUE, REVENUE, Account, clearing_of, wallet_of
from bot.domain.line import Line
from bot.domain.money import STARS, Money
from bot.domain.offer import Offer
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import (
    Payment,
    PaymentMethod,
    PreCheckoutRefusal,
    RefundStatus,
    Settlement,
    Way,
)
from bot.domain.subscriber import Subscriber
from bot.services.platform import PlatformRefund, RefundState
from bot.services.platform_requests import OpenCheckout, RefundsSeen
from bot.services.ports import CarrierOrderState
from bot.services.renew_line import Quote, RenewLine
from bot.services.stars_requests import RefundStars
from tests.services.shop import CURRENCY, TOP_UPS, Shop, yuan

BY_STARS = Way(PaymentMethod.STARS)
BY_CARD = Way(PaymentMethod.CARD)
CLEARING = clearing_of("stars")
A_MONTH = Money(1250, STARS)


async def chosen(shop: Shop, who: Subscriber, order: Order, way: Way) -> Quote:
    async with shop.unit() as unit:
        return await shop.renew.requote(unit, who, order.id, way)


async def quoted(shop: Shop, who: Subscriber, code: str = "M30", periods: int = 1) -> Order:
    """In Stars, as chosen on the screen."""
    order = (await shop.quote(who, code, periods)).order
    return (await chosen(shop, who, order, BY_STARS)).order


async def invoiced(shop: Shop, who: Subscriber) -> Payment:
    payment = (await shop.pay(who, await quoted(shop, who), BY_STARS)).payment
    assert payment is not None
    return payment


async def paid(shop: Shop, who: Subscriber) -> Order:
    payment = await invoiced(shop, who)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
    async with shop.unit() as unit:
        order = await unit.orders.get(payment.order_id)
    assert order is not None
    return order


async def stars_of(shop: Shop, account: Account) -> int:
    async with shop.unit() as unit:
        return (await unit.ledger.balance(account, STARS)).minor


async def given_back(shop: Shop, request: RefundStars, state: RefundState) -> None:
    seen = PlatformRefund(request.charge_id, request.charge_id, request.amount, state, request.key)
    async with shop.unit() as unit:
        await shop.follow_refund.on_seen(unit, RefundsSeen([seen]))


async def test_choosing_stars_prices_the_quote_in_stars_and_choosing_money_prices_it_back(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    first = (await shop.quote(lin, "D1", 7)).order
    assert first.total == yuan(105)
    in_stars = await chosen(shop, lin, first, BY_STARS)
    assert in_stars.order == replace(first, total=Money(700, STARS))
    assert in_stars.chosen(BY_STARS) == BY_STARS
    assert in_stars.chosen(BY_CARD) == BY_STARS
    assert (await shop.order(first)).total == Money(700, STARS)
    in_money = await chosen(shop, lin, first, BY_CARD)
    assert in_money.order == first
    assert in_money.chosen(BY_CARD) == BY_CARD
    assert await shop.order(first) == first


async def test_a_coupon_of_an_amount_of_money_is_no_coupon_in_stars_and_comes_back_with_money(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.issue(Coupon("OFF20", yuan(20), offered=True))
    order = (await shop.quote(lin)).order
    assert order.total == yuan(179)
    assert (await chosen(shop, lin, order, BY_STARS)).order.total == A_MONTH
    again = (await chosen(shop, lin, order, BY_CARD)).order
    assert (again.total, again.discount) == (yuan(179), order.discount)


async def test_a_share_is_taken_off_in_stars_as_well(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.issue(Coupon("TENTH", Share(1000), offered=True))
    order = await quoted(shop, lin)
    assert (order.price, order.total) == (A_MONTH, Money(1125, STARS))


async def test_a_plan_without_a_price_in_stars_is_not_paid_in_stars(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    async with shop.unit() as unit:
        plan = await unit.catalogue.current("M30")
        assert plan is not None
        unit.catalogue.put_on_sale(replace(plan, version=2, stars=None), 0, shop.clock.now())
    quote = await shop.quote(lin)
    assert BY_STARS not in quote.ways
    with pytest.raises(PaymentMethodUnavailable):
        await shop.pay(lin, quote.order, BY_STARS)


async def test_where_stars_are_not_offered_no_plan_shows_a_price_in_them(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    renew = RenewLine(shop.clock, "LEB", Offer({CURRENCY: [PaymentMethod.CARD]}), TOP_UPS)
    async with shop.unit() as unit:
        assert {plan.stars for plan in await renew.catalogue(unit)} == {None}
        assert (await renew.quote(unit, lin, "M30", 1, BY_STARS)).order.total == yuan(199)


async def test_an_old_key_of_another_currency_shows_that_price_before_anything_is_paid(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(500))
    order = await quoted(shop, lin)
    payable = await shop.pay(lin, order, PaymentMethod.WALLET)
    assert payable.requoted is not None
    assert payable.requoted.order.total == yuan(199)
    assert payable.payment is None
    assert await shop.wallet(line) == yuan(500)


async def test_a_confirmed_order_stays_in_its_currency(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await quoted(shop, lin)
    await shop.pay(lin, order, BY_STARS)
    with pytest.raises(PaymentMethodUnavailable):
        await shop.pay(lin, order, BY_CARD)
    assert shop.asked(OpenCheckout) == []
    assert (await shop.order(order)).total == A_MONTH


async def test_stars_are_booked_as_stars_from_the_charge_to_the_revenue(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await paid(shop, lin)
    assert (order.status, order.paid_with) == (OrderStatus.PAID, PaymentMethod.STARS)
    assert (await stars_of(shop, CLEARING), await stars_of(shop, DEFERRED)) == (-1250, 1250)
    await shop.carrier_answers(CarrierOrderState.DONE)
    assert await stars_of(shop, REVENUE) == 1250
    assert await shop.balance(REVENUE) == yuan(0)
    assert await stars_of(shop, wallet_of(line.id)) == 0


@pytest.mark.parametrize("asked", [yuan(1250), Money(1249, STARS)])
async def test_the_pre_checkout_refuses_another_amount_or_currency(
    shop: Shop, lin: Subscriber, line: Line, asked: Money
) -> None:
    payment = await invoiced(shop, lin)
    async with shop.unit() as unit:
        refusal = await shop.settle.check(unit, payment.id, lin.id, asked)
    assert refusal is PreCheckoutRefusal.PRICE_CHANGED


async def test_an_invoice_paid_twice_sends_the_second_stars_back_by_itself(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    payment = await invoiced(shop, lin)
    first, second = shop.charge_of(payment), shop.charge_of(payment)
    assert await shop.charged(first) is Settlement.PAID
    assert await shop.charged(second) is Settlement.SECOND_CHARGE
    assert await shop.charged(second) is Settlement.DUPLICATE_NOTICE
    (back,) = shop.asked(RefundStars)
    assert (back.charge_id, back.payer_id, back.amount) == (second.id, lin.id, A_MONTH)
    await given_back(shop, back, RefundState.DONE)
    await given_back(shop, back, RefundState.DONE)
    assert await stars_of(shop, CLEARING) == -1250
    assert await stars_of(shop, REFUNDS_DUE) == 0


async def test_an_invoice_paid_by_somebody_else_is_held_and_goes_back_to_who_paid(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    payment = await invoiced(shop, lin)
    charge = replace(shop.charge_of(payment), payer_id=7002)
    assert await shop.charged(charge) is Settlement.MISMATCH
    async with shop.unit() as unit:
        await shop.take_back.by_operator(unit, payment.order_id, "another payer")
    (back,) = shop.asked(RefundStars)
    assert (back.charge_id, back.payer_id) == (charge.id, 7002)


async def test_money_is_no_payment_of_stars_and_stars_are_none_of_money(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    in_stars = await invoiced(shop, lin)
    other = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    stray_money = replace(shop.charge_of(in_stars), amount=yuan(199))
    stray_stars = replace(shop.charge_of(other), amount=A_MONTH)
    async with shop.unit() as unit:
        for charge, came_by in (
            (stray_money, PaymentMethod.INVOICE),
            (stray_stars, PaymentMethod.STARS),
        ):
            did = await shop.settle.settle_charge(unit, charge, came_by)
            assert did is Settlement.UNKNOWN_PAYMENT
    assert await stars_of(shop, CLEARING) == -1250
    assert await shop.balance(clearing_of("stars")) == yuan(0)
    assert await shop.balance(clearing_of("invoice")) == yuan(-199)
    assert await shop.charged(shop.charge_of(in_stars)) is Settlement.PAID


async def test_an_operators_refund_gives_the_stars_back_and_ends_the_order(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await paid(shop, lin)
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    (back,) = shop.asked(RefundStars)
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    await given_back(shop, back, RefundState.DONE)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED
    assert await stars_of(shop, CLEARING) == 0


async def test_stars_that_telegram_does_not_give_back_are_owed_still(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await paid(shop, lin)
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    (back,) = shop.asked(RefundStars)
    await given_back(shop, back, RefundState.FAILED)
    assert (await shop.order(order)).status is OrderStatus.REVIEW
    async with shop.unit() as unit:
        refund = await unit.payments.refund(back.key)
    assert refund is not None
    assert refund.status is RefundStatus.FAILED
    assert await stars_of(shop, REFUNDS_DUE) == 1250
