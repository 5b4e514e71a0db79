"""A line: one SIM or eSIM with a number, and what the carrier last said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType
from zoneinfo import ZoneInfo

from bot.domain.money import Money

Msisdn = NewType("Msisdn", str)
"""A number in E.164: a plus sign and 7 to 15 digits (ITU-T E.164)."""
Iccid = NewType("Iccid", str)
"""The number of the card itself: 18 to 20 digits (ITU-T E.118)."""

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def as_msisdn(text: str) -> Msisdn:
    """The text as an E.164 number. Raises `ValueError` unless it already is one."""
    if not _E164.fullmatch(text):
        raise ValueError("not an E.164 number")
    return Msisdn(text)


class LineStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that we know. ``ref`` is the carrier's own key for it, never shown."""

    id: int
    ref: str
    msisdn: Msisdn
    iccid: Iccid | None
    zone: str
    """The zone in which the line's daily allowance resets (IANA name)."""
    status: LineStatus
    name: str | None = None
    """What its holder calls it."""

    @property
    def reset_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def tail(self) -> str:
        return self.msisdn[-4:]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the carrier said of a line at ``as_of``. None means that it did not say."""

    line_id: int
    as_of: datetime
    source: str
    plan_code: str | None
    valid_until: datetime | None
    used_today_bytes: int | None
    high_speed_cap_bytes: int | None
    throttled: bool | None
    base_rate_kbps: int | None
    next_reset_at: datetime | None
    wallet: Money | None


@dataclass(frozen=True, slots=True)
class UsageDay:
    """Data used on one day of the plan's reset zone."""

    day: date
    used_bytes: int
    by_country: dict[str, int] = field(default_factory=dict)
    """Of it, by ISO 3166-1 alpha-2 code, as far as the carrier says where; nothing when it says
    nothing."""
