"""Read the account: what is left of a line's data, time and money, and how old that knowledge is.

The screen is answered at once from what is held; the carrier is asked beside it, not more often
than it allows, and its answer redraws the screen.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.calendar import local_day
from bot.domain.entitlement import Entitlement
from bot.domain.errors import CooldownRunning, NoLine
from bot.domain.fair_use import (
    Allowance,
    Forecast,
    ServiceLevel,
    allowance_at,
    forecast,
    service_level,
)
from bot.domain.ledger import wallet_of
from bot.domain.line import Line, Reading
from bot.domain.money import Money
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.services.hold_coupon import usable_coupons
from bot.services.ports import CarrierCapabilities, Clock
from bot.services.requests import ReadLine, ReadUsage
from bot.services.unit import Unit

LONGEST_USAGE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Account:
    """All that the home screen shows."""

    line: Line
    lines: list[Line]
    reading: Reading | None
    allowance: Allowance
    level: ServiceLevel
    plan: Plan | None
    wallet: Money
    ends_at: datetime | None
    """The end of the running plan; None when the carrier has not said or nothing runs."""
    queued: list[Entitlement]
    capabilities: CarrierCapabilities
    now: datetime
    coupons: int = 0
    """How many coupons the subscriber can use now."""


@dataclass(frozen=True, slots=True)
class DayUsed:
    """A day of the span; None where the carrier reported nothing for it."""

    day: date
    used_bytes: int | None


@dataclass(frozen=True, slots=True)
class Usage:
    """Every day of the span, oldest first, today last."""

    line: Line
    days: list[DayUsed]
    cap_bytes: int | None
    now: datetime
    forecast: Forecast | None = None
    """How long today's high speed lasts at this pace, where it can be said."""
    by_country: dict[str, int] = field(default_factory=dict)
    """Bytes by ISO 3166-1 alpha-2 code, the most first, as far as the carrier says where."""


class ReadAccount:
    """``currency`` is the one in which the operator sells and wallets are held."""

    def __init__(self, clock: Clock, capabilities: CarrierCapabilities, currency: str) -> None:
        self._clock = clock
        self._capabilities = capabilities
        self._currency = currency

    async def overview(self, unit: Unit, subscriber: Subscriber) -> Account:
        """Raises `NoLine`."""
        lines = await unit.lines.of(subscriber.id)
        line = chosen_line(lines, subscriber)
        now = self._clock.now()
        reading = await unit.readings.latest(line.id)
        plan = None
        if reading is not None and reading.plan_code is not None:
            plan = await _plan_named(unit, reading.plan_code)
        entitlements = await unit.entitlements.of_line(line.id, ending_after=now)
        ends_at = reading.valid_until if reading is not None else None
        running = [each for each in entitlements if each.starts_at <= now]
        level = service_level(reading, line, now) if reading else ServiceLevel.UNKNOWN
        if running:
            ends_at = max([each.ends_at for each in running] + ([ends_at] if ends_at else []))
            if level is ServiceLevel.ENDED:  # the reading is older than the renewal
                level = ServiceLevel.UNKNOWN
        return Account(
            line=line,
            lines=lines,
            reading=reading,
            allowance=allowance_at(reading, line, now) if reading else Allowance(None, None),
            level=level,
            plan=plan,
            wallet=await unit.ledger.balance(wallet_of(line.id), self._currency),
            ends_at=ends_at,
            queued=[each for each in entitlements if each.starts_at > now],
            capabilities=self._capabilities,
            now=now,
            coupons=len(await usable_coupons(unit, subscriber.id, now)),
        )

    async def refresh(self, unit: Unit, subscriber: Subscriber) -> None:
        """Asks the carrier. Raises `NoLine`, and `CooldownRunning` when it was asked just now."""
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        wait = await self._cooldown_left(unit, line)
        if wait > timedelta(0):
            raise CooldownRunning(math.ceil(wait.total_seconds()))
        self._ask(unit, line)

    async def freshen(self, unit: Unit, line: Line) -> None:
        """Asks the carrier, unless it was asked just now."""
        if await self._cooldown_left(unit, line) <= timedelta(0):
            self._ask(unit, line)

    async def usage(self, unit: Unit, subscriber: Subscriber, days: int) -> Usage:
        """The last ``days`` local days as far as they are known; asks for a fresh count beside it,
        and for a reading, without which nothing can be said of how long today's lasts.

        Raises `NoLine`.
        """
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        await self.freshen(unit, line)
        now = self._clock.now()
        today = local_day(now, line.reset_zone)
        first = today - timedelta(days=LONGEST_USAGE_DAYS - 1)
        unit.outbox.carrier(ReadUsage(line.id, line.ref, line.msisdn, first, today, subscriber.id))
        return await self.usage_of(unit, line, days)

    async def usage_of(self, unit: Unit, line: Line, days: int) -> Usage:
        """The same from what is held, without asking."""
        now = self._clock.now()
        today = local_day(now, line.reset_zone)
        span = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
        told = await unit.readings.usage(line.id, span[0], span[-1])
        held = {each.day: each.used_bytes for each in told}
        by_country: Counter[str] = Counter()
        for each in told:
            by_country.update(each.by_country)
        reading = await unit.readings.latest(line.id)
        cap = reading.high_speed_cap_bytes if reading is not None else None
        ahead = forecast(reading, line, now) if reading is not None else None
        days_used = [DayUsed(day, held.get(day)) for day in span]
        return Usage(line, days_used, cap, now, ahead, dict(by_country.most_common()))

    # ── asking ────────────────────────────────────────────────────────────────────────────────────

    async def _cooldown_left(self, unit: Unit, line: Line) -> timedelta:
        """Nothing after a clock was put back: then the last question lies in the future."""
        now = self._clock.now()
        asked_at = await unit.readings.asked_at(line.id)
        if asked_at is None or asked_at > now:
            return timedelta(0)
        return asked_at + timedelta(seconds=self._capabilities.shortest_poll_s) - now

    def _ask(self, unit: Unit, line: Line) -> None:
        unit.readings.mark_asked(line.id, self._clock.now())
        unit.outbox.carrier(ReadLine(line.id, line.ref, line.msisdn))


def chosen_line(lines: list[Line], subscriber: Subscriber) -> Line:
    """The subscriber's default line, else the longest linked. Raises `NoLine` without any."""
    if not lines:
        raise NoLine
    return next((line for line in lines if line.id == subscriber.default_line_id), lines[0])


async def _plan_named(unit: Unit, code: str) -> Plan | None:
    current = await unit.catalogue.current(code)
    if current is not None:
        return current
    return await unit.catalogue.version(code, await unit.catalogue.latest_version(code))
