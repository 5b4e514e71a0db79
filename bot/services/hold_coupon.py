"""Hold a coupon for an order, and find the best one to propose.

A quote only carries its discount: looking costs nobody a coupon. The order holds the coupon from
the moment it is confirmed, in that very transaction, until it is paid or closed. So a hundred
people who look at a price do not use up a hundred coupons, and one who looks at two plans may use
the coupon for either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.coupon import Coupon, CouponRefusal, Discount, Patron, best_discount
from bot.domain.money import Money
from bot.domain.order import Order
from bot.domain.plan import Plan
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class CouponRefused:
    """Why a code was not taken; its coupon, where it is the code of one."""

    reason: CouponRefusal
    coupon: Coupon | None = None


async def usable_coupons(unit: Unit, subscriber_id: int, now: datetime) -> list[Coupon]:
    known = await unit.coupons.known_to(subscriber_id, now)
    if not known:
        return []
    patron = await patron_of(unit, subscriber_id)
    return [coupon for coupon in known if coupon.refusal_to(patron, now) is None]


async def best_for(
    unit: Unit, subscriber_id: int, plan: Plan, price: Money, now: datetime
) -> Discount | None:
    """The discount to propose on that price of the plan."""
    known = await unit.coupons.known_to(subscriber_id, now)
    if not known:
        return None
    patron = await patron_of(unit, subscriber_id)
    return best_discount(known, patron, plan.cycle, price, now)


async def hold_coupon(unit: Unit, order: Order, plan: Plan, now: datetime) -> CouponRefused | None:
    """Holds the coupon whose discount the order carries; or says why it is lost, and writes
    nothing. Without a discount there is nothing to hold."""
    if order.discount is None:
        return None
    coupon = await unit.coupons.get(order.discount.code)
    if coupon is None:
        return CouponRefused(CouponRefusal.UNKNOWN)
    patron = await patron_of(unit, order.subscriber_id)
    refusal = coupon.refusal_to(patron, now) or coupon.refusal_for(plan.cycle, order.price)
    if refusal is None:
        refusal = await unit.coupons.hold(coupon, order.id, order.subscriber_id, now)
    return None if refusal is None else CouponRefused(refusal, coupon)


async def release_coupon(unit: Unit, order: Order) -> None:
    """Gives back the coupon of an order that is closed or not delivered."""
    if order.discount is not None:
        await unit.coupons.release(order.id)


async def patron_of(unit: Unit, subscriber_id: int) -> Patron:
    return Patron(
        renewed_before=await unit.orders.has_renewed(subscriber_id),
        used=await unit.coupons.used_by(subscriber_id),
    )
