"""A plan's terms as people write them: one field a line, ``price 209``.

What is not named stays as it is, so that a plan is added by copying one and naming what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.errors import TermUnreadable
from bot.domain.language import relative
from bot.domain.money import STARS, Money
from bot.domain.plan import BillingCycle, Plan

GB: Final = 10**9
_LONGEST_NAME: Final = 16
_MOST_DAYS: Final = 366
_MOST_STARS: Final = 100_000
NOT_FOR_STARS: Final = "-"


def terms_of(plan: Plan) -> dict[str, str]:
    """Every term by the name under which it can be changed."""
    fair_use = plan.fair_use
    return {
        "code": plan.code,
        "cycle": plan.cycle,
        "days": str(plan.days),
        "price": str(plan.price.decimal),
        "stars": NOT_FOR_STARS if plan.stars is None else str(plan.stars.minor),
        **plan.names,
        "cap": f"{Decimal(fair_use.high_speed_cap_bytes) / GB:f}",
        "rate": str(fair_use.base_rate_kbps),
        "zone": fair_use.reset_zone,
        "countries": str(plan.countries),
    }


def changed(plan: Plan, written: str, languages: Collection[str]) -> Plan:
    """The plan with what the lines change; its names by those languages. Raises
    `TermUnreadable`."""
    for line in filter(None, map(str.strip, written.splitlines())):
        name, _, value = line.partition(" ")
        try:
            plan = _with(plan, name.strip("：:"), value.strip(), languages)
        except (ValueError, ArithmeticError, KeyError, OSError):
            raise TermUnreadable(line) from None
    return plan


def _with(plan: Plan, name: str, value: str, languages: Collection[str]) -> Plan:
    change = _CHANGES.get(name.lower())
    if change is not None:
        return change(plan, value)
    by_lower_case = {each.lower(): each for each in languages}
    language = relative(name.lower(), by_lower_case)
    if language is None:
        raise ValueError(name)
    return _named(plan, by_lower_case[language], value)


def _code(plan: Plan, value: str) -> Plan:
    code = value.upper()
    if not (code.isascii() and code.isalnum() and len(code) <= 12):
        raise ValueError(value)
    return replace(plan, code=code)


def _price(plan: Plan, value: str) -> Plan:
    typed = Decimal(value)
    price = Money.from_decimal(typed, plan.price.currency)
    if price.decimal != typed or price.minor <= 0 or typed > 1_000_000:
        raise ValueError(value)
    return replace(plan, price=price)


def _stars(plan: Plan, value: str) -> Plan:
    if value == NOT_FOR_STARS:
        return replace(plan, stars=None)
    return replace(plan, stars=Money(_within(int(value), _MOST_STARS), STARS))


def _cap(plan: Plan, value: str) -> Plan:
    cap = int(Decimal(value) * GB)
    return _fair_use(plan, "high_speed_cap_bytes", _within(cap, 10_000 * GB))


def _fair_use(plan: Plan, name: str, value: object) -> Plan:
    return replace(plan, fair_use=replace(plan.fair_use, **{name: value}))  # type: ignore[arg-type]


def _named(plan: Plan, language: str, value: str) -> Plan:
    if not 0 < len(value) <= _LONGEST_NAME:
        raise ValueError(value)
    return replace(plan, names={**plan.names, language: value})


def _within(number: int, most: int) -> int:
    if not 0 < number <= most:
        raise ValueError(number)
    return number


_CHANGES: Final[Mapping[str, Callable[[Plan, str], Plan]]] = {
    "code": _code,
    "cycle": lambda plan, value: replace(plan, cycle=BillingCycle(value.lower())),
    "days": lambda plan, value: replace(plan, days=_within(int(value), _MOST_DAYS)),
    "price": _price,
    "stars": _stars,
    "cap": _cap,
    "rate": lambda plan, value: _fair_use(plan, "base_rate_kbps", _within(int(value), 10**7)),
    "zone": lambda plan, value: _fair_use(plan, "reset_zone", ZoneInfo(value).key),
    "countries": lambda plan, value: replace(plan, countries=_within(int(value), 300)),
}
