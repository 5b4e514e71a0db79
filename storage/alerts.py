"""Alerts that were told: each kind once a line and period, whatever is replayed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.entitlement import Entitlement
from bot.domain.preferences import AlertKind
from storage.alert_tables import alerts_sent as t
from storage.database import Transaction
from storage.instants import from_micros, to_micros
from storage.statements import Statement
from storage.tables import entitlements, orders

_SENT: Final = Statement(
    select(t.c.kind, t.c.period).where(
        t.c.line_id == bindparam("line_id"), t.c.sent_at >= bindparam("since")
    )
)
_MARK: Final = Statement(insert(t).on_conflict_do_nothing().returning(t.c.sent_at))
_QUEUED: Final = Statement(
    select(*(entitlements.c[name] for name in ("order_id", "plan_code", "starts_at", "ends_at")))
    .join(orders, orders.c.id == entitlements.c.order_id)
    .where(
        entitlements.c.line_id == bindparam("line_id"),
        entitlements.c.ends_at > bindparam("ending_after"),
        entitlements.c.starts_at > orders.c.fulfilled_at,
    )
    .order_by(entitlements.c.starts_at)
)


class SqliteAlerts:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def sent(self, line_id: int, since: datetime) -> frozenset[tuple[AlertKind, str]]:
        rows = await self._transaction.rows(_SENT, line_id=line_id, since=to_micros(since))
        return frozenset((AlertKind(kind), period) for kind, period in rows)

    async def mark_sent(self, line_id: int, kind: AlertKind, period: str, at: datetime) -> bool:
        marked = await self._transaction.rows(
            _MARK, line_id=line_id, kind=kind, period=period, sent_at=to_micros(at)
        )
        return bool(marked)

    async def queued_plans(self, line_id: int, ending_after: datetime) -> list[Entitlement]:
        rows = await self._transaction.rows(
            _QUEUED, line_id=line_id, ending_after=to_micros(ending_after)
        )
        return [
            Entitlement(order_id, line_id, plan_code, from_micros(starts), from_micros(ends))
            for order_id, plan_code, starts, ends in rows
        ]
