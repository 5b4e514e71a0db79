"""When purchases paused: one period at most is open."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update

from storage.database import Transaction
from storage.desk_tables import maintenance as t
from storage.instants import to_micros
from storage.statements import Statement

_OPEN: Final = t.c.ended_at.is_(None)
_IS_ON: Final = Statement(select(t.c.id).where(_OPEN))
_BEGIN: Final = Statement(
    insert(t).values(began_by=bindparam("began_by"), began_at=bindparam("began_at"))
)
_END: Final = Statement(update(t).where(_OPEN).values(ended_at=bindparam("at")))


class SqliteMaintenance:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def is_on(self) -> bool:
        return await self._transaction.row(_IS_ON) is not None

    def begin(self, by: int, at: datetime) -> None:
        self._transaction.write(_BEGIN, began_by=by, began_at=to_micros(at))

    def end(self, at: datetime) -> None:
        self._transaction.write(_END, at=to_micros(at))
