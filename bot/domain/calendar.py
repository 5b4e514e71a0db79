"""Days as a plan counts them: ``[local midnight, next local midnight)`` of the plan's reset zone.

A local day may have 23 or 25 hours, and in some zones midnight itself does not exist on the day the
clocks go forward; `zoneinfo` resolves both, +24 h does not.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The plan's day in which the instant lies."""
    return at.astimezone(zone).date()


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the local day begins.

    Where midnight is skipped, the day begins when the clocks have gone forward; where it happens
    twice, at its first occurrence.
    """
    return at_wall_clock(day, time.min, zone)


def at_wall_clock(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the zone's clocks show that time of that day; a time that is
    skipped counts as when the clocks have gone forward, one that happens twice as its first."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def next_reset(at: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of the next daily reset, always after ``at``."""
    return day_start(local_day(at, zone) + timedelta(days=1), zone)


def after_days(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same local wall-clock time ``days`` later, as an instant in UTC."""
    local = start.astimezone(zone)
    return datetime.combine(local.date() + timedelta(days=days), local.time(), zone).astimezone(UTC)


def days_left(at: datetime, end: datetime, zone: ZoneInfo) -> int:
    """Local calendar days from the day of ``at`` to the day of ``end``; never negative."""
    return max(0, (local_day(end, zone) - local_day(at, zone)).days)
