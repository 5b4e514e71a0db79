"""TMF677 usage: what a line used, by day of its reset zone.

The standard has no daily cap: it travels as a counter of one day, and 30 days are 30 counters.
Where an operator counts by country, a day has a counter for each, which names it in a field of its
choice (`TmfFields.usage_country`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.carriers.tmf.settings import TmfSettings
from bot.carriers.tmf.values import Body, as_object, as_objects, decimal, instant
from bot.domain.calendar import local_day

#: A counter of one local day lasts 23 to 25 hours (24 and a change of the clocks).
_SHORTEST_DAY, _LONGEST_DAY = timedelta(hours=23), timedelta(hours=25)
_COUNTRY = re.compile("[A-Z]{2}")
_UNFINISHED = ("accepted", "inProgress", "terminatedWithError")


@dataclass(frozen=True, slots=True)
class Usage:
    """One TMF677 result: bytes by local day, of them by country as far as that is told, and today's
    remainder. `as_of` may be unsaid."""

    by_day: Mapping[date, int]
    by_country: Mapping[date, dict[str, int]]
    remaining_bytes: int | None
    as_of: datetime | None


def read_usage(body: Body, zone: ZoneInfo, settings: TmfSettings) -> Usage | None:
    """The result of a usage query; None while the carrier is still working on it."""
    consumptions = as_objects(body.get("usageConsumption"))
    if not consumptions or any(entry.get("state") in _UNFINISHED for entry in consumptions):
        return None
    buckets = [
        bucket
        for consumption in consumptions
        for bucket in as_objects(consumption.get("bucketRefOrValue"))
        if bucket.get("usageType", "data") == "data"
    ]
    updates = [at for entry in consumptions if (at := instant(entry.get("lastUpdate")))]
    remainders = [bucket["remainingValue"] for bucket in buckets if "remainingValue" in bucket]
    by_day, by_country = _bytes_by_day(buckets, zone, settings)
    return Usage(
        by_day=by_day,
        by_country=by_country,
        remaining_bytes=_bytes(remainders[0], settings) if len(remainders) == 1 else None,
        as_of=min(updates, default=None),
    )


def gave_up(body: Body) -> bool:
    """Whether the carrier gave up on a usage query."""
    consumptions = as_objects(body.get("usageConsumption"))
    return any(entry.get("state") == "terminatedWithError" for entry in consumptions)


def agrees_with_cap(used: int | None, remaining: int | None, cap: int | None) -> bool:
    """Whether used and remaining make up the cap, as far as all three are reported.

    10⁹ taken for 2³⁰ is 7 % off, rounding to tenths of a GB far less than 1 %.
    """
    if used is None or remaining is None or cap is None:
        return True
    missing = cap - used - remaining
    beyond_cap = remaining == 0 and missing < 0
    return beyond_cap or abs(missing) * 100 <= cap


def _bytes_by_day(
    buckets: Iterable[Body], zone: ZoneInfo, settings: TmfSettings
) -> tuple[dict[date, int], dict[date, dict[str, int]]]:
    """Bytes by local day, countries added up, and the countries for themselves; a day with a
    counter we cannot read is left out."""
    used: dict[date, int] = {}
    abroad: dict[date, dict[str, int]] = {}
    unreadable: set[date] = set()
    for day, counter in _day_counters(buckets, zone, settings.fields.used_counter):
        amount = _bytes(counter.get("value"), settings)
        country = counter.get(settings.fields.usage_country)
        if amount is None:
            unreadable.add(day)
            continue
        used[day] = used.get(day, 0) + amount
        if isinstance(country, str) and _COUNTRY.fullmatch(country):
            of_day = abroad.setdefault(day, {})
            of_day[country] = of_day.get(country, 0) + amount
    by_day = {day: amount for day, amount in sorted(used.items()) if day not in unreadable}
    return by_day, {day: abroad[day] for day in by_day if day in abroad}


def _day_counters(
    buckets: Iterable[Body], zone: ZoneInfo, used_counter: str
) -> Iterator[tuple[date, Body]]:
    for bucket in buckets:
        for counter in as_objects(bucket.get("bucketCounter")):
            period = as_object(counter.get("consumptionPeriod"))
            start, end = instant(period.get("startDateTime")), instant(period.get("endDateTime"))
            if counter.get("counterType") != used_counter or start is None or end is None:
                continue
            if _SHORTEST_DAY <= end - start <= _LONGEST_DAY:
                yield local_day(start, zone), counter


def _bytes(quantity: Any, settings: TmfSettings) -> int | None:
    """A quantity in bytes; an unknown unit is not guessed."""
    value = as_object(quantity)
    amount, unit = decimal(value.get("amount")), value.get("units")
    factor = settings.bytes_by_unit.get(unit) if isinstance(unit, str) else None
    return None if amount is None or factor is None or amount < 0 else int(amount * factor)
