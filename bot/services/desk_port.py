"""What is kept of the operators and their deeds, as the services see it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.domain.money import Money
from bot.domain.operator import AuditEntry, Operator, Role

if TYPE_CHECKING:
    from bot.services.unit import Unit


class Roles(Protocol):
    async def of(self, subscriber_id: int) -> Operator | None:
        """The operator as of now: never remembered from one event to the next."""
        ...

    async def holders(self) -> list[Operator]:
        """All operators, owners first, then by when they were appointed."""
        ...

    async def was_ever_operator(self, subscriber_id: int) -> bool: ...

    def grant(self, operator: Operator) -> None:
        """Ends the role held so far, if any, and begins this one."""
        ...

    def revoke(self, subscriber_id: int, at: datetime) -> None: ...


class Audit(Protocol):
    def record(self, entry: AuditEntry) -> None:
        """Adds it; the database lets nobody change or remove it."""
        ...

    async def page(self, limit: int, offset: int) -> list[AuditEntry]:
        """The newest first."""
        ...

    async def count(self) -> int: ...


class Maintenance(Protocol):
    async def is_on(self) -> bool: ...

    def begin(self, by: int, at: datetime) -> None: ...

    def end(self, at: datetime) -> None: ...


class Pages(Protocol):
    def add(self, what: str, facts: dict[str, str], at: datetime, told_before: datetime) -> None:
        """Something for the operators to know of; the same about the same facts is told again only
        when it was last told before that."""
        ...

    async def untold(self) -> list[tuple[str, dict[str, str]]]: ...

    def mark_told(self, at: datetime) -> None: ...

    async def last_told(self) -> datetime | None: ...


class DeskNotices(Protocol):
    async def role_changed(self, unit: Unit, subscriber_id: int, role: Role | None) -> None:
        """Tells the person which role they have now, and puts their menu of commands in place;
        None: none any more."""
        ...

    async def credited(
        self, unit: Unit, subscriber_id: int, amount: Money, reason: str
    ) -> None: ...

    async def written(self, unit: Unit, subscriber_id: int, text: str) -> None:
        """Words of an operator, to one subscriber."""
        ...
