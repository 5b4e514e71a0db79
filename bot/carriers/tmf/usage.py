"""TMF677 usage: what a line used, by day of its reset zone.

The standard has no daily cap: it travels as a counter of one day, and 30 days are 30 counters.
"""

from __future__ import annotations

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
_UNFINISHED = ("accepted", "inProgress", "terminatedWithError")


@dataclass(frozen=True, slots=True)
class Usage:
    """One TMF677 result: bytes by local day, and today's remainder. `as_of` may be unsaid."""

    by_day: Mapping[date, int]
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
    return Usage(
        by_day=_bytes_by_day(buckets, zone, settings),
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
) -> dict[date, int]:
    """Bytes by local day, countries added up; a day with a counter we cannot read is left out."""
    used: dict[date, int] = {}
    unreadable: set[date] = set()
    for day, value in _day_counters(buckets, zone, settings.fields.used_counter):
        amount = _bytes(value, settings)
        if amount is None:
            unreadable.add(day)
        else:
            used[day] = used.get(day, 0) + amount
    return {day: amount for day, amount in sorted(used.items()) if day not in unreadable}


def _day_counters(
    buckets: Iterable[Body], zone: ZoneInfo, used_counter: str
) -> Iterator[tuple[date, Any]]:
    for bucket in buckets:
        for counter in as_objects(bucket.get("bucketCounter")):
            period = as_object(counter.get("consumptionPeriod"))
            start, end = instant(period.get("startDateTime")), instant(period.get("endDateTime"))
            if counter.get("counterType") != used_counter or start is None or end is None:
                continue
            if _SHORTEST_DAY <= end - start <= _LONGEST_DAY:
                yield local_day(start, zone), counter.get("value")


def _bytes(quantity: Any, settings: TmfSettings) -> int | None:
    """A quantity in bytes; an unknown unit is not guessed."""
    value = as_object(quantity)
    amount, unit = decimal(value.get("amount")), value.get("units")
    factor = settings.bytes_by_unit.get(unit) if isinstance(unit, str) else None
    return None if amount is None or factor is None or amount < 0 else int(amount * factor)
