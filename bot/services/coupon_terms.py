"""A coupon's terms as people write them: one a line, ``off 20`` or ``off 10%``.

code SUMMER    the code; without one, codes are made that nobody can guess
count 50       so many of them, each for one use unless `uses` says otherwise
off 20, 10%    an amount or a share
uses 100       by how many orders at most        ends 2026-12-31   the last day
minimum 100    the least price                   plans daily monthly
first yes      first renewals only               once yes          once a subscriber
offered yes    proposed to everybody
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.coupon import Coupon, Share
from bot.domain.errors import TermUnreadable
from bot.domain.money import Money
from bot.domain.plan import BillingCycle

MOST_AT_ONCE: Final = 1000
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0, O, 1, I, L and U: typed without mistakes."""
_LENGTH: Final = 12
"""Of 30 signs each: 58 bits, against five guesses an hour."""
_MOST: Final = {"count": MOST_AT_ONCE, "uses": 10**7}
_SWITCHES: Final = {
    "first": "first_renewal", "once": "once_a_subscriber", "offered": "offered",
}  # fmt: skip
_YES: Final = frozenset({"yes", "y", "1", "是"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """``coupon.code`` is empty where codes are to be made, ``count`` of them."""

    coupon: Coupon
    count: int = 1


def wanted(written: str, currency: str, zone: ZoneInfo) -> Wanted:
    """Raises `TermUnreadable`, with the line ``off`` when nothing says what is taken off."""
    nothing = Money(0, currency)
    coupon = Coupon("", nothing, offered=False, once_a_subscriber=True)
    counts: dict[str, int] = {}
    for line in filter(None, map(str.strip, written.splitlines())):
        name, _, value = line.partition(" ")
        name, value = name.strip("：:").lower(), value.strip()
        try:
            if name in _MOST:
                counts[name] = _within(int(value), _MOST[name])
            else:
                coupon = replace(coupon, **_term(name, value, currency, zone))
        except (ValueError, ArithmeticError):
            raise TermUnreadable(line) from None
    count, uses = counts.get("count", 1), counts.get("uses")
    if coupon.off == nothing:
        raise TermUnreadable("off")
    if coupon.code and count != 1:
        raise TermUnreadable(f"count {count}")
    is_made = not coupon.code
    return Wanted(replace(coupon, max_uses=uses or (1 if is_made else None)), count)


def _term(name: str, value: str, currency: str, zone: ZoneInfo) -> dict[str, Any]:
    """The coupon's field that the term is."""
    match name:
        case "code":
            return {"code": _code(value)}
        case "off":
            return {"off": _off(value, currency)}
        case "ends":
            return {"ends_at": _end_of(value, zone)}
        case "minimum":
            return {"minimum": _amount(value, currency)}
        case "plans":
            return {"cycles": frozenset(BillingCycle(each.lower()) for each in value.split())}
        case _ if name in _SWITCHES:
            return {_SWITCHES[name]: _is_yes(value)}
        case _:
            raise ValueError(name)


def written_off(coupon: Coupon) -> str:
    """What it takes off."""
    off = coupon.off
    return str(off.decimal) if isinstance(off, Money) else f"{off.basis_points / 100:g}%"


def terms_of_coupon(coupon: Coupon, zone: ZoneInfo) -> dict[str, str]:
    """Every term that restricts, by its name; ``ends`` in the operator's zone, as a day where it is
    the end of one."""
    terms = {"off": written_off(coupon)}
    if coupon.max_uses is not None:
        terms["uses"] = str(coupon.max_uses)
    if coupon.ends_at is not None:
        terms["ends"] = written_end(coupon.ends_at, zone)
    if coupon.minimum is not None:
        terms["minimum"] = str(coupon.minimum.decimal)
    if coupon.cycles:
        terms["plans"] = " ".join(sorted(coupon.cycles))
    switches = {
        "first": coupon.first_renewal,
        "once": coupon.once_a_subscriber,
        "offered": coupon.offered,
    }
    return terms | {name: "yes" for name, is_on in switches.items() if is_on}


def made_codes(count: int) -> Sequence[str]:
    """Fresh codes, each different."""
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes["".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))] = None
    return list(codes)


def _code(value: str) -> str:
    code = value.upper()
    if re.fullmatch(r"[A-Z0-9]{3,16}", code) is None:
        raise ValueError(value)
    return code


def _off(value: str, currency: str) -> Money | Share:
    if not value.endswith("%"):
        return _amount(value, currency)
    share = Decimal(value.removesuffix("%")) * 100
    return Share(_within(int(share), 10_000))


def _amount(value: str, currency: str) -> Money:
    typed = Decimal(value)
    amount = Money.from_decimal(typed, currency)
    if amount.decimal != typed or amount.minor <= 0:
        raise ValueError(value)
    return amount


def _end_of(value: str, zone: ZoneInfo) -> datetime:
    """The midnight that ends that day in the operator's zone."""
    return datetime.combine(date.fromisoformat(value) + timedelta(days=1), time(), zone)


def written_end(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    if local.time() == time():
        return (local.date() - timedelta(days=1)).isoformat()
    return f"{local:%Y-%m-%d %H:%M}"


def _is_yes(value: str) -> bool:
    return value.lower() in _YES


def _within(number: int, most: int) -> int:
    if not 0 < number <= most:
        raise ValueError(number)
    return number
