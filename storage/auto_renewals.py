"""Auto-renewals, one a line."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.auto_renewal import AutoRenewal
from bot.domain.money import Money
from bot.domain.payment import PaymentMethod, Way
from storage.auto_renewal_tables import auto_renewals as t
from storage.database import Row, Transaction
from storage.instants import from_micros, from_micros_or_none, to_micros, to_micros_or_none
from storage.statements import Statement

_GET: Final = Statement(select(t).where(t.c.line_id == bindparam("line_id")))
_OF_ORDER: Final = Statement(select(t).where(t.c.order_id == bindparam("order_id")))
_put = insert(t)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["line_id"],
        set_={c.name: _put.excluded[c.name] for c in t.c if c.name != "line_id"},
    )
)
_END: Final = Statement(delete(t).where(t.c.line_id == bindparam("line_id")))


class SqliteAutoRenewals:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, line_id: int) -> AutoRenewal | None:
        row = await self._transaction.row(_GET, line_id=line_id)
        return _renewal(row) if row else None

    async def of_order(self, order_id: str) -> AutoRenewal | None:
        row = await self._transaction.row(_OF_ORDER, order_id=order_id)
        return _renewal(row) if row else None

    def put(self, renewal: AutoRenewal) -> None:
        way, announced = renewal.way, renewal.announced_price
        self._transaction.write(
            _PUT,
            line_id=renewal.line_id,
            subscriber_id=renewal.subscriber_id,
            plan_code=renewal.plan_code,
            price_minor=renewal.price.minor,
            currency=renewal.price.currency,
            method=way.method if way is not None else None,
            card_id=way.card_id if way is not None else None,
            agreed_at=to_micros(renewal.agreed_at),
            end_at=to_micros_or_none(renewal.end_at),
            announced_end_at=to_micros_or_none(renewal.announced_end_at),
            announced_at=to_micros_or_none(renewal.announced_at),
            announced_minor=announced.minor if announced is not None else None,
            done_end_at=to_micros_or_none(renewal.done_end_at),
            order_id=renewal.order_id,
        )

    def end(self, line_id: int) -> None:
        self._transaction.write(_END, line_id=line_id)


def _renewal(row: Row) -> AutoRenewal:
    (
        line_id, subscriber_id, plan_code, minor, currency, method, card_id, agreed_at, end_at,
        announced_end_at, announced_at, announced_minor, done_end_at, order_id,
    ) = row  # fmt: skip
    return AutoRenewal(
        line_id=line_id,
        subscriber_id=subscriber_id,
        plan_code=plan_code,
        price=Money(minor, currency),
        way=None if method is None else Way(PaymentMethod(method), card_id),
        agreed_at=from_micros(agreed_at),
        end_at=from_micros_or_none(end_at),
        announced_end_at=from_micros_or_none(announced_end_at),
        announced_at=from_micros_or_none(announced_at),
        announced_price=None if announced_minor is None else Money(announced_minor, currency),
        done_end_at=from_micros_or_none(done_end_at),
        order_id=order_id,
    )
