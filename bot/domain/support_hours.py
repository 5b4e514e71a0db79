"""When operators answer: by weekday and clock, in the operator's zone.

mon-fri 09:00-18:00, sat 10:00-14:00         22:00-06:00 is open over midnight
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.calendar import at_wall_clock

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = "|".join(WEEKDAYS)
_SPAN: Final = re.compile(
    rf"(?:({_DAY})(?:-({_DAY}))? )?([01]?\d|2[0-3]):([0-5]\d)-(24:00|([01]?\d|2[0-3]):([0-5]\d))"
)
_MIDNIGHT: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """On each day from ``first`` to ``last`` (0 is Monday), between two minutes of the day; over
    midnight where the second is not the greater."""

    first: int
    last: int
    from_minute: int
    to_minute: int

    @property
    def days(self) -> frozenset[int]:
        length = (self.last - self.first) % 7
        return frozenset((self.first + each) % 7 for each in range(length + 1))

    def holds(self, weekday: int, minute: int) -> bool:
        if self.from_minute < self.to_minute:
            return weekday in self.days and self.from_minute <= minute < self.to_minute
        begun_today = weekday in self.days and minute >= self.from_minute
        begun_yesterday = (weekday - 1) % 7 in self.days and minute < self.to_minute
        return begun_today or begun_yesterday


@dataclass(frozen=True, slots=True)
class SupportHours:
    """No span: at any time, and nothing is promised about it."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def parse(cls, text: str) -> SupportHours:
        """Raises `ValueError` for what is not written as above."""
        written = [part.strip() for part in text.lower().split(",") if part.strip()]
        return cls(tuple(_span(part) for part in written))

    def is_open(self, at: datetime, zone: ZoneInfo) -> bool:
        local = at.astimezone(zone)
        minute = local.hour * 60 + local.minute
        return not self.spans or any(each.holds(local.weekday(), minute) for each in self.spans)

    def opens_at(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first instant (UTC), not before ``at``, at which they are open."""
        if self.is_open(at, zone):
            return at
        return min(opening for opening in self._openings(at, zone) if opening > at)

    def _openings(self, at: datetime, zone: ZoneInfo) -> Iterable[datetime]:
        today = at.astimezone(zone).date()
        for ahead in range(9):
            day = today + timedelta(days=ahead)
            for span in self.spans:
                if day.weekday() in span.days:
                    opens = time(span.from_minute // 60, span.from_minute % 60)
                    yield at_wall_clock(day, opens, zone)


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(" ".join(text.split()))
    if match is None:
        raise ValueError(f"not as in 'mon-fri 09:00-18:00': {text!r}")
    first, last, hour, minute, _, to_hour, to_minute = match.groups()
    begins = int(hour) * 60 + int(minute)
    ends = _MIDNIGHT if to_hour is None else int(to_hour) * 60 + int(to_minute)
    if begins == ends:
        raise ValueError(f"begins when it ends: {text!r}")
    if first is None:
        return Span(0, 6, begins, ends)
    return Span(WEEKDAYS.index(first), WEEKDAYS.index(last or first), begins, ends)
