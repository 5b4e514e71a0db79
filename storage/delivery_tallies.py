"""How many deliveries ended how: kept with the rows, since counting a million of them takes long.

Whoever changes a row's status changes the tallies in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.announcement import Afterwards
from storage.announcement_tables import announcement_tallies as t
from storage.database import Transaction
from storage.statements import Statement

_OF: Final = t.c.announcement_id == bindparam("announcement_id")
_added = insert(t)
_ADD: Final = Statement(
    _added.on_conflict_do_update(
        index_elements=["announcement_id", "name"],
        set_={"number": t.c.number + _added.excluded.number},
    )
)
_ALL: Final = Statement(select(t.c.name, t.c.number).where(_OF, t.c.number != 0))
_FORGET_AFTERWARDS: Final = Statement(
    delete(t).where(_OF, t.c.name.in_([each.value for each in Afterwards]))
)


class DeliveryTallies:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, announcement_id: int, changes: Mapping[Any, int]) -> None:
        """By how much each `DeliveryStatus` or `Afterwards` changes."""
        for name, number in changes.items():
            if number:
                self._transaction.write(
                    _ADD, announcement_id=announcement_id, name=str(name), number=number
                )

    def forget_afterwards(self, announcement_id: int) -> None:
        self._transaction.write(_FORGET_AFTERWARDS, announcement_id=announcement_id)

    async def all(self, announcement_id: int) -> dict[str, int]:
        return dict(await self._transaction.rows(_ALL, announcement_id=announcement_id))
