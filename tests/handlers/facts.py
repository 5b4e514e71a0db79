"""Facts for screens: the cast's first line and what may be known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.entitlement import Entitlement
from bot.domain.fair_use import Allowance, ServiceLevel, allowance_at, service_level
from bot.domain.line import Iccid, Line, LineStatus, Msisdn, Reading
from bot.domain.money import Money
from bot.domain.order import Order, OrderStatus, Renewal
from bot.domain.payment import PaymentMethod, Way
from bot.domain.plan import BillingCycle, FairUsePolicy, Plan
from bot.services.ports import CarrierCapabilities
from bot.services.read_account import Account, DayUsed, Usage
from bot.services.read_orders import OrderCard
from bot.services.renew_line import Quote
from handlers.branding import Branding
from handlers.texts import languages, texts

GB = 10**9
NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
"""15:00 in Shanghai."""
ENDS_AT = datetime(2026, 12, 8, 7, 0, tzinfo=UTC)

ZH, EN = texts("zh_Hans"), texts("en")
WORDS = [texts(each) for each in languages()]
BRANDING = Branding(
    name="LEB",
    support_url="https://t.me/LEBsupport",
    terms_url="https://example.com/terms",
    privacy_url="https://example.com/privacy",
)
CAPABILITIES = CarrierCapabilities(
    wallet=True, daily_counter=True, throttle_state=True, texts=True, shortest_poll_s=60
)
LINE = Line(
    id=1,
    ref="ref-1001",
    msisdn=Msisdn("+8613800001001"),
    iccid=Iccid("8985200000000001001"),
    zone="Asia/Shanghai",
    status=LineStatus.ACTIVE,
)
READING = Reading(
    line_id=1,
    as_of=NOW - timedelta(minutes=2),
    source="carrier",
    plan_code="M30",
    valid_until=ENDS_AT,
    used_today_bytes=12_400_000_000,
    high_speed_cap_bytes=20 * GB,
    throttled=False,
    base_rate_kbps=1000,
    next_reset_at=None,
    wallet=None,
)


def yuan(amount: float) -> Money:
    return Money(round(amount * 100), "CNY")


def plan(code: str, cycle: BillingCycle, days: int, price: float, zh: str, en: str) -> Plan:
    fair_use = FairUsePolicy(20 * GB, 1000, "Asia/Shanghai")
    return Plan(code, 1, cycle, days, yuan(price), fair_use, 45, {"zh_Hans": zh, "en": en})


DAILY = plan("D1", BillingCycle.DAILY, 1, 15, "日卡", "Daily")
MONTHLY = plan("M30", BillingCycle.MONTHLY, 30, 199, "月卡", "Monthly")
QUARTERLY = plan("Q90", BillingCycle.QUARTERLY, 90, 499, "季卡", "Quarterly")
CATALOGUE = [DAILY, MONTHLY, QUARTERLY]

ORDER = Order(
    id="LEB-2611-8K3F",
    subscriber_id=1001,
    line_id=1,
    buys=Renewal("M30", 1, periods=1, days=30),
    total=yuan(199),
    status=OrderStatus.AWAITING_PAYMENT,
    created_at=NOW,
    expires_at=NOW + timedelta(minutes=30),
)


def account(reading: Reading | None = READING, **other: Any) -> Account:
    """The home screen's facts at `NOW`, as the service would read them."""
    level = service_level(reading, LINE, NOW) if reading else ServiceLevel.UNKNOWN
    known = Account(
        line=LINE,
        lines=[LINE],
        reading=reading,
        allowance=allowance_at(reading, LINE, NOW) if reading else Allowance(None, None),
        level=level,
        plan=MONTHLY if reading else None,
        wallet=yuan(236),
        ends_at=reading.valid_until if reading else None,
        queued=[],
        capabilities=CAPABILITIES,
        now=NOW,
    )
    return replace(known, **other)


def queued_plan(starts_at: datetime = ENDS_AT) -> Entitlement:
    return Entitlement("LEB-2611-AAAA", 1, "M30", starts_at, starts_at + timedelta(days=30))


def reading(**other: Any) -> Reading:
    return replace(READING, **other)


def quote(**other: Any) -> Quote:
    order = replace(ORDER, status=OrderStatus.QUOTED)
    ways = [Way(PaymentMethod.WALLET), Way(PaymentMethod.INVOICE)]
    return replace(Quote(order, MONTHLY, LINE, yuan(236), ways, ENDS_AT), **other)


def card(**order: Any) -> OrderCard:
    return OrderCard(replace(ORDER, **order), MONTHLY, LINE, [], NOW)


def usage(days: Sequence[float | None], cap_gb: int | None = 20, **by_country: float) -> Usage:
    """The last days in GB, today last; None where nothing was reported. ``by_country``: in GB,
    ``JP=12``."""
    today = NOW.astimezone(LINE.reset_zone).date()
    span = [today - timedelta(days=back) for back in range(len(days) - 1, -1, -1)]
    used = [None if each is None else round(each * GB) for each in days]
    known = [DayUsed(day, quantity) for day, quantity in zip(span, used, strict=True)]
    told = {code: round(amount * GB) for code, amount in by_country.items()}
    return Usage(LINE, known, None if cap_gb is None else cap_gb * GB, NOW, by_country=told)
