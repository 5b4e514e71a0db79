"""Coupons: what a code takes off a price, for whom, for what and until when.

The terms say whether a coupon applies; whether it can still be had (its uses are not gone, the
subscriber has not used it) is settled by the store at the moment in which an order holds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.money import Money
from bot.domain.plan import BillingCycle

_WHOLE: Final = 10_000
"""Basis points in a whole."""


class CouponRefusal(StrEnum):
    """Why a coupon is not taken."""

    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    ALREADY_USED = "already_used"
    """By this subscriber, or held by another order of theirs that is not paid yet."""
    SOLD_OUT = "sold_out"
    NOT_FIRST = "not_first"
    """For a first renewal, and the subscriber has renewed before."""
    OTHER_PLAN = "other_plan"
    OTHER_CURRENCY = "other_currency"
    """It takes off an amount, or wants one, in another currency than the order's. A share without a
    minimum is good in any."""
    BELOW_MINIMUM = "below_minimum"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the price, in basis points: 1000 are 10 %."""

    basis_points: int

    def of(self, price: Money) -> Money:
        """Rounded half up, once."""
        return Money((price.minor * self.basis_points + _WHOLE // 2) // _WHOLE, price.currency)


@dataclass(frozen=True, slots=True)
class Discount:
    """What an order keeps of its coupon: the code, and the amount as the subscriber saw it."""

    code: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Patron:
    """The subscriber as coupons see them."""

    renewed_before: bool
    used: frozenset[str]
    """The codes that the subscriber has used, or that an unpaid order of theirs holds."""


@dataclass(frozen=True, slots=True)
class Coupon:
    """A code and its terms; a term that is None (or no cycles at all) does not restrict."""

    code: str
    off: Money | Share
    offered: bool
    """Shown and proposed to everybody; else only to those who know the code."""
    cycles: frozenset[BillingCycle] = frozenset()
    first_renewal: bool = False
    once_a_subscriber: bool = False
    minimum: Money | None = None
    """The least price from which it may be taken off."""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    """The first instant at which it is no longer taken."""
    max_uses: int | None = None
    used: int = 0
    """By how many orders it is used or held."""

    def amount_off(self, price: Money) -> Money:
        """What it takes off the price, of which at least one minor unit is left to pay."""
        off = self.off if isinstance(self.off, Money) else self.off.of(price)
        return min(off, price - Money(1, price.currency))

    def refusal_to(self, patron: Patron, now: datetime) -> CouponRefusal | None:
        """Why this subscriber cannot use it now, whatever they buy; None: they can."""
        if self.starts_at is not None and now < self.starts_at:
            return CouponRefusal.NOT_YET
        if self.ends_at is not None and now >= self.ends_at:
            return CouponRefusal.EXPIRED
        if self.once_a_subscriber and self.code in patron.used:
            return CouponRefusal.ALREADY_USED
        if self.max_uses is not None and self.used >= self.max_uses:
            return CouponRefusal.SOLD_OUT
        if self.first_renewal and patron.renewed_before:
            return CouponRefusal.NOT_FIRST
        return None

    def refusal_for(self, cycle: BillingCycle, price: Money) -> CouponRefusal | None:
        """Why it is not taken off this price; None: it is."""
        if self.cycles and cycle not in self.cycles:
            return CouponRefusal.OTHER_PLAN
        if any(each.currency != price.currency for each in self._amounts):
            return CouponRefusal.OTHER_CURRENCY
        if self.minimum is not None and price < self.minimum:
            return CouponRefusal.BELOW_MINIMUM
        return None if self.amount_off(price) else CouponRefusal.BELOW_MINIMUM

    @property
    def _amounts(self) -> list[Money]:
        return [each for each in (self.off, self.minimum) if isinstance(each, Money)]


def best_discount(
    coupons: Iterable[Coupon], patron: Patron, cycle: BillingCycle, price: Money, now: datetime
) -> Discount | None:
    """The one that takes most off; of equals, the one that ends first, then by code."""
    found = [
        coupon
        for coupon in coupons
        if not (coupon.refusal_to(patron, now) or coupon.refusal_for(cycle, price))
    ]
    if not found:
        return None
    best = min(found, key=lambda each: (-each.amount_off(price).minor, *_end(each), each.code))
    return Discount(best.code, best.amount_off(price))


def _end(coupon: Coupon) -> tuple[bool, float]:
    return coupon.ends_at is None, coupon.ends_at.timestamp() if coupon.ends_at else 0.0
