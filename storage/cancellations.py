"""Which orders are to be taken back, while the carrier has not decided."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, null, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.cancellation import Cancellation, Canceller
from storage.database import Transaction
from storage.instants import from_micros, to_micros
from storage.statements import Statement
from storage.tables import cancellations as t

_MINE: Final = (t.c.order_id == bindparam("order_id"), t.c.closed_at.is_(None))
_OPEN_OF: Final = Statement(
    select(t.c.order_id, t.c.asked_by, t.c.asked_at, t.c.note).where(*_MINE)
)
_open = insert(t).values({c.name: bindparam(c.name) for c in t.c if c.name != "closed_at"})
_OPEN: Final = Statement(
    _open.on_conflict_do_update(
        index_elements=["order_id"],
        set_={name: _open.excluded[name] for name in ("asked_by", "asked_at", "note")}
        | {"closed_at": null()},
    )
)
_CLOSE: Final = Statement(update(t).where(*_MINE).values(closed_at=bindparam("at")))


class SqliteCancellations:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def open_of(self, order_id: str) -> Cancellation | None:
        row = await self._transaction.row(_OPEN_OF, order_id=order_id)
        if row is None:
            return None
        order_id, asked_by, asked_at, note = row
        return Cancellation(order_id, Canceller(asked_by), from_micros(asked_at), note)

    def open(self, cancellation: Cancellation) -> None:
        self._transaction.write(
            _OPEN,
            order_id=cancellation.order_id,
            asked_by=cancellation.asked_by,
            asked_at=to_micros(cancellation.asked_at),
            note=cancellation.note,
        )

    def close(self, order_id: str, at: datetime) -> None:
        self._transaction.write(_CLOSE, order_id=order_id, at=to_micros(at))
