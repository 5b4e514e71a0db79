"""Links by which somebody else may pay an order, as the services see them in the store."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class PayLinks(Protocol):
    def add(self, token_hash: str, order_id: str, at: datetime) -> None: ...

    async def leads_to(self, token_hash: str) -> str | None:
        """The order's id; None when there is no such link, or it was taken back."""
        ...

    def end(self, order_id: str, at: datetime) -> None:
        """Every link to the order leads nowhere from now on, also for who followed one before."""
        ...

    def follow(self, token_hash: str, subscriber_id: int, at: datetime) -> None: ...

    async def has_followed(self, subscriber_id: int, order_id: str) -> bool:
        """Whether they followed a link to the order that was not taken back."""
        ...

    def count_try(self, subscriber_id: int, at: datetime) -> None: ...

    async def tries_since(self, subscriber_id: int, since: datetime) -> int:
        """How often they followed what is no link since then."""
        ...
