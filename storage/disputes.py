"""Disputes of charges."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.dispute import Dispute, DisputeState
from bot.domain.money import Money
from storage.database import Row, Transaction
from storage.instants import from_micros, to_micros
from storage.platform_tables import disputes as t
from storage.statements import Statement
from storage.tables import orders

_GET: Final = Statement(select(t).where(t.c.ref == bindparam("ref")))
_OF_ORDER: Final = Statement(
    select(t)
    .where(t.c.order_id == bindparam("order_id"))
    .order_by(t.c.opened_at.desc(), t.c.ref)
    .limit(1)
)
_TO: Final = Statement(
    select(t)
    .join(orders, orders.c.id == t.c.order_id)
    .where(orders.c.subscriber_id == bindparam("subscriber_id"), orders.c.confirmed_at.is_not(None))
    .order_by(t.c.opened_at, t.c.ref.desc())
)
_put = insert(t)
_PUT: Final = Statement(
    _put.on_conflict_do_update(index_elements=["ref"], set_={"state": _put.excluded.state})
)


class SqliteDisputes:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, ref: str) -> Dispute | None:
        row = await self._transaction.row(_GET, ref=ref)
        return _dispute(row) if row else None

    async def latest_of(self, order_id: str) -> Dispute | None:
        row = await self._transaction.row(_OF_ORDER, order_id=order_id)
        return _dispute(row) if row else None

    async def latest_to(self, subscriber_id: int) -> dict[str, Dispute]:
        rows = await self._transaction.rows(_TO, subscriber_id=subscriber_id)
        return {each.order_id: each for each in map(_dispute, rows)}

    def put(self, dispute: Dispute) -> None:
        self._transaction.write(
            _PUT,
            ref=dispute.ref,
            order_id=dispute.order_id,
            charge_id=dispute.charge_id,
            amount_minor=dispute.amount.minor,
            currency=dispute.amount.currency,
            state=dispute.state,
            opened_at=to_micros(dispute.opened_at),
        )


def _dispute(row: Row) -> Dispute:
    ref, order_id, charge_id, minor, currency, state, opened_at = row
    amount = Money(minor, currency)
    opened = from_micros(opened_at)
    return Dispute(ref, order_id, charge_id, amount, DisputeState(state), opened)
