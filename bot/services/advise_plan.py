"""Advise a plan: the cheapest that is on sale for a trip, for trips, or for a month like the last.

The coupons are those that the subscriber's orders would take now; what is bought later is reckoned
with what is left of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from bot.domain.calendar import local_day
from bot.domain.cover import Advice, Covers, Need, Stretch, advise
from bot.domain.line import Line
from bot.domain.subscriber import Subscriber
from bot.services.hold_coupon import patron_of
from bot.services.ports import Clock
from bot.services.read_account import chosen_line
from bot.services.renew_line import covered_until
from bot.services.unit import Unit

HISTORY_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Trip:
    """Days in a row; ``first`` is known where the dates are."""

    days: int
    first: date | None = None

    @property
    def last(self) -> date | None:
        return None if self.first is None else self.first + timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Advised:
    """``advice`` is None when nothing is to be bought, or nothing on sale reaches so far."""

    line: Line
    advice: Advice | None
    days_held: int
    """Of the trip's days, those that what the line has already covers."""
    covered_until: datetime | None
    buy_on: date | None
    """The day on which to buy, where it lies ahead: a plan begins at once, or after what runs."""

    @property
    def is_covered(self) -> bool:
        return self.advice is None and self.days_held > 0


class AdvisePlan:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def today(self, unit: Unit, subscriber: Subscriber) -> date:
        """In the zone of the line's days. Raises `NoLine`."""
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        return local_day(self._clock.now(), line.reset_zone)

    async def for_trip(self, unit: Unit, subscriber: Subscriber, trip: Trip) -> Advised:
        """Raises `NoLine`."""
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        now = self._clock.now()
        covered = await covered_until(unit, line, now)
        if trip.first is None or trip.last is None:
            found = await self._advice(unit, subscriber, Need(trip.days))
            return Advised(line, found, 0, covered, None)
        held_to = local_day(covered, line.reset_zone) if covered is not None else date.min
        held = min(trip.days, max(0, (held_to - trip.first).days))
        starts = max(trip.first, held_to)
        found = None
        if held < trip.days:
            found = await self._advice(unit, subscriber, Need(trip.days - held))
        waits = found is not None and held == 0 and starts > local_day(now, line.reset_zone)
        return Advised(line, found, held, covered, starts if waits else None)

    async def for_trips(self, unit: Unit, subscriber: Subscriber, days: int, trips: int) -> Advised:
        """So many trips of that many days in a quarter. Raises `NoLine`."""
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        found = await self._advice(unit, subscriber, Need.of_trips(days, trips))
        return Advised(line, found, 0, await covered_until(unit, line, self._clock.now()), None)

    async def by_history(self, unit: Unit, subscriber: Subscriber) -> Advised | None:
        """For a month in which the line is used on the days on which it was used in the last; None
        when no use is known. Raises `NoLine`."""
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        now = self._clock.now()
        today = local_day(now, line.reset_zone)
        known = await unit.readings.usage(line.id, today - timedelta(days=HISTORY_DAYS), today)
        need = need_of([each.day for each in known if each.used_bytes > 0 and each.day < today])
        if need is None:
            return None
        found = await self._advice(unit, subscriber, need)
        return Advised(line, found, 0, await covered_until(unit, line, now), None)

    async def _advice(self, unit: Unit, subscriber: Subscriber, need: Need) -> Advice | None:
        now = self._clock.now()
        coupons = await unit.coupons.known_to(subscriber.id, now)
        patron = await patron_of(unit, subscriber.id)
        plans = await unit.catalogue.on_sale()
        return advise(Covers(plans, coupons, patron, now), need)


def need_of(days: list[date]) -> Need | None:
    """Those days (in their order), as stretches with the gaps between them."""
    if not days:
        return None
    stretches = [Stretch(None, 1)]
    for before, day in pairwise(days):
        apart = (day - before).days - 1
        if apart == 0:
            stretches[-1] = replace(stretches[-1], days=stretches[-1].days + 1)
        else:
            stretches.append(Stretch(apart, 1))
    return Need(stretches[0].days, tuple(stretches[1:]))
