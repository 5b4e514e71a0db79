"""What the operator's figures mean.

Revenue is what was paid for the renewals that were delivered, less what of it was taken back: each
counts on the day on which it happened, at what the subscriber paid, so less what a coupon gave. A
top-up is no revenue before it is spent. Every currency stands for itself.

    active  a line's service, bought here, has not ended
    new     a line's first renewal that stayed with it was delivered
    lost    a line's service ended `LOST_AFTER` ago, and none had begun again by then

A period is compared with the one before it up to the same time of day, so that a day that has only
begun is not held against a whole one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain, pairwise
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.calendar import after_days, day_start, local_day
from bot.domain.money import STARS, Money

LOST_AFTER: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant to another, which is not in it any more."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """So many days of the operator's zone, the last of which is today."""

    days: list[date]
    day_spans: list[Span]
    """Of each day, from its midnight to the next: 23, 24 or 25 hours."""
    so_far: Span
    """From the first midnight until now."""
    before: Span
    """As many days earlier, up to the same time of day."""


def period(now: datetime, number: int, zone: ZoneInfo) -> Period:
    today = local_day(now, zone)
    days = [today - timedelta(days=back) for back in reversed(range(number))]
    starts = [day_start(day, zone) for day in [*days, today + timedelta(days=1)]]
    earlier = day_start(days[0] - timedelta(days=number), zone)
    return Period(
        days,
        [Span(since, until) for since, until in pairwise(starts)],
        Span(starts[0], now),
        Span(earlier, after_days(now, -number, zone)),
    )


@dataclass(frozen=True, slots=True)
class Earned:
    """Renewals of one plan in one currency that were delivered, or taken back."""

    plan_code: str
    is_taken_back: bool
    number: int
    amount: Money
    """What was paid for them; below zero for those that were taken back."""


def together(parts: Iterable[Iterable[Earned]]) -> list[Earned]:
    """What several spans earned, as one."""
    sums: dict[tuple[str, bool, str], Earned] = {}
    for each in chain.from_iterable(parts):
        key = (each.plan_code, each.is_taken_back, each.amount.currency)
        former = sums.get(key, replace(each, number=0, amount=Money.zero(each.amount.currency)))
        number, amount = former.number + each.number, former.amount + each.amount
        sums[key] = replace(each, number=number, amount=amount)
    return [sums[key] for key in sorted(sums)]


def revenue(earned: Iterable[Earned]) -> dict[str, Money]:
    """By currency, Stars last."""
    sums: dict[str, int] = defaultdict(int)
    for each in earned:
        sums[each.amount.currency] += each.amount.minor
    in_order = sorted(sums, key=lambda currency: (currency == STARS, currency))
    return {currency: Money(sums[currency], currency) for currency in in_order}


def renewals(earned: Iterable[Earned]) -> int:
    """How many were delivered."""
    return sum(each.number for each in earned if not each.is_taken_back)


@dataclass(frozen=True, slots=True)
class Activation:
    """How long it took from the payment to the delivery, of what was delivered."""

    half_s: int | None
    """The 50th percentile in whole seconds; None when nothing was delivered."""
    most_s: int | None
    """The 95th."""
    late: int
    """How many took longer than is promised."""


def activation(seconds: Mapping[int, int], promise: timedelta) -> Activation:
    """From how many took each number of seconds."""
    late = sum(number for took, number in seconds.items() if took > promise.total_seconds())
    return Activation(percentile(seconds, 50), percentile(seconds, 95), late)


def percentile(counts: Mapping[int, int], percent: int) -> int | None:
    """The nearest-rank percentile of values that occur so often each: the least value that at least
    so many percent of all are not above; None of nothing. ``percent`` is from 1 to 100."""
    rank = math.ceil(sum(counts.values()) * percent / 100)
    for value, number in sorted(counts.items()):
        rank -= number
        if number and rank <= 0:
            return value
    return None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one span."""

    earned: list[Earned]
    new_lines: int
    lost_lines: int
    activation: Activation


@dataclass(frozen=True, slots=True)
class Statistics:
    so_far: Figures
    before: Figures
    by_day: list[list[Earned]]
    """What each day of the period earned, the oldest first."""
    active_lines: int
    """Lines whose service has not ended at the moment of counting; it may have yet to begin, behind
    a plan that was not bought here."""
    undelivered: int
    """Orders charged longer ago than activation may take, and not delivered, at that moment."""
