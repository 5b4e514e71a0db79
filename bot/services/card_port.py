"""Kept cards, and the way to pay chosen for a line, as the services see them in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from bot.domain.payment import Way
from bot.services.platform import SavedCard


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card that its holder agreed to have kept at the platform. ``id`` names it in buttons and
    payments."""

    id: int
    subscriber_id: int
    card: SavedCard
    kept_at: datetime

    def is_expired(self, now: datetime) -> bool:
        """A card is good through the last day of its month."""
        today = now.astimezone(UTC)
        return (today.year, today.month) > (self.card.expires_year, self.card.expires_month)


class Cards(Protocol):
    def keep(self, subscriber_id: int, card: SavedCard, at: datetime) -> None:
        """Keeps it once: one that is known already, even as removed, stays as it is."""
        ...

    def renew(self, card_id: int, card: SavedCard, at: datetime) -> None:
        """The platform keeps the same card under another key from now on."""
        ...

    async def get(self, card_id: int) -> KeptCard | None:
        """Also one that was removed."""
        ...

    async def of(self, subscriber_id: int) -> list[KeptCard]:
        """The subscriber's that are not removed, the newest first."""
        ...

    async def customer_of(self, subscriber_id: int) -> str | None:
        """The platform's key of the subscriber, once a card was kept."""
        ...

    def remove(self, card_id: int, at: datetime) -> None:
        """It is never charged again."""
        ...

    async def default_of(self, line_id: int, subscriber_id: int) -> Way | None:
        """What that holder of the line has chosen to pay with; None when nothing. It may be a card
        that was removed since."""
        ...

    def choose_default(
        self, line_id: int, subscriber_id: int, way: Way | None, at: datetime
    ) -> None:
        """In place of what was chosen before, by whichever holder; None: nothing."""
        ...
