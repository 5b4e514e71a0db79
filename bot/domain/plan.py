"""What is sold: plans, their prices and their fair-use terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.errors import PeriodsOutOfRange
from bot.domain.language import ENGLISH, nearest
from bot.domain.money import Money


class BillingCycle(StrEnum):
    DAILY = "daily"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"

    @property
    def most_periods(self) -> int:
        """How many periods one order may buy: a trip of up to 30 days, else one period."""
        return 30 if self is BillingCycle.DAILY else 1


@dataclass(frozen=True, slots=True)
class FairUsePolicy:
    """What "unlimited" means: a daily high-speed allowance, then a throttled base rate."""

    high_speed_cap_bytes: int
    base_rate_kbps: int
    reset_zone: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.reset_zone)


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a plan; a new price is a new version, so that an order keeps its own."""

    code: str
    version: int
    cycle: BillingCycle
    days: int
    price: Money
    fair_use: FairUsePolicy
    countries: int
    names: Mapping[str, str]
    """The plan's short name by language, one of them English."""
    stars: Money | None = None
    """Its price in Telegram Stars, set and not converted; None: Stars do not buy it."""

    def name(self, language: str) -> str:
        return self.names[nearest(language, self.names) or ENGLISH]

    def check_periods(self, periods: int) -> None:
        """Raises `PeriodsOutOfRange` unless one order may buy that many periods."""
        most = self.cycle.most_periods
        if not 1 <= periods <= most:
            raise PeriodsOutOfRange(1, most)

    def total(self, periods: int) -> Money:
        return self.price * periods

    def total_in(self, currency: str, periods: int) -> Money | None:
        """In money or in Stars; None where the plan has no price in that currency."""
        for price in (self.price, self.stars):
            if price is not None and price.currency == currency:
                return price * periods
        return None

    def days_for(self, periods: int) -> int:
        return self.days * periods

    @property
    def price_per_day(self) -> Money:
        return self.price.divided_by(self.days)
