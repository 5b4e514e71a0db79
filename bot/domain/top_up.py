"""How much can be put into a wallet at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.domain.errors import AmountOutOfRange
from bot.domain.money import Money

_ROUND_AMOUNTS: Final = (50, 100, 200)
"""In whole units of the currency; other amounts are typed."""


@dataclass(frozen=True, slots=True)
class TopUpBounds:
    least: Money
    most: Money

    @property
    def offered(self) -> list[Money]:
        """The amounts to choose from without typing."""
        amounts = (Money.from_decimal(Decimal(n), self.least.currency) for n in _ROUND_AMOUNTS)
        return [amount for amount in amounts if self._allows(amount)]

    def check(self, amount: Money) -> None:
        """Raises `AmountOutOfRange`."""
        if not self._allows(amount):
            raise AmountOutOfRange(self.least, self.most)

    def covering(self, missing: Money) -> Money | None:
        """The smallest top-up with which nothing is missing; None when that is more than one
        allows, or when another currency is missing."""
        if missing.currency != self.least.currency:
            return None
        amount = max(missing, self.least)
        return amount if self._allows(amount) else None

    def _allows(self, amount: Money) -> bool:
        return self.least <= amount <= self.most
