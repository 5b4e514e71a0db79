"""What people type, understood as meant: full-width digits, spaces, hyphens, the 00 prefix."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

import phonenumbers
from babel.numbers import get_currency_symbol

from bot.domain.line import Msisdn, as_msisdn
from bot.domain.money import Money

_LONGEST: Final = 40
"""Characters of a typed number with all its spaces and signs; beyond it, it is no number."""
_SIGNS: Final = {"CNY": ("¥", "元", "块", "块钱", "塊", "塊錢", "RMB", "人民币", "人民幣", "YUAN")}
"""What people write beside an amount, besides the code and the sign of its currency."""


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


def as_telegram_id(text: str) -> int | None:
    """A person's numeric Telegram id."""
    plain = _plain(text)
    is_number = re.fullmatch(r"[1-9]\d{0,15}", plain, re.ASCII) is not None
    return int(plain) if is_number and int(plain) < 2**52 else None


def as_digits(text: str, count: int) -> str | None:
    """Exactly that many digits."""
    plain = re.sub(r"[\s-]", "", _plain(text))
    return plain if len(plain) == count and plain.isascii() and plain.isdecimal() else None


def as_count(text: str) -> int | None:
    """A small whole number, as in "7", "７" or "7 days"; None when there is none, or several."""
    found = re.findall(r"\d+", _plain(text), re.ASCII)
    return int(found[0]) if len(found) == 1 and len(found[0]) <= 4 else None


def as_amount(text: str, currency: str) -> Money | None:
    """An amount, as in "88", "¥88.5", "８８元" or "1,000 CNY"; None when it is none, or finer than
    the currency's smallest coin."""
    plain = _plain(text).upper()
    for sign in (currency, get_currency_symbol(currency, locale="en"), *_SIGNS.get(currency, ())):
        plain = plain.removeprefix(sign).removesuffix(sign).strip()
    if re.fullmatch(r"(\d{1,3}(,\d{3}){1,3}|\d{1,12})(\.\d{1,3})?", plain, re.ASCII) is None:
        return None
    typed = Decimal(plain.replace(",", ""))
    amount = Money.from_decimal(typed, currency)
    return amount if amount.decimal == typed else None


def as_code(text: str) -> str | None:
    """A coupon's code as it is issued: capitals and digits, without the spaces and hyphens that
    people put in; None when it cannot be one."""
    code = re.sub(r"[\s-]", "", _plain(text)).upper()
    return code if re.fullmatch(r"[A-Z0-9]{3,16}", code) else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip() if len(text) <= _LONGEST else ""
