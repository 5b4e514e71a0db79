"""What is asked of Telegram about Stars: plain data that the store can hold.

Stars are answered for in the words of a payment platform (`bot.services.platform`), with Telegram
as the platform: what became of a refund is a `PlatformRefund`, under the charge's own id, since
Telegram keeps one refund a charge and gives it the same id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.money import Money


@dataclass(frozen=True, slots=True)
class RefundStars:
    """Give the charge back to its payer, all of it. Asked again, Telegram says that it was done."""

    key: str
    """Our refund's."""
    payer_id: int
    charge_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ReadStars:
    """The moves of Stars that Telegram lists after so many, the oldest first, a page of them."""

    offset: int


StarsRequest = RefundStars | ReadStars

PAGE: Final = 100
"""The most that Telegram lists at once."""


NOBODY: Final = 0
"""No person's id."""


@dataclass(frozen=True, slots=True)
class StarsMove:
    """Stars that a person paid by an invoice, or got back. Both go by the charge's id."""

    charge_id: str
    payment_id: str | None
    """The invoice's payload."""
    person_id: int
    """`NOBODY` of a refund, and of a charge that is counted already: it is not needed."""
    amount: Money
    at: datetime
    is_refund: bool


@dataclass(frozen=True, slots=True)
class StarsRead:
    """``listed`` counts all moves of the page, also those that are no business of an invoice's:
    gifts, withdrawals."""

    offset: int
    listed: int
    moves: list[StarsMove]


@dataclass(frozen=True, slots=True)
class StarsNotRead:
    """Telegram refused, or could not be reached for too long. ``code`` says which."""

    code: str


StarsAnswer = StarsRead | StarsNotRead
