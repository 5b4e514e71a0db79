"""Timers that survive a stop: a due one becomes an event."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.services.events import NewEvent
from storage.database import Transaction
from storage.instants import from_micros, to_micros
from storage.runtime_tables import timers as t
from storage.statements import Statement

_set = insert(t)
_SET: Final = Statement(
    _set.on_conflict_do_update(
        index_elements=["key"],
        set_={name: _set.excluded[name] for name in ("kind", "payload", "due_at")},
    )
)
_CANCEL: Final = Statement(delete(t).where(t.c.key == bindparam("key")))
_due = (
    select(t.c.key)
    .where(t.c.due_at <= bindparam("now"))
    .order_by(t.c.due_at)
    .limit(bindparam("limit"))
)
_TAKE_DUE: Final = Statement(
    delete(t).where(t.c.key.in_(_due)).returning(t.c.due_at, t.c.key, t.c.kind, t.c.payload)
)
_NEXT_DUE: Final = Statement(select(func.min(t.c.due_at)))


class SqliteTimers:
    """Both sides of the timers: what services set, and what the runtime takes."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def set(self, key: str, kind: str, payload: dict[str, Any], due_at: datetime) -> None:
        self._transaction.write(
            _SET,
            key=key,
            kind=kind,
            payload=json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
            due_at=to_micros(due_at),
        )

    def cancel(self, key: str) -> None:
        self._transaction.write(_CANCEL, key=key)

    async def take_due(self, now: datetime, limit: int) -> list[NewEvent]:
        rows = await self._transaction.rows(_TAKE_DUE, now=to_micros(now), limit=limit)
        return [
            NewEvent(source="timer", source_id=f"{key}@{due_at}", kind=kind, payload=payload)
            for due_at, key, kind, payload in sorted(rows)
        ]

    async def next_due(self) -> datetime | None:
        ((due_at,),) = await self._transaction.rows(_NEXT_DUE)
        return None if due_at is None else from_micros(due_at)
