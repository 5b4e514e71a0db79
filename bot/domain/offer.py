"""What the operator offers beside the wallet: the ways to pay, by the currency that they take.

Stars are a currency of their own (XTR) with one way to pay, and nothing else takes them: an order
is in one currency, and what the subscriber saw in it is what is charged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.money import STARS
from bot.domain.payment import PaymentMethod


@dataclass(frozen=True, slots=True)
class Offer:
    """``by_currency``: in the operator's order."""

    by_currency: Mapping[str, Sequence[PaymentMethod]]

    def methods(self, currency: str) -> list[PaymentMethod]:
        """Those beside the wallet that take an order in that currency."""
        return list(self.by_currency.get(currency, ()))

    def for_money(self, currency: str) -> list[PaymentMethod]:
        """Those beside the wallet for what has a price in that money, and maybe one in Stars."""
        return self.methods(currency) + self.methods(STARS)

    def takes(self, method: PaymentMethod, currency: str) -> bool:
        """Whether an order in that currency can be paid so. Wallets hold money, and no Stars."""
        if method is PaymentMethod.WALLET:
            return currency != STARS
        return method in self.methods(currency)


def currency_of(method: PaymentMethod, money: str) -> str:
    """What is charged by that way: Stars, or the currency of the plan's price in money."""
    return STARS if method is PaymentMethod.STARS else money
