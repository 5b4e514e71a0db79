"""What operators were paged about, so that each thing pages once and all of them not too often."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from storage.database import Transaction
from storage.desk_tables import pages as t
from storage.instants import from_micros, to_micros
from storage.statements import Statement

_add = insert(t).values({c.name: bindparam(c.name) for c in t.c if c.name not in {"id", "told_at"}})
_ADD: Final = Statement(
    _add.on_conflict_do_update(
        index_elements=["what", "facts"],
        set_={"told_at": None, "raised_at": _add.excluded.raised_at},
        where=t.c.told_at < bindparam("told_before"),
    )
)
_UNTOLD: Final = Statement(
    select(t.c.what, t.c.facts).where(t.c.told_at.is_(None)).order_by(t.c.id)
)
_TELL: Final = Statement(update(t).where(t.c.told_at.is_(None)).values(told_at=bindparam("at")))
_LAST: Final = Statement(select(func.max(t.c.told_at)))


class SqlitePages:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, what: str, facts: dict[str, str], at: datetime, told_before: datetime) -> None:
        """The same thing about the same facts is there once, and is told anew only when it was
        last told before that."""
        self._transaction.write(
            _ADD,
            what=what,
            facts=json.dumps(facts, sort_keys=True),
            raised_at=to_micros(at),
            told_before=to_micros(told_before),
        )

    async def untold(self) -> list[tuple[str, dict[str, Any]]]:
        rows = await self._transaction.rows(_UNTOLD)
        return [(what, json.loads(facts)) for what, facts in rows]

    def mark_told(self, at: datetime) -> None:
        self._transaction.write(_TELL, at=to_micros(at))

    async def last_told(self) -> datetime | None:
        ((at,),) = await self._transaction.rows(_LAST)
        return None if at is None else from_micros(at)
