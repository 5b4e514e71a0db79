"""A dispute: the payer's bank takes a charge back, or asks whether it should."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.money import Money


class DisputeState(StrEnum):
    INQUIRY = "inquiry"
    """The bank asks; no money has moved."""
    OPEN = "open"
    """The bank has taken the money for as long as it decides."""
    WON = "won"
    """The money stays, or came back."""
    LOST = "lost"

    @property
    def money_is_gone(self) -> bool:
        return self in {DisputeState.OPEN, DisputeState.LOST}

    @property
    def is_decided(self) -> bool:
        """The bank has spoken: what says otherwise is older."""
        return self in {DisputeState.WON, DisputeState.LOST}


@dataclass(frozen=True, slots=True)
class Dispute:
    """``ref`` is the platform's own key. An order with a dispute is flagged by it."""

    ref: str
    order_id: str
    charge_id: str
    amount: Money
    state: DisputeState
    opened_at: datetime
