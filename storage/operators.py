"""The operators' roles. A role that ended stays on record."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, case, insert, select, update

from bot.domain.operator import Operator, Role
from storage.database import Row, Transaction
from storage.desk_tables import operators as t
from storage.instants import from_micros, to_micros
from storage.statements import Statement

_SELECT: Final = select(t.c.subscriber_id, t.c.role, t.c.granted_by, t.c.granted_at)
_THEIRS: Final = t.c.subscriber_id == bindparam("subscriber_id")
_HELD: Final = t.c.revoked_at.is_(None)

_OF: Final = Statement(_SELECT.where(_THEIRS, _HELD))
_HOLDERS: Final = Statement(
    _SELECT.where(_HELD).order_by(case((t.c.role == Role.OWNER, 0), else_=1), t.c.id)
)
_EVER: Final = Statement(select(t.c.id).where(_THEIRS).limit(1))
_GRANT: Final = Statement(
    insert(t).values({c.name: bindparam(c.name) for c in t.c if c.name not in {"id", "revoked_at"}})
)
_REVOKE: Final = Statement(update(t).where(_THEIRS, _HELD).values(revoked_at=bindparam("at")))


class SqliteRoles:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, subscriber_id: int) -> Operator | None:
        row = await self._transaction.row(_OF, subscriber_id=subscriber_id)
        return _operator(row) if row else None

    async def holders(self) -> list[Operator]:
        return [_operator(row) for row in await self._transaction.rows(_HOLDERS)]

    async def was_ever_operator(self, subscriber_id: int) -> bool:
        return await self._transaction.row(_EVER, subscriber_id=subscriber_id) is not None

    def grant(self, operator: Operator) -> None:
        self.revoke(operator.subscriber_id, operator.granted_at)
        self._transaction.write(
            _GRANT,
            subscriber_id=operator.subscriber_id,
            role=operator.role,
            granted_by=operator.granted_by,
            granted_at=to_micros(operator.granted_at),
        )

    def revoke(self, subscriber_id: int, at: datetime) -> None:
        self._transaction.write(_REVOKE, subscriber_id=subscriber_id, at=to_micros(at))


def _operator(row: Row) -> Operator:
    subscriber_id, role, granted_by, granted_at = row
    return Operator(subscriber_id, Role(role), granted_by, from_micros(granted_at))
