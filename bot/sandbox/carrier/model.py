"""What the simulated network knows: offerings, lines, entitlements, orders, texts.

Quantities in bytes, speeds in kbit/s, money in minor units, instants aware UTC.
A day is [local midnight, next local midnight) of the line's reset zone: 23 or 25 hours happen.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
CURRENCY = "CNY"


class Clock(Protocol):
    """The one clock of the sandbox."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""


@lru_cache(maxsize=4096)
def midnight(day: date, zone: str) -> datetime:
    """The first instant of a local day, in UTC, also where 00:00 itself does not exist."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def local_day(instant: datetime, zone: str) -> date:
    """The day that an instant belongs to."""
    return instant.astimezone(ZoneInfo(zone)).date()


def days_later(instant: datetime, days: int, zone: str) -> datetime:
    """The same time on the clock of the zone, so many calendar days later."""
    local = instant.astimezone(ZoneInfo(zone))
    return (local + timedelta(days=days)).astimezone(UTC)


@dataclass(frozen=True)
class Offering:
    """A plan as the carrier sells it; one period lasts `days` calendar days of `zone`."""

    code: str
    name: str
    days: int
    high_speed_cap_bytes: int
    base_rate_kbps: int
    zone: str


class EntitlementState(StrEnum):
    """Where an entitlement stands at an instant."""

    QUEUED = "queued"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass
class Entitlement:
    """A right to service from `starts_at` up to, not including, `ends_at`.

    `id` is that of the order that brought it, if one did.
    """

    id: str
    plan: str
    periods: int
    starts_at: datetime
    ends_at: datetime

    def state_at(self, now: datetime) -> EntitlementState:
        """Queued before its start, ended from its end on."""
        if now < self.starts_at:
            return EntitlementState.QUEUED
        return EntitlementState.ACTIVE if now < self.ends_at else EntitlementState.ENDED


class OrderState(StrEnum):
    """The states of a TMF622 order that this network uses."""

    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "inProgress"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass
class Order:
    """One order for a line. `key` is the buyer's externalId: nothing here makes it unique.

    `due_at` is when it will be settled as `outcome`; None: never.
    """

    id: str
    key: str
    msisdn: str
    plan: str
    periods: int
    ordered_at: datetime
    due_at: datetime | None
    outcome: OrderState = OrderState.COMPLETED
    settled: OrderState | None = None
    settled_at: datetime | None = None

    def state_at(self, now: datetime) -> OrderState:
        """The settled state, or acknowledged at first and in progress from then on."""
        if self.settled is not None:
            return self.settled
        return OrderState.IN_PROGRESS if now > self.ordered_at else OrderState.ACKNOWLEDGED


@dataclass
class Usage:
    """Bytes that a line used in one country on one local day."""

    day: date
    country: str
    used_bytes: int


@dataclass
class Line:
    """A SIM with its number, its queue of entitlements and what it used."""

    msisdn: str
    iccid: str
    zone: str
    since: date
    wallet_minor: int = 0
    suspended: bool = False
    entitlements: list[Entitlement] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    order_ids: list[str] = field(default_factory=list)

    def current(self, now: datetime) -> Entitlement | None:
        """The entitlement that is active at this instant."""
        for entitlement in reversed(self.entitlements):
            if entitlement.state_at(now) is EntitlementState.ACTIVE:
                return entitlement
        return None

    def used_on(self, day: date) -> int:
        """Bytes used on a local day, in all countries."""
        return sum(entry.used_bytes for entry in reversed(self.usage) if entry.day == day)

    def record(self, day: date, country: str, used_bytes: int) -> None:
        """Add to what was used in a country on a day."""
        for entry in reversed(self.usage):
            if (entry.day, entry.country) == (day, country):
                entry.used_bytes += used_bytes
                return
        self.usage.append(Usage(day, country, used_bytes))


@dataclass(frozen=True)
class Text:
    """A short message that a line received."""

    msisdn: str
    text: str
    at: datetime
