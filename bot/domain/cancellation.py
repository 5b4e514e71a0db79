"""Taking an order back: asked for by somebody, decided by the carrier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Canceller(StrEnum):
    SUBSCRIBER = "subscriber"
    """Only what has not begun is taken back."""
    OPERATOR = "operator"
    """The carrier is asked first; the money goes back whatever it answers."""


@dataclass(frozen=True, slots=True)
class Cancellation:
    """That an order be cancelled at the carrier and refunded, while its word is awaited."""

    order_id: str
    asked_by: Canceller
    asked_at: datetime
    note: str | None = None
    """The operator's own words, for the record."""

    @property
    def reason(self) -> str:
        """The short code that the refunded order carries."""
        return f"by_{self.asked_by}"
