"""Entitlements: who has service from when to when."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from bot.domain.entitlement import Entitlement
from storage.database import Row, Transaction
from storage.instants import from_micros, to_micros
from storage.statements import Statement
from storage.tables import entitlements as t

_OF_LINE: Final = Statement(
    select(t.c.order_id, t.c.line_id, t.c.plan_code, t.c.starts_at, t.c.ends_at)
    .where(t.c.line_id == bindparam("line_id"), t.c.ends_at > bindparam("ending_after"))
    .order_by(t.c.starts_at)
)
_ADD: Final = Statement(insert(t))
_REMOVE: Final = Statement(delete(t).where(t.c.order_id == bindparam("order_id")))


class SqliteEntitlements:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_line(self, line_id: int, ending_after: datetime) -> list[Entitlement]:
        rows = await self._transaction.rows(
            _OF_LINE, line_id=line_id, ending_after=to_micros(ending_after)
        )
        return [_entitlement(row) for row in rows]

    def add(self, entitlement: Entitlement) -> None:
        self._transaction.write(
            _ADD,
            order_id=entitlement.order_id,
            line_id=entitlement.line_id,
            plan_code=entitlement.plan_code,
            starts_at=to_micros(entitlement.starts_at),
            ends_at=to_micros(entitlement.ends_at),
        )

    def remove(self, order_id: str) -> None:
        self._transaction.write(_REMOVE, order_id=order_id)


def _entitlement(row: Row) -> Entitlement:
    order_id, line_id, plan_code, starts_at, ends_at = row
    return Entitlement(order_id, line_id, plan_code, from_micros(starts_at), from_micros(ends_at))
