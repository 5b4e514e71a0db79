"""What the store keeps of the payment platform's doings, as the services see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.domain.dispute import Dispute

if TYPE_CHECKING:
    from bot.services.unit import Unit


class Disputes(Protocol):
    async def get(self, ref: str) -> Dispute | None: ...

    async def latest_of(self, order_id: str) -> Dispute | None:
        """The one that was opened last of those by which the order is flagged."""
        ...

    async def latest_to(self, subscriber_id: int) -> dict[str, Dispute]:
        """The same for each of the subscriber's orders that has any, by the order's id."""
        ...

    def put(self, dispute: Dispute) -> None:
        """Stores it, or its new state."""
        ...


class Cursors(Protocol):
    """Up to where something outside was read."""

    async def get(self, name: str) -> str | None: ...

    def set(self, name: str, value: str) -> None: ...


class Operators(Protocol):
    """How the people who run the bot hear of what only they can settle."""

    async def page(self, unit: Unit, what: str, **facts: str) -> None:
        """Somebody has to look, today; the facts are ids."""
        ...

    def note(self, what: str, **facts: int) -> None:
        """For the record."""
        ...
