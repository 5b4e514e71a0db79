"""Amounts as Stripe counts them: the currency's minor unit, but for a few currencies.

Source: Stripe, "Supported currencies", zero-decimal currencies and special cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from bot.domain.errors import PlatformRefused
from bot.domain.money import Money, exponent

#: Where Stripe's count of decimal digits is not that of ISO 4217.
_EXPONENTS: Final[Mapping[str, int]] = {"ISK": 2, "MGA": 0, "UGX": 2}


def to_stripe(money: Money) -> int:
    """Raises `PlatformRefused` for an amount that Stripe cannot be asked for."""
    amount = money.decimal.scaleb(_exponent(money.currency))
    if amount != int(amount):
        raise PlatformRefused("invalid_amount")
    return int(amount)


def from_stripe(amount: int, currency: str) -> Money:
    """The currency as Stripe writes it, in lower case."""
    name = currency.upper()
    return Money.from_decimal(Decimal(amount).scaleb(-_exponent(name)), name)


def _exponent(currency: str) -> int:
    return _EXPONENTS.get(currency, exponent(currency))
