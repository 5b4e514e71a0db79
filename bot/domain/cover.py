"""The cheapest way to cover days of travel with plans, each order with the coupon it would have.

    14 days ─▶ one order of a monthly plan, or one of fourteen daily ones, or … ─▶ the cheapest
    3 trips of 5 days in a quarter ─▶ the same for each trip, or a cover of the whole quarter
    the days on which the line was used last month ─▶ a cover of such a month

A dynamic programme over what is left to cover and what was ordered so far: an order takes the best
coupon that the subscriber has at that moment, as a quote does, and what that coupon allows
afterwards is part of the state. Days beyond the need may be bought; a day that is not needed never
has to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.coupon import Coupon, Discount, Patron, best_discount
from bot.domain.money import Money
from bot.domain.plan import Plan

MOST_ORDERS: Final = 5
"""For one stretch of days: nobody pays more often than that to save a coin."""
LONGEST_DAYS: Final = 180
QUARTER_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class CoverOrder:
    """One order of a cover, as it would be quoted."""

    plan: Plan
    periods: int
    discount: Discount | None

    @property
    def days(self) -> int:
        return self.plan.days_for(self.periods)

    @property
    def total(self) -> Money:
        price = self.plan.total(self.periods)
        return price if self.discount is None else price - self.discount.amount


@dataclass(frozen=True, slots=True)
class Cover:
    """Orders, to be made one after another, never none."""

    orders: tuple[CoverOrder, ...]

    @property
    def total(self) -> Money:
        return sum((each.total for each in self.orders[1:]), self.orders[0].total)

    @property
    def days(self) -> int:
        return sum(each.days for each in self.orders)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(each.plan.code for each in self.orders)


@dataclass(frozen=True)
class _Hand:
    """The coupons as they stand for the subscriber after some orders."""

    coupons: tuple[Coupon, ...]
    patron: Patron

    def after(self, discount: Discount | None) -> _Hand:
        coupons, used = self.coupons, self.patron.used
        if discount is not None:
            coupons = tuple(
                _used_once_more(each) if each.code == discount.code else each for each in coupons
            )
            if any(each.once_a_subscriber and each.code == discount.code for each in coupons):
                used = used | {discount.code}
        return _Hand(coupons, Patron(renewed_before=True, used=used))


def _used_once_more(coupon: Coupon) -> Coupon:
    """Only what can run out is counted: fewer states to look through."""
    return coupon if coupon.max_uses is None else replace(coupon, used=coupon.used + 1)


@dataclass(frozen=True, slots=True)
class _Step:
    order: CoverOrder
    minor: int
    days: int
    hand: int
    """What is in the hand after it, by its number."""


_Found = tuple[int, int, int, tuple[CoverOrder, ...]]
"""Minor units, orders, days bought, the orders: the least of the first three is the best."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row to be covered, so many days after the former stretch; None: long after it."""

    after: int | None
    days: int


class Covers:
    """The covers that a catalogue allows one subscriber at one moment.

    All prices are in one currency, as one operator sells.
    """

    def __init__(
        self, plans: Sequence[Plan], coupons: Sequence[Coupon], patron: Patron, now: datetime
    ) -> None:
        self._plans = plans
        self._now = now
        self._hands = [_Hand(tuple(coupons), patron)]
        self._numbers = {self._hands[0]: 0}
        self._steps: dict[int, list[_Step]] = {}
        self._best: dict[tuple[int, tuple[Stretch, ...], int, int], _Found | None] = {}

    def cheapest(self, days: int, *later: Stretch) -> Cover | None:
        """For so many days, and the stretches after them; None where five orders do not reach
        through one of them."""
        found = self._find(days, later, MOST_ORDERS, 0)
        return Cover(found[3]) if found is not None and found[3] else None

    def without(self, code: str) -> Covers:
        """The same without one of the plans."""
        first = self._hands[0]
        rest = [each for each in self._plans if each.code != code]
        return Covers(rest, first.coupons, first.patron, self._now)

    def _find(self, left: int, later: tuple[Stretch, ...], orders: int, hand: int) -> _Found | None:
        """The best for what is left of this stretch, and for those after it. Less than nothing is
        left where the last order reaches beyond it."""
        while left <= 0 and later:
            reaches = 0 if later[0].after is None else max(0, -left - later[0].after)
            left, later, orders = later[0].days - reaches, later[1:], MOST_ORDERS
        if left <= 0:
            return 0, 0, 0, ()
        if orders == 0:
            return None
        key = (left, later, orders, hand)
        if key not in self._best:
            self._best[key] = self._look(*key)
        return self._best[key]

    def _look(self, left: int, later: tuple[Stretch, ...], orders: int, hand: int) -> _Found | None:
        best: _Found | None = None
        for step in self._steps_of(hand):
            rest = self._find(left - step.days, later, orders - 1, step.hand)
            if rest is None:
                continue
            found = (
                step.minor + rest[0], 1 + rest[1], step.days + rest[2], (step.order, *rest[3])
            )  # fmt: skip
            if best is None or found[:3] < best[:3]:
                best = found
        return best

    def _steps_of(self, hand: int) -> list[_Step]:
        """The orders that can be made with that hand, without those that cost as much as one that
        gives more days and leaves the same hand."""
        if hand not in self._steps:
            steps = [
                self._step(hand, plan, periods)
                for plan in self._plans
                for periods in range(1, plan.cycle.most_periods + 1)
            ]
            steps.sort(key=lambda each: (-each.days, each.minor))
            kept: list[_Step] = []
            cheapest: dict[int, int] = {}
            for step in steps:
                if step.minor < cheapest.get(step.hand, step.minor + 1):
                    cheapest[step.hand] = step.minor
                    kept.append(step)
            self._steps[hand] = kept
        return self._steps[hand]

    def _step(self, number: int, plan: Plan, periods: int) -> _Step:
        hand = self._hands[number]
        price = plan.total(periods)
        discount = best_discount(hand.coupons, hand.patron, plan.cycle, price, self._now)
        order = CoverOrder(plan, periods, discount)
        after = hand.after(discount)
        if after not in self._numbers:
            self._numbers[after] = len(self._hands)
            self._hands.append(after)
        return _Step(order, order.total.minor, order.days, self._numbers[after])


@dataclass(frozen=True, slots=True)
class Need:
    """What is to be covered: days in a row, and the stretches after them."""

    days: int
    later: tuple[Stretch, ...] = ()
    in_a_quarter: bool = False
    """They lie somewhere within a quarter."""

    @classmethod
    def of_trips(cls, days: int, trips: int) -> Need:
        """So many trips of that many days each, within a quarter when there are several."""
        return cls(days, (Stretch(None, days),) * (trips - 1), in_a_quarter=trips > 1)

    @property
    def stretches(self) -> int:
        return 1 + len(self.later)

    @property
    def all_days(self) -> int:
        return self.days + sum(each.days for each in self.later)


@dataclass(frozen=True, slots=True)
class Advice:
    """The cheapest cover of the need and what speaks for it."""

    need: Need
    best: Cover
    whole_quarter: bool
    """It covers the quarter through, since that costs less than the trips one by one."""
    runner_up: Cover | None
    """The cheapest that does without one of its plans, or the other way to cover several trips."""
    longer_from: tuple[int, Cover] | None = None
    """From how many days on which other plans are cheaper."""
    shorter_until: tuple[int, Cover] | None = None
    """Up to how many days which other plans are cheaper."""

    @property
    def saves(self) -> Money | None:
        return None if self.runner_up is None else self.runner_up.total - self.best.total


def advise(covers: Covers, need: Need) -> Advice | None:
    """None when nothing on sale covers it."""
    if need.in_a_quarter:
        return _for_trips(covers, need)
    best = covers.cheapest(need.days, *need.later)
    if best is None:
        return None
    runner_up = _without_one(covers, best, need)
    if need.later:
        return Advice(need, best, False, runner_up)
    longer = _change(covers, best, range(need.days + 1, LONGEST_DAYS + 1))
    shorter = _change(covers, best, range(need.days - 1, 0, -1))
    return Advice(need, best, False, runner_up, longer, shorter)


def _for_trips(covers: Covers, need: Need) -> Advice | None:
    """One by one, or the quarter through; trips that fill more than it are the quarter."""
    through = covers.cheapest(QUARTER_DAYS)
    apart = None
    if need.all_days <= QUARTER_DAYS:
        apart = covers.cheapest(need.days, *need.later)
    if apart is None:
        if through is None:
            return None
        rest = _without_one(covers, through, Need(QUARTER_DAYS))
        return Advice(need, through, True, rest)
    if through is None or apart.total <= through.total:
        return Advice(need, apart, False, through)
    return Advice(need, through, True, apart)


def _without_one(covers: Covers, best: Cover, need: Need) -> Cover | None:
    found = [covers.without(code).cheapest(need.days, *need.later) for code in sorted(best.codes)]
    known = [each for each in found if each is not None]
    return min(known, key=lambda each: each.total.minor, default=None)


def _change(covers: Covers, best: Cover, lengths: range) -> tuple[int, Cover] | None:
    """The first of the lengths at which other plans than those are the cheapest."""
    for days in lengths:
        cover = covers.cheapest(days)
        if cover is None:
            return None
        if cover.codes != best.codes:
            return days, cover
    return None
