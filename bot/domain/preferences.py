"""What a subscriber wants to be told, and when not to be disturbed.

quiet from 22:00 to 08:00, in the subscriber's zone
22:00 ████████████ 08:00          an alert of 23:30 waits until 08:00
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.calendar import at_wall_clock

MINUTES_A_DAY: Final = 24 * 60


class AlertKind(StrEnum):
    """What a subscriber is told of a line by itself, and can silence."""

    MOST_USED = "most_used"
    """80 % of today's high speed."""
    ALL_USED = "all_used"
    """All of it: the line is throttled until the reset."""
    ENDING = "ending"
    """3 days, 1 day and 0 days before the end of all that the line has."""
    ENDED = "ended"
    STARTED = "started"
    """The next plan, which waited, has begun."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one minute of the day to another, over midnight where the second is the smaller."""

    from_minute: int
    to_minute: int

    def __post_init__(self) -> None:
        minutes = (self.from_minute, self.to_minute)
        if not all(0 <= each < MINUTES_A_DAY for each in minutes) or len(set(minutes)) == 1:
            raise ValueError(f"no quiet hours: {minutes}")

    def hold(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether the instant lies in them, by the clocks of the zone."""
        local = at.astimezone(zone)
        minute = local.hour * 60 + local.minute
        if self.from_minute < self.to_minute:
            return self.from_minute <= minute < self.to_minute
        return minute >= self.from_minute or minute < self.to_minute

    def over_at(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first instant (UTC), not before ``at``, at which they do not hold."""
        if not self.hold(at, zone):
            return at
        local = at.astimezone(zone)
        ends = time(self.to_minute // 60, self.to_minute % 60)
        day = local.date()
        if local.time() >= ends:
            day += timedelta(days=1)
        over = at_wall_clock(day, ends, zone)
        return over if over > at else at_wall_clock(day + timedelta(days=1), ends, zone)


@dataclass(frozen=True, slots=True)
class Preferences:
    """A subscriber's, who has not said otherwise where a field is not given."""

    subscriber_id: int
    news: bool = True
    """Announcements of the service."""
    promotions: bool = False
    """Offers: only to those who asked for them."""
    quiet: QuietHours | None = QuietHours(22 * 60, 8 * 60)
    time_zone: str | None = None
    """IANA name; None: guessed, see `zone`."""
    muted: frozenset[AlertKind] = frozenset()
    """Not told of any line."""
    muted_lines: frozenset[tuple[int, AlertKind]] = frozenset()
    """Not told of that line."""

    def zone(self, guess: str) -> ZoneInfo:
        """The one chosen, else the guess: the zone of the line, or the operator's."""
        return ZoneInfo(self.time_zone or guess)

    def wants(self, kind: AlertKind, line_id: int) -> bool:
        return kind not in self.muted and (line_id, kind) not in self.muted_lines

    def may_disturb_at(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first instant, not before ``at``, outside of the quiet hours."""
        return at if self.quiet is None else self.quiet.over_at(at, zone)

    def silenced(self, kind: AlertKind, line_id: int | None = None) -> Preferences:
        """``line_id``: only of that line; None: of every line."""
        if line_id is None:
            return replace(self, muted=self.muted | {kind})
        return replace(self, muted_lines=self.muted_lines | {(line_id, kind)})

    def told(self, kind: AlertKind, line_id: int | None = None) -> Preferences:
        """Of that line, or of every one, the kind is told (again)."""
        if line_id is None:
            others = {each for each in self.muted_lines if each[1] is not kind}
            return replace(self, muted=self.muted - {kind}, muted_lines=frozenset(others))
        return replace(self, muted_lines=self.muted_lines - {(line_id, kind)})
