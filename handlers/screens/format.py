"""How quantities read: money, data, instants, numbers, shares."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_skeleton
from babel.numbers import format_currency, format_decimal

from bot.domain.fair_use import Forecast
from bot.domain.forgetting import is_nameless
from bot.domain.line import Line, Msisdn
from bot.domain.money import STARS, Money
from handlers.html import Html, escape
from handlers.texts import Texts

GB: Final = 10**9
MB: Final = 10**6
_BAR_CELLS: Final = 10
_SYMBOLS: Final = {"CNY": "¥"}
"""Babel writes CN¥ outside China; this operator's readers know which yuan is meant."""


@lru_cache(maxsize=4096)
def money(t: Texts, amount: Money) -> str:
    """``¥1,250.00``, ``⭐ 1,250``."""
    if amount.currency == STARS:
        sign = "−" if amount.minor < 0 else ""
        return f"{sign}⭐\N{NO-BREAK SPACE}{_whole(t, abs(amount.minor))}"
    symbol = _SYMBOLS.get(amount.currency)
    if symbol is None:
        return format_currency(amount.decimal, amount.currency, locale=t.locale)
    shown = format_currency(
        abs(amount.decimal), amount.currency, format="#,##0.00", locale=t.locale
    )
    return f"{'−' if amount.minor < 0 else ''}{symbol}{shown}"


def money_in_words(t: Texts, amount: Money) -> str:
    """For paper, whose letters have no star: ``1,250 Stars``; else as `money`."""
    if amount.currency != STARS:
        return money(t, amount)
    sign = "−" if amount.minor < 0 else ""
    return sign + t.plain("{amount} Stars", amount=_whole(t, abs(amount.minor)))


def _whole(t: Texts, number: int) -> str:
    return format_decimal(number, locale=t.locale)


def gigabytes(t: Texts, quantity_bytes: int) -> str:
    """Decimal gigabytes with one digit, rounded down, so that nothing is promised that is not
    there; below a tenth, megabytes. The unit stands with the number."""
    if 0 < quantity_bytes < GB // 10:
        return f"{quantity_bytes // MB or '<1'} MB"
    tenths = quantity_bytes * 10 // GB
    return f"{format_decimal(tenths / 10, format='0.#', locale=t.locale)} GB"


def rate(kbps: int) -> str:
    return f"{kbps / 1000:g} Mbps" if kbps >= 1000 else f"{kbps} kbps"


def percent(share: float) -> int:
    """0 only when nothing is used, 100 only when all is."""
    if share <= 0:
        return 0
    return 100 if share >= 1 else min(99, max(1, round(share * 100)))


def bar(share: float) -> str:
    """Ten cells; empty only when nothing is used, full only when all is."""
    if share <= 0 or share >= 1:
        filled = _BAR_CELLS if share >= 1 else 0
    else:
        filled = min(_BAR_CELLS - 1, max(1, round(share * _BAR_CELLS)))
    return "▰" * filled + "▱" * (_BAR_CELLS - filled)


def span(t: Texts, length: timedelta) -> Html:
    """A length of time in its largest unit: "about 9 hours" is what a reader needs."""
    minutes = max(0, math.ceil(length.total_seconds() / 60))
    if minutes < 60:
        return t.count("{number} minute", "{number} minutes", minutes)
    hours = math.ceil(minutes / 60)
    if hours < 48:
        return t.count("{number} hour", "{number} hours", hours)
    return days(t, hours // 24)


def days(t: Texts, number: int) -> Html:
    return t.count("{number} day", "{number} days", number)


def ago(t: Texts, then: datetime, now: datetime) -> Html:
    """The age of a reading, kept true by the reader's app."""
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        fallback = t("just now")
    elif minutes < 60:
        fallback = t.count("{number} minute ago", "{number} minutes ago", minutes)
    elif minutes < 48 * 60:
        fallback = t.count("{number} hour ago", "{number} hours ago", minutes // 60)
    else:
        fallback = t.count("{number} day ago", "{number} days ago", minutes // (24 * 60))
    return _instant(then, "r", fallback)


def day(t: Texts, at: datetime, zone: ZoneInfo) -> Html:
    """A date, with a fallback in the line's zone for apps that do not know the reader's."""
    return _instant(at, "D", _month_and_day(t, at.astimezone(zone)))


def clock_time(at: datetime, zone: ZoneInfo) -> Html:
    return _instant(at, "t", f"{at.astimezone(zone):%H:%M}")


def pace(t: Texts, ahead: Forecast, zone: ZoneInfo) -> Html:
    """Told to the ten minutes: it is no more exact than that."""
    if ahead.until is None:
        return t("📈 At this pace today's high speed lasts until the reset.")
    minutes = ahead.until.timestamp() // 600 * 10
    until = datetime.fromtimestamp(minutes * 60, UTC)
    return t("📈 At this pace today's high speed lasts until about {time}.",
             time=clock_time(until, zone))  # fmt: skip


def moment(t: Texts, at: datetime, zone: ZoneInfo) -> Html:
    local = at.astimezone(zone)
    return _instant(at, "Dt", f"{_month_and_day(t, local)} {local:%H:%M}")


def calendar_day(t: Texts, of: date) -> str:
    """A day of the plan's zone: a name, not an instant, so it reads the same everywhere."""
    return _month_and_day(t, of)


def masked(msisdn: Msisdn) -> str:
    """``+86 138 •••• 1001``: enough to know one's own number by. Short numbers show less."""
    if is_nameless(msisdn):
        return tail(msisdn)
    country = phonenumbers.parse(msisdn).country_code
    national = msisdn.removeprefix(f"+{country}")
    head = national[:3] if len(national) >= 10 else ""
    return " ".join(part for part in (f"+{country}", head, tail(msisdn)) if part)


def called(line: Line) -> str:
    """The name that its holder gave it, else the end of its number."""
    return line.name or tail(line.msisdn)


def tail(msisdn: Msisdn) -> str:
    return "••••" if is_nameless(msisdn) else f"•••• {msisdn[-4:]}"


def _month_and_day(t: Texts, day: date) -> str:
    return format_skeleton("MMMd", day, locale=t.locale)


def _instant(at: datetime, form: str, fallback: str) -> Html:
    shown = escape(fallback)
    return Html(f'<tg-time unix="{int(at.timestamp())}" format="{form}">{shown}</tg-time>')
