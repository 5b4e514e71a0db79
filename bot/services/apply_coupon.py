"""Apply a coupon to a quote: one of the subscriber's own, or one whose code they typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.coupon import Coupon, CouponRefusal, Discount
from bot.domain.errors import TooManyTries, WrongOrderStatus
from bot.domain.order import Order, OrderStatus
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.services.find_plan import renewed_plan
from bot.services.fulfil_order import line_of
from bot.services.hold_coupon import CouponRefused, patron_of, usable_coupons
from bot.services.ports import Clock
from bot.services.read_account import chosen_line
from bot.services.renew_line import own_order
from bot.services.unit import Unit

MOST_TRIES: Final = 5
"""Codes typed in vain within an hour."""


@dataclass(frozen=True, slots=True)
class OwnCoupons:
    """The coupons that the subscriber can use now, for one plan or another."""

    coupons: list[Coupon]
    """The one that ends first comes first."""
    zone: ZoneInfo
    """The line's, for their dates; without a line the operator's."""


@dataclass(frozen=True, slots=True)
class OrderCoupons:
    """The coupons that a quote may carry, each with what it takes off; the best first."""

    order: Order
    choices: list[tuple[Coupon, Discount]]
    zone: ZoneInfo
    """The line's, for their dates."""


class ApplyCoupon:
    """``zone``: the operator's."""

    def __init__(self, clock: Clock, zone: ZoneInfo) -> None:
        self._clock = clock
        self._zone = zone

    async def own(self, unit: Unit, subscriber: Subscriber) -> OwnCoupons:
        lines = await unit.lines.of(subscriber.id)
        zone = chosen_line(lines, subscriber).reset_zone if lines else self._zone
        return OwnCoupons(await usable_coupons(unit, subscriber.id, self._clock.now()), zone)

    async def redeem(self, unit: Unit, subscriber: Subscriber, code: str) -> Coupon | CouponRefused:
        """The coupon behind a typed code, the subscriber's own from now on.

        A code that is not taken counts as a try. Raises `TooManyTries`.
        """
        now = self._clock.now()
        tried = await unit.coupons.tries_since(subscriber.id, now - timedelta(hours=1))
        if tried >= MOST_TRIES:
            raise TooManyTries
        coupon = await unit.coupons.get(code)
        refusal = CouponRefusal.UNKNOWN
        if coupon is not None:
            patron = await patron_of(unit, subscriber.id)
            refused = coupon.refusal_to(patron, now)
            if refused is None:
                unit.coupons.redeem(coupon.code, subscriber.id, now)
                return coupon
            refusal = refused
        unit.coupons.count_try(subscriber.id, now)
        return CouponRefused(refusal, coupon)

    async def choices(self, unit: Unit, subscriber: Subscriber, order_id: str) -> OrderCoupons:
        """Raises `UnknownOrder`, `NotARenewal`, `WrongOrderStatus` when it is no quote any more."""
        order, plan = await self._quoted(unit, subscriber, order_id)
        choices = [
            (coupon, Discount(coupon.code, coupon.amount_off(order.price)))
            for coupon in await usable_coupons(unit, subscriber.id, self._clock.now())
            if coupon.refusal_for(plan.cycle, order.price) is None
        ]
        choices.sort(key=lambda choice: -choice[1].amount.minor)
        return OrderCoupons(order, choices, (await line_of(unit, order)).reset_zone)

    async def apply(
        self, unit: Unit, subscriber: Subscriber, order_id: str, code: str
    ) -> Order | CouponRefused:
        """The quote with that coupon of the subscriber's own, in place of the one it had.

        Raises `UnknownOrder`, `NotARenewal`, `WrongOrderStatus` when it is no quote any more.
        """
        order, plan = await self._quoted(unit, subscriber, order_id)
        coupon = await unit.coupons.get(code)
        if coupon is None:
            return CouponRefused(CouponRefusal.UNKNOWN)
        patron = await patron_of(unit, subscriber.id)
        refusal = coupon.refusal_to(patron, self._clock.now()) or coupon.refusal_for(
            plan.cycle, order.price
        )
        if refusal is not None:
            return CouponRefused(refusal, coupon)
        discounted = order.with_discount(Discount(coupon.code, coupon.amount_off(order.price)))
        await unit.orders.reprice(discounted)
        return discounted

    async def drop(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Order:
        """The quote at its full price. Raises `UnknownOrder`, `WrongOrderStatus`, `NotARenewal`."""
        order, _ = await self._quoted(unit, subscriber, order_id)
        full = order.with_discount(None)
        await unit.orders.reprice(full)
        return full

    async def _quoted(
        self, unit: Unit, subscriber: Subscriber, order_id: str
    ) -> tuple[Order, Plan]:
        order = await own_order(unit, subscriber.id, order_id)
        if order.status is not OrderStatus.QUOTED:
            raise WrongOrderStatus(order.id, order.status)
        return order, await renewed_plan(unit, order.renewal)
