"""What is asked of Telegram about Stars: plain data that the store can hold.

Stars are answered for in the words of a payment platform (`bot.services.platform`), with Telegram
as the platform: what became of a refund is a `PlatformRefund`, under the charge's own id, since
Telegram keeps one refund a charge and gives it the same id.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.money import Money


@dataclass(frozen=True, slots=True)
class RefundStars:
    """Give the charge back to its payer, all of it. Asked again, Telegram says that it was done."""

    key: str
    """Our refund's."""
    payer_id: int
    charge_id: str
    amount: Money


StarsRequest = RefundStars
