"""What people type, understood as meant: full-width digits, spaces, hyphens, the 00 prefix."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import phonenumbers

from bot.domain.line import Msisdn, as_msisdn

_LONGEST: Final = 40
"""Characters of a typed number with all its spaces and signs; beyond it, it is no number."""


def as_number(text: str) -> Msisdn | None:
    """A phone number with its country code, in E.164; None when it is none."""
    plain = _plain(text)
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    try:
        number = phonenumbers.parse(plain, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    try:
        return as_msisdn(e164)
    except ValueError:
        return None


def as_digits(text: str, count: int) -> str | None:
    """Exactly that many digits."""
    plain = re.sub(r"[\s-]", "", _plain(text))
    return plain if len(plain) == count and plain.isascii() and plain.isdecimal() else None


def as_count(text: str) -> int | None:
    """A small whole number, as in "7", "７" or "7 days"; None when there is none, or several."""
    found = re.findall(r"\d+", _plain(text), re.ASCII)
    return int(found[0]) if len(found) == 1 and len(found[0]) <= 4 else None


def as_code(text: str) -> str | None:
    """A coupon's code as it is issued: capitals and digits, without the spaces and hyphens that
    people put in; None when it cannot be one."""
    code = re.sub(r"[\s-]", "", _plain(text)).upper()
    return code if re.fullmatch(r"[A-Z0-9]{3,16}", code) else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip() if len(text) <= _LONGEST else ""
