"""The audit: what operators did. Rows are only ever added; see `storage.rules`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, func, insert, select

from bot.domain.operator import AuditEntry, Deed
from storage.database import Row, Transaction
from storage.desk_tables import audit as t
from storage.instants import from_micros, to_micros
from storage.statements import Statement

_RECORD: Final = Statement(
    insert(t).values({c.name: bindparam(c.name) for c in t.c if c.name != "id"})
)
_PAGE: Final = Statement(
    select(t.c.who, t.c.deed, t.c.done_at, t.c.subject, t.c.before, t.c.after)
    .order_by(t.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_COUNT: Final = Statement(select(func.count()).select_from(t))


class SqliteAudit:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def record(self, entry: AuditEntry) -> None:
        self._transaction.write(
            _RECORD,
            who=entry.who,
            deed=entry.deed,
            subject=entry.subject,
            before=_as_json(entry.before),
            after=_as_json(entry.after),
            done_at=to_micros(entry.at),
        )

    async def page(self, limit: int, offset: int) -> list[AuditEntry]:
        rows = await self._transaction.rows(_PAGE, limit=limit, offset=offset)
        return [_entry(row) for row in rows]

    async def count(self) -> int:
        ((number,),) = await self._transaction.rows(_COUNT)
        return int(number)


def _entry(row: Row) -> AuditEntry:
    who, deed, done_at, subject, before, after = row
    known = [None if each is None else json.loads(each) for each in (before, after)]
    return AuditEntry(who, Deed(deed), from_micros(done_at), subject, *known)


def _as_json(state: Mapping[str, Any] | None) -> str | None:
    return None if state is None else json.dumps(dict(state), ensure_ascii=False)
