"""Single numbers that must survive a restart, by name."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from storage.database import Transaction
from storage.runtime_tables import counters as t
from storage.statements import Statement

_GET: Final = Statement(select(t.c.value).where(t.c.name == bindparam("name")))
_set = insert(t)
_SET: Final = Statement(
    _set.on_conflict_do_update(index_elements=["name"], set_={"value": _set.excluded.value})
)


class SqliteCounters:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, name: str) -> int | None:
        row = await self._transaction.row(_GET, name=name)
        return row[0] if row else None

    def set(self, name: str, value: int) -> None:
        self._transaction.write(_SET, name=name, value=value)
