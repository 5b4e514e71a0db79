"""The inbox: everything that arrived, until it is decided; and the dead letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.services.events import Event, NewEvent
from storage.database import Row, Transaction
from storage.instants import to_micros
from storage.runtime_tables import dead_letters
from storage.runtime_tables import inbox as t
from storage.statements import Statement

_COLUMNS: Final = (t.c.id, t.c.source, t.c.source_id, t.c.kind, t.c.payload, t.c.urgent)
_ADD: Final = Statement(
    insert(t)
    .values({c.name: bindparam(c.name) for c in t.c if c.name not in ("id", "decided_at")})
    .on_conflict_do_nothing(index_elements=["source", "source_id"])
    .returning(*_COLUMNS)
)
_UNDECIDED: Final = Statement(
    select(*_COLUMNS)
    .where(t.c.decided_at.is_(None))
    .order_by(t.c.urgent.desc(), t.c.id)
    .limit(bindparam("limit"))
)
_MARK_DECIDED: Final = Statement(
    update(t)
    .where(t.c.id == bindparam("id"), t.c.decided_at.is_(None))
    .values(decided_at=bindparam("at"))
)
_BURY: Final = Statement(
    insert(dead_letters).values(
        {c.name: bindparam(c.name) for c in dead_letters.c if c.name != "id"}
    )
)


class SqliteInbox:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, events: Sequence[NewEvent], at: datetime) -> list[Event]:
        received_at = to_micros(at)
        rows = await self._transaction.rows_of_each(
            _ADD,
            [
                {
                    "source": event.source,
                    "source_id": event.source_id,
                    "kind": event.kind,
                    "urgent": int(event.urgent),
                    "payload": event.payload,
                    "received_at": received_at,
                }
                for event in events
            ],
        )
        return [_event(row) for row in rows]

    async def undecided(self, limit: int) -> list[Event]:
        return [_event(row) for row in await self._transaction.rows(_UNDECIDED, limit=limit)]

    def mark_decided(self, event_id: int, at: datetime) -> None:
        self._transaction.write(_MARK_DECIDED, id=event_id, at=to_micros(at))

    def bury(self, event: NewEvent | Event, reference: str, error: str, at: datetime) -> None:
        self._transaction.write(
            _BURY,
            source=event.source,
            source_id=event.source_id,
            kind=event.kind,
            payload=event.payload,
            reference=reference,
            error=error,
            failed_at=to_micros(at),
        )


def _event(row: Row) -> Event:
    id_, source, source_id, kind, payload, urgent = row
    return Event(id_, source, source_id, kind, payload, bool(urgent))
