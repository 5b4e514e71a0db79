"""Apply a coupon to a quote: one of the subscriber's own, or one whose code they typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.coupon import Coupon, CouponRefusal, Discount
from bot.domain.errors import TooManyTries, UnknownPlan, WrongOrderStatus
from bot.domain.order import Order, OrderStatus
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.services.hold_coupon import CouponRefused, patron_of, usable_coupons
from bot.services.ports import Clock
from bot.services.renew_line import own_order
from bot.services.unit import Unit

MOST_TRIES: Final = 5
"""Codes typed in vain within an hour."""


@dataclass(frozen=True, slots=True)
class OrderCoupons:
    """The coupons that a quote may carry, each with what it takes off."""

    order: Order
    choices: list[tuple[Coupon, Discount]]


class ApplyCoupon:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def usable(self, unit: Unit, subscriber: Subscriber) -> list[Coupon]:
        """The coupons that the subscriber can use now for one plan or another, the one that ends
        first comes first."""
        return await usable_coupons(unit, subscriber.id, self._clock.now())

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
        """What the quote could carry, the best first. Raises `UnknownOrder`, `WrongOrderStatus`."""
        order, plan = await self._quoted(unit, subscriber, order_id)
        choices = [
            (coupon, Discount(coupon.code, coupon.amount_off(order.price)))
            for coupon in await self.usable(unit, subscriber)
            if coupon.refusal_for(plan.cycle, order.price) is None
        ]
        return OrderCoupons(order, sorted(choices, key=lambda each: -each[1].amount.minor))

    async def apply(
        self, unit: Unit, subscriber: Subscriber, order_id: str, code: str
    ) -> Order | CouponRefused:
        """The quote with that coupon of the subscriber's own, in place of the one it had.

        Raises `UnknownOrder`, `WrongOrderStatus` when it is no quote any more.
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
        await unit.orders.discount(discounted)
        return discounted

    async def drop(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Order:
        """The quote at its full price. Raises `UnknownOrder`, `WrongOrderStatus`."""
        order, _ = await self._quoted(unit, subscriber, order_id)
        full = order.with_discount(None)
        await unit.orders.discount(full)
        return full

    async def _quoted(
        self, unit: Unit, subscriber: Subscriber, order_id: str
    ) -> tuple[Order, Plan]:
        order = await own_order(unit, subscriber.id, order_id)
        if order.status is not OrderStatus.QUOTED:
            raise WrongOrderStatus(order.id, order.status)
        plan = await unit.catalogue.version(order.plan_code, order.plan_version)
        if plan is None:
            raise UnknownPlan(order.plan_code)
        return order, plan
