"""Alerts as the services see them in the store."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.entitlement import Entitlement
from bot.domain.preferences import AlertKind


class Alerts(Protocol):
    async def sent(self, line_id: int, since: datetime) -> frozenset[tuple[AlertKind, str]]:
        """Kind and period of what the line's holder was told since then."""
        ...

    async def mark_sent(self, line_id: int, kind: AlertKind, period: str, at: datetime) -> bool:
        """False when it was told already, ever."""
        ...

    async def queued_plans(self, line_id: int, ending_after: datetime) -> list[Entitlement]:
        """The line's plans that began, or will, later than they were delivered."""
        ...
