"""The rounds of the reconciliation as the services see them in the store."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.reconciliation import Compared, Question, Round


class Reconciliations(Protocol):
    async def open_round(self) -> Round | None:
        """The round that waits for its answers; there is at most one."""
        ...

    async def begin(self, at: datetime) -> Round: ...

    def finish(self, round_id: int, at: datetime) -> None: ...

    async def questions(self, round_id: int) -> list[Question]: ...

    async def open_question(self, compared: Compared, subject: str) -> Question | None:
        """The one that waits for its answer, of whatever round."""
        ...

    def put(self, question: Question) -> None:
        """Stores it, or what came of it."""
        ...

    async def payments_to_ask_after(self, now: datetime, limit: int) -> list[str]:
        """The platform's payments that were closed within a day, each when it is about twice as
        long closed as it was when it was asked after last."""
        ...

    async def orders_adrift(self) -> list[str]:
        """Renewals that are paid and not delivered, and for which no timer, no request to the
        carrier and no answer of it is under way; and those of which the carrier kept silent."""
        ...

    async def charged_not_delivered(self, now: datetime) -> list[str]:
        """The orders that were paid longer ago than activation may take, and are neither
        delivered, nor given back, nor in an operator's hands."""
        ...
