"""Where each conversation stands."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from storage.database import Transaction
from storage.instants import to_micros
from storage.runtime_tables import conversations as t
from storage.statements import Statement

_LOAD: Final = Statement(select(t.c.key, t.c.state).where(t.c.name == bindparam("name")))
_save = insert(t)
_SAVE: Final = Statement(
    _save.on_conflict_do_update(
        index_elements=["name", "key"],
        set_={name: _save.excluded[name] for name in ("state", "updated_at")},
    )
)
_END: Final = Statement(delete(t).where(t.c.name == bindparam("name"), t.c.key == bindparam("key")))


class SqliteConversations:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def load(self, name: str) -> list[tuple[str, str]]:
        return [(key, state) for key, state in await self._transaction.rows(_LOAD, name=name)]

    def save(self, name: str, key: str, state: str | None, at: datetime) -> None:
        if state is None:
            self._transaction.write(_END, name=name, key=key)
        else:
            self._transaction.write(
                _SAVE, name=name, key=key, state=state, updated_at=to_micros(at)
            )
