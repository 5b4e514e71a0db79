"""What is worth telling of a line, and when the carrier has to be asked to know it.

    used today      ├───────────────80 %──────100 %│ reset      once a day each
    all it has      ──────────────3 days──1 day──0│ ended       once an end each
    the next plan                                  │ started    once an order

Time alone makes the second and the third true; the first takes a reading. The carrier is asked the
later the farther the line is from the next mark, at three times the pace that it has kept today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.calendar import day_start, days_left, local_day, next_reset
from bot.domain.entitlement import Entitlement
from bot.domain.fair_use import allowance_at
from bot.domain.line import Line, Reading
from bot.domain.preferences import AlertKind

MOST: Final = (4, 5)
"""80 %, as a fraction: bytes are whole."""
ENDING_DAYS: Final = (3, 1, 0)
NEWS_FOR: Final = timedelta(days=2)
"""Older than that, an end or a start is no news any more."""
SOONEST: Final = timedelta(minutes=15)
LATEST: Final = timedelta(hours=4)
"""Between two readings that are taken to see a mark come."""
FIRST_LOOK: Final = timedelta(hours=3)
"""After a reset: nobody is expected to use so much sooner."""
_HASTE: Final = 3
_INSTANT: Final = timedelta(microseconds=1)
"""What ends at midnight has the day before as its last."""
_NEW_PACE: Final = timedelta(hours=1)
"""The first hour of a day says little of its pace."""

USAGE: Final = (AlertKind.ALL_USED, AlertKind.MOST_USED)


@dataclass(frozen=True, slots=True)
class Alert:
    """``period``: what makes it one of its kind and line: a day, an end, an order."""

    kind: AlertKind
    period: str
    days_left: int = 0
    """Before the end, for `AlertKind.ENDING`."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line as alerts see it."""

    line: Line
    linked_at: datetime
    reading: Reading | None
    covered_until: datetime | None
    """The end of all that it has, past or to come."""
    begun_at: datetime | None
    """When the last of what it has began or begins, as far as we sold it."""
    queued: Sequence[Entitlement]
    """Plans of ours that waited, or wait, for the end of another."""
    renews_by_itself: bool
    """Then the end is not announced: the renewal is."""

    def true_at(self, now: datetime) -> list[Alert]:
        """What could be told now, whether or not it has been."""
        return [*self._usage(now), *self._ending(now), *self._ended(now), *self._started(now)]

    def turns_after(self, now: datetime) -> list[datetime]:
        """The instants at which time alone makes something true."""
        turns = [each.starts_at for each in self.queued]
        if self.covered_until is not None:
            last = local_day(self.covered_until - _INSTANT, self.line.reset_zone)
            days = [last - timedelta(days=days) for days in ENDING_DAYS]
            turns += [day_start(day, self.line.reset_zone) for day in days]
            turns.append(self.covered_until)
        return [each for each in turns if each > now]

    def read_at(self, now: datetime, told: frozenset[AlertKind]) -> datetime | None:
        """When the next reading for a mark of today is worth its cost; None: the carrier reports no
        counter, or nothing runs. ``told``: those of today's marks that are not waited for."""
        reading, zone = self.reading, self.line.reset_zone
        if reading is None:
            return now
        if not self._runs(now):
            return None
        if reading.used_today_bytes is None or not reading.high_speed_cap_bytes:
            return None
        begun = day_start(local_day(now, zone), zone)
        if reading.as_of < begun:
            return max(now, begun + FIRST_LOOK)
        next_day = next_reset(now, zone) + FIRST_LOOK
        mark = self._next_mark(reading.used_today_bytes, reading.high_speed_cap_bytes, told)
        if mark is None:
            return next_day
        pace_time = max(reading.as_of - begun, _NEW_PACE)
        missing = mark - reading.used_today_bytes
        used = max(1, reading.used_today_bytes)
        seconds = pace_time.total_seconds() * missing / used / _HASTE
        wait = timedelta(seconds=min(seconds, LATEST.total_seconds()))
        due = reading.as_of + max(wait, SOONEST)
        return min(max(due, now), next_day) if due < next_reset(now, zone) else next_day

    def day(self, now: datetime) -> date:
        return local_day(now, self.line.reset_zone)

    # ── each kind ─────────────────────────────────────────────────────────────────────────────────

    def _usage(self, now: datetime) -> list[Alert]:
        """Of the two marks the higher one only."""
        if self.reading is None or not self._runs(now):
            return []
        allowance = allowance_at(self.reading, self.line, now)
        used, cap = allowance.used_bytes, allowance.cap_bytes
        spoke_of_today = next_reset(self.reading.as_of, self.line.reset_zone) > now
        today = self.day(now).isoformat()
        if spoke_of_today and self.reading.throttled:
            return [Alert(AlertKind.ALL_USED, today)]
        if used is None or not cap:
            return []
        if used >= cap:
            return [Alert(AlertKind.ALL_USED, today)]
        return [Alert(AlertKind.MOST_USED, today)] if used >= _most(cap) else []

    def _ending(self, now: datetime) -> list[Alert]:
        """Not on the day on which what ends has begun: who bought a day knows when it ends."""
        end, zone = self.covered_until, self.line.reset_zone
        if end is None or end <= now or self.renews_by_itself:
            return []
        if self.begun_at is not None and self.day(now) <= local_day(self.begun_at, zone):
            return []
        last = end - _INSTANT
        left = days_left(now, last, zone)
        if left not in ENDING_DAYS:
            return []
        return [Alert(AlertKind.ENDING, f"{local_day(last, zone)}:{left}", left)]

    def _ended(self, now: datetime) -> list[Alert]:
        end = self.covered_until
        if end is None or not self.linked_at < end <= now < end + NEWS_FOR:
            return []
        return [Alert(AlertKind.ENDED, local_day(end, self.line.reset_zone).isoformat())]

    def _started(self, now: datetime) -> list[Alert]:
        return [
            Alert(AlertKind.STARTED, each.order_id)
            for each in self.queued
            if max(each.starts_at, self.linked_at) <= now < min(
                each.ends_at, each.starts_at + NEWS_FOR
            )
        ]  # fmt: skip

    def _runs(self, now: datetime) -> bool:
        """As far as is known."""
        return self.covered_until is None or self.covered_until > now

    def _next_mark(self, used: int, cap: int, told: frozenset[AlertKind]) -> int | None:
        marks = [
            mark
            for kind, mark in ((AlertKind.MOST_USED, _most(cap)), (AlertKind.ALL_USED, cap))
            if kind not in told and mark > used
        ]
        return min(marks, default=None)


def _most(cap: int) -> int:
    part, whole = MOST
    return -(-cap * part // whole)
