"""What a reading means under the plan's fair-use terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.calendar import day_start, local_day, next_reset
from bot.domain.line import Line, Reading

FORECAST_AFTER: Final = timedelta(hours=2)
"""What the first hours of a day say of the rest of it is not much."""
FORECAST_FRESH: Final = timedelta(minutes=30)
_FORECAST_SHARE: Final = 10
"""Nor does use below a tenth of the cap."""


class ServiceLevel(StrEnum):
    HIGH_SPEED = "high_speed"
    THROTTLED = "throttled"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Today's high-speed data; None where the carrier does not report it."""

    used_bytes: int | None
    cap_bytes: int | None

    @property
    def remaining_high_speed_bytes(self) -> int | None:
        if self.used_bytes is None or self.cap_bytes is None:
            return None
        return max(0, self.cap_bytes - self.used_bytes)

    @property
    def used_share(self) -> float | None:
        """0.0 to 1.0, never above: beyond the cap nothing more counts as high speed."""
        if self.used_bytes is None or not self.cap_bytes:
            return None
        return min(1.0, self.used_bytes / self.cap_bytes)


def allowance_at(reading: Reading, line: Line, now: datetime) -> Allowance:
    """Today's allowance as far as the reading still speaks of today.

    A reading from before the last reset says nothing about the day that began since, so its
    counter is not carried over.
    """
    spoke_of_today = next_reset(reading.as_of, line.reset_zone) > now
    return Allowance(
        reading.used_today_bytes if spoke_of_today else None, reading.high_speed_cap_bytes
    )


def service_level(reading: Reading, line: Line, now: datetime) -> ServiceLevel:
    """How the line is served now: what the carrier says, else what its counters imply."""
    if reading.valid_until is not None and reading.valid_until <= now:
        return ServiceLevel.ENDED
    if next_reset(reading.as_of, line.reset_zone) <= now:
        return ServiceLevel.UNKNOWN
    if reading.throttled is not None:
        return ServiceLevel.THROTTLED if reading.throttled else ServiceLevel.HIGH_SPEED
    remaining = allowance_at(reading, line, now).remaining_high_speed_bytes
    if remaining is None:
        return ServiceLevel.UNKNOWN
    return ServiceLevel.HIGH_SPEED if remaining else ServiceLevel.THROTTLED


@dataclass(frozen=True, slots=True)
class Forecast:
    """Until when today's high speed lasts at today's pace; None: to the reset."""

    until: datetime | None


def forecast(reading: Reading, line: Line, now: datetime) -> Forecast | None:
    """None where it cannot be said honestly: too little of the day has passed or was used, the
    reading is old, the carrier reports no counter, or nothing is left."""
    zone = line.reset_zone
    begun, reset = day_start(local_day(now, zone), zone), next_reset(now, zone)
    if reading.as_of - begun < FORECAST_AFTER or now - reading.as_of > FORECAST_FRESH:
        return None
    used, cap = reading.used_today_bytes, reading.high_speed_cap_bytes
    if used is None or not cap or used * _FORECAST_SHARE < cap or used >= cap:
        return None
    if reading.throttled:
        return None
    until = begun + (reading.as_of - begun) * (cap / used)
    return Forecast(until if until < reset else None)
