"""Coupons: proposed, held, used, given back; redeemed by a typed code."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.catalogue import read_coupons
from bot.domain.coupon import Coupon, CouponRefusal, Discount, Share
from bot.domain.errors import TooManyTries, UnknownOrder, WrongOrderStatus
from bot.domain.ledger import DEFERRED, DISCOUNTS, REVENUE
from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import Payment, PaymentMethod, PreCheckoutRefusal, Settlement
from bot.domain.plan import BillingCycle
from bot.domain.subscriber import Subscriber
from bot.services.hold_coupon import CouponRefused
from bot.services.ports import CarrierOrderState
from tests.services.shop import CATALOGUE, CURRENCY, Shop, found_line, yuan

NEW20 = Coupon("NEW20", yuan(20), offered=True, first_renewal=True, once_a_subscriber=True)
TRIP10 = Coupon("TRIP10", Share(1_000), offered=True, cycles=frozenset({BillingCycle.DAILY}))
SECRET = Coupon("SECRET50", yuan(50), offered=False)


async def redeem(shop: Shop, who: Subscriber, code: str) -> Coupon | CouponRefused:
    async with shop.unit() as unit:
        return await shop.coupons.redeem(unit, who, code)


async def apply(shop: Shop, who: Subscriber, order: Order, code: str) -> Order | CouponRefused:
    async with shop.unit() as unit:
        return await shop.coupons.apply(unit, who, order.id, code)


async def usable(shop: Shop, who: Subscriber) -> list[str]:
    async with shop.unit() as unit:
        return [coupon.code for coupon in (await shop.coupons.own(unit, who)).coupons]


async def checked(shop: Shop, payment: Payment) -> PreCheckoutRefusal | None:
    async with shop.unit() as unit:
        return await shop.settle.check(unit, payment.id, payment.subscriber_id, payment.amount)


async def someone(shop: Shop, number: int) -> Subscriber:
    await shop.link_contact(8000 + number, found_line(f"{2000 + number}"))
    return await shop.subscriber(8000 + number)


# ── proposed ──────────────────────────────────────────────────────────────────────────────────────


async def test_the_catalogue_issues_its_three_coupons(shop: Shop, lin: Subscriber) -> None:
    coupons = {each.code: each for each in read_coupons(CATALOGUE, CURRENCY)}
    assert coupons["NEW20"] == NEW20
    assert coupons["TRIP10"] == replace(TRIP10, max_uses=100)
    for each in coupons.values():
        await shop.issue(each)
    assert await usable(shop, lin) == ["NEW20", "TRIP10"]
    refused = await redeem(shop, lin, "OLD5")
    assert isinstance(refused, CouponRefused)
    assert refused.reason is CouponRefusal.EXPIRED


async def test_the_best_coupon_is_taken_off_the_quote_at_once(shop: Shop, lin: Subscriber) -> None:
    await shop.issue(NEW20)
    await shop.issue(TRIP10)
    month = (await shop.quote(lin)).order
    assert (month.price, month.total) == (yuan(199), yuan(179))
    assert month.discount == Discount("NEW20", yuan(20))
    trip = (await shop.quote(lin, "D1", 30)).order
    assert trip.discount == Discount("TRIP10", yuan(45))


async def test_a_secret_code_is_proposed_only_to_those_who_redeemed_it(
    shop: Shop, lin: Subscriber
) -> None:
    await shop.issue(SECRET)
    other = await someone(shop, 1)
    assert (await shop.quote(lin)).order.discount is None
    assert await redeem(shop, lin, "SECRET50") == SECRET
    assert (await shop.quote(lin)).order.total == yuan(149)
    assert (await usable(shop, lin), await usable(shop, other)) == (["SECRET50"], [])
    assert (await shop.quote(other)).order.discount is None


async def test_home_counts_what_can_be_used_now(shop: Shop, lin: Subscriber) -> None:
    await shop.issue(NEW20)
    await shop.issue(replace(TRIP10, ends_at=shop.clock.now()))
    async with shop.unit() as unit:
        assert (await shop.account.overview(unit, lin)).coupons == 1


# ── held, used, given back ────────────────────────────────────────────────────────────────────────


async def test_the_wallet_pays_the_total_and_the_books_show_the_full_price(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.issue(NEW20)
    await shop.fund(line, yuan(179))
    await shop.pay_by_wallet(lin, (await shop.quote(lin)).order)
    assert await shop.wallet(line) == yuan(0)
    assert await shop.balance(DEFERRED) == yuan(199)
    assert await shop.balance(DISCOUNTS) == yuan(-20)
    await shop.carrier_answers(CarrierOrderState.DONE)
    assert await shop.balance(DEFERRED) == yuan(0)
    assert await shop.balance(REVENUE) == yuan(199)
    assert await usable(shop, lin) == []


async def test_looking_takes_no_coupon_and_confirming_takes_one(
    shop: Shop, lin: Subscriber
) -> None:
    await shop.issue(replace(NEW20, max_uses=1))
    looked = [(await shop.quote(lin)).order for _ in range(3)]
    assert await shop.uses_of("NEW20") == 0
    await shop.open_invoice(lin, looked[1])
    await shop.open_invoice(lin, looked[1])
    assert await shop.uses_of("NEW20") == 1
    assert (await shop.quote(lin)).order.discount is None


async def test_cancelling_gives_the_coupon_back(shop: Shop, lin: Subscriber) -> None:
    await shop.issue(NEW20)
    order = (await shop.quote(lin)).order
    await shop.open_invoice(lin, order)
    await shop.cancel(lin, order)
    await shop.cancel(lin, order)
    assert await shop.uses_of("NEW20") == 0
    assert (await shop.quote(lin)).order.total == yuan(179)


async def test_expiry_gives_the_coupon_back(shop: Shop, lin: Subscriber) -> None:
    await shop.issue(NEW20)
    await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await shop.pass_time(minutes=31)
    assert await shop.uses_of("NEW20") == 0


async def test_a_coupon_held_is_kept_although_it_ends_meanwhile(
    shop: Shop, lin: Subscriber
) -> None:
    await shop.issue(replace(NEW20, ends_at=shop.clock.now() + timedelta(minutes=5)))
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await shop.pass_time(minutes=10)
    assert await checked(shop, payment) is None
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID


async def test_what_the_carrier_rejects_gives_back_what_was_paid_and_the_coupon(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.issue(NEW20)
    await shop.fund(line, yuan(200))
    await shop.pay_by_wallet(lin, (await shop.quote(lin)).order)
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    assert await shop.wallet(line) == yuan(200)
    assert await shop.balance(DISCOUNTS) == yuan(0)
    assert (await shop.quote(lin)).order.total == yuan(179)


async def test_fifty_racers_for_a_coupon_with_three_uses_are_three_winners(shop: Shop) -> None:
    await shop.issue(replace(NEW20, max_uses=3))
    racers = [await someone(shop, number) for number in range(50)]
    orders = [(await shop.quote(racer)).order for racer in racers]
    assert {order.total for order in orders} == {yuan(179)}
    payables = await asyncio.gather(
        *(
            shop.pay(racer, order, PaymentMethod.INVOICE)
            for racer, order in zip(racers, orders, strict=True)
        )
    )
    won = [each for each in payables if each.payment is not None]
    lost = [each for each in payables if each.payment is None]
    assert [each.order.total for each in won] == 3 * [yuan(179)]
    assert [each.lost_coupon.reason for each in lost if each.lost_coupon] == 47 * [
        CouponRefusal.SOLD_OUT
    ]
    assert {each.requoted.order.total for each in lost if each.requoted} == {yuan(199)}
    assert await shop.uses_of("NEW20") == 3


async def test_two_orders_at_once_use_a_coupon_once_where_it_says_so(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.issue(NEW20)
    await shop.fund(line, yuan(500))
    first, second = (await shop.quote(lin)).order, (await shop.quote(lin)).order
    await shop.open_invoice(lin, first)
    payable = await shop.pay_by_wallet(lin, second)
    assert payable.lost_coupon is not None
    assert payable.lost_coupon.reason is CouponRefusal.ALREADY_USED
    assert payable.requoted is not None
    assert payable.requoted.order.total == yuan(199)
    assert await shop.wallet(line) == yuan(500)


async def test_a_first_renewal_is_over_once_another_order_was_paid(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    first_only = replace(NEW20, once_a_subscriber=False)
    await shop.issue(first_only)
    await shop.fund(line, yuan(500))
    waiting = (await shop.quote(lin)).order
    await shop.pay_by_wallet(lin, (await shop.quote(lin)).order)
    payable = await shop.pay_by_wallet(lin, waiting)
    assert payable.lost_coupon == CouponRefused(
        CouponRefusal.NOT_FIRST, replace(first_only, used=1)
    )


async def test_pre_checkout_refuses_when_the_coupon_is_gone_before_money_moves(
    shop: Shop, lin: Subscriber
) -> None:
    await shop.issue(NEW20)
    order = (await shop.quote(lin)).order
    payment = await shop.open_invoice(lin, order)
    assert await checked(shop, payment) is None
    async with shop.unit() as unit:  # as an operator who takes it out of use
        await unit.coupons.release(order.id)
    assert await checked(shop, payment) is PreCheckoutRefusal.COUPON_LOST


# ── paid late ─────────────────────────────────────────────────────────────────────────────────────


async def expired(shop: Shop, lin: Subscriber) -> Payment:
    await shop.issue(replace(NEW20, max_uses=1))
    payment = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await shop.pass_time(minutes=31)
    return payment


async def test_a_late_payment_takes_its_coupon_anew(shop: Shop, lin: Subscriber) -> None:
    payment = await expired(shop, lin)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.REOPENED
    assert await shop.uses_of("NEW20") == 1
    assert await shop.balance(DEFERRED) == yuan(199)


async def test_a_late_payment_goes_back_when_its_coupon_is_sold_out(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await expired(shop, lin)
    other = await someone(shop, 1)
    await shop.open_invoice(other, (await shop.quote(other)).order)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.TOO_LATE
    async with shop.unit() as unit:
        order = await unit.orders.get(payment.order_id)
    assert order is not None
    assert order.status is OrderStatus.REFUNDING
    assert await shop.balance(DISCOUNTS) == yuan(0)


# ── chosen by hand ────────────────────────────────────────────────────────────────────────────────


async def test_another_coupon_can_be_chosen_or_none(shop: Shop, lin: Subscriber) -> None:
    await shop.issue(NEW20)
    await shop.issue(SECRET)
    await redeem(shop, lin, "SECRET50")
    order = (await shop.quote(lin)).order
    async with shop.unit() as unit:
        offered = await shop.coupons.choices(unit, lin, order.id)
    assert [discount for _, discount in offered.choices] == [
        Discount("SECRET50", yuan(50)),
        Discount("NEW20", yuan(20)),
    ]
    chosen = await apply(shop, lin, order, "NEW20")
    assert isinstance(chosen, Order)
    assert chosen.total == yuan(179)
    async with shop.unit() as unit:
        bare = await shop.coupons.drop(unit, lin, order.id)
    assert (bare.total, bare.discount) == (yuan(199), None)
    assert await shop.order(order) == bare


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"cycles": frozenset({BillingCycle.DAILY})}, CouponRefusal.OTHER_PLAN),
        ({"minimum": yuan(200)}, CouponRefusal.BELOW_MINIMUM),
    ],
)
async def test_a_coupon_that_does_not_fit_the_quote_leaves_it_as_it_was(
    shop: Shop, lin: Subscriber, terms: dict[str, object], reason: CouponRefusal
) -> None:
    coupon = replace(SECRET, **terms)  # type: ignore[arg-type]
    await shop.issue(coupon)
    order = (await shop.quote(lin)).order
    assert await apply(shop, lin, order, "SECRET50") == CouponRefused(reason, coupon)
    assert await apply(shop, lin, order, "NOSUCH") == CouponRefused(CouponRefusal.UNKNOWN)
    assert await shop.order(order) == order


async def test_only_ones_own_quote_takes_a_coupon(shop: Shop, lin: Subscriber) -> None:
    await shop.issue(NEW20)
    order = (await shop.quote(lin)).order
    with pytest.raises(UnknownOrder):
        await apply(shop, await someone(shop, 1), order, "NEW20")
    await shop.open_invoice(lin, order)
    with pytest.raises(WrongOrderStatus):
        await apply(shop, lin, order, "NEW20")


# ── typed codes ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"starts_at": timedelta(hours=1)}, CouponRefusal.NOT_YET),
        ({"ends_at": timedelta(0)}, CouponRefusal.EXPIRED),
        ({"max_uses": 1, "used": 1}, CouponRefusal.SOLD_OUT),
    ],
)
async def test_a_code_that_is_refused_says_why(
    shop: Shop, lin: Subscriber, terms: dict[str, object], reason: CouponRefusal
) -> None:
    at = {
        name: shop.clock.now() + term if isinstance(term, timedelta) else term
        for name, term in terms.items()
    }
    coupon = replace(SECRET, **at)  # type: ignore[arg-type]
    if not coupon.used:
        await shop.issue(coupon)
    else:
        await shop.issue(replace(coupon, used=0))
        other = await someone(shop, 1)
        await redeem(shop, other, coupon.code)
        await shop.open_invoice(other, (await shop.quote(other)).order)
    assert await redeem(shop, lin, "SECRET50") == CouponRefused(reason, coupon)


async def test_five_codes_in_vain_are_enough_for_an_hour(shop: Shop, lin: Subscriber) -> None:
    await shop.issue(SECRET)
    assert await redeem(shop, lin, "SECRET50") == SECRET
    for number in range(5):
        refused = await redeem(shop, lin, f"GUESS{number}")
        assert refused == CouponRefused(CouponRefusal.UNKNOWN)
    with pytest.raises(TooManyTries):
        await redeem(shop, lin, "SECRET50")
    assert await redeem(shop, await someone(shop, 1), "SECRET50") == SECRET
    await shop.pass_time(minutes=61)
    assert await redeem(shop, lin, "SECRET50") == SECRET
