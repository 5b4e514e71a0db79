"""Orders, and the history of each: a status moves only by compare-and-set along the domain's table.

``confirmed_at`` is the store's own column: when the order became more than a quote. Mere quotes are
never listed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.coupon import Discount
from bot.domain.errors import Refusal, UnknownOrder, WrongOrderStatus
from bot.domain.money import Money
from bot.domain.order import Order, OrderEvent, OrderStatus, Renewal, TopUp, next_status
from bot.domain.payment import PaymentMethod
from bot.services.unit import OrderEventRow
from storage.database import Row, Transaction
from storage.instants import from_micros, from_micros_or_none, to_micros, to_micros_or_none
from storage.runtime_tables import counters
from storage.statements import Statement
from storage.tables import entitlements, line_links
from storage.tables import order_events as events
from storage.tables import orders as t

_RENEWAL: Final = "renewal"
_TOP_UP: Final = "top_up"
_QUOTE: Final = "quote"
"""The first event of every order; the machine begins after it."""

_SELECT: Final = select(
    t.c.id, t.c.subscriber_id, t.c.line_id, t.c.buys, t.c.for_order_id, t.c.plan_code,
    t.c.plan_version, t.c.periods, t.c.days, t.c.total_minor, t.c.currency, t.c.status,
    t.c.created_at, t.c.expires_at, t.c.paid_at, t.c.paid_with, t.c.fulfilled_at, t.c.starts_at,
    t.c.ends_at, t.c.delayed, t.c.receipt_number, t.c.reason, t.c.coupon_code, t.c.discount_minor,
    t.c.paid_by,
)  # fmt: skip
_MINE: Final = t.c.id == bindparam("id")
_LISTED: Final = (t.c.subscriber_id == bindparam("subscriber_id"), t.c.confirmed_at.is_not(None))

_ADD: Final = Statement(
    insert(t)
    .values({c.name: bindparam(c.name) for c in t.c if c.name != "confirmed_at"})
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(t.c.id)
)
_GET: Final = Statement(_SELECT.where(_MINE))
_OF: Final = Statement(
    _SELECT.where(*_LISTED)
    .order_by(t.c.created_at.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_LATEST_RENEWAL: Final = Statement(
    _SELECT.where(*_LISTED, t.c.buys == _RENEWAL).order_by(t.c.created_at.desc()).limit(1)
)
_COUNT: Final = Statement(select(func.count()).select_from(t).where(*_LISTED))
_UNDELIVERED: Final = Statement(
    _SELECT.where(
        t.c.line_id == bindparam("line_id"),
        t.c.status.in_([OrderStatus.PAID, OrderStatus.FULFILLING, OrderStatus.REVIEW]),
    ).order_by(t.c.created_at)
)
_FIXED: Final = frozenset({"id", "created_at", "status", "confirmed_at"})
_MOVE: Final = Statement(
    update(t)
    .where(_MINE, t.c.status == bindparam("from_status"))
    .values(
        {c.name: bindparam(c.name) for c in t.c if c.name not in _FIXED}
        | {
            "status": bindparam("to_status"),
            "confirmed_at": func.coalesce(t.c.confirmed_at, bindparam("confirmed_at")),
        }
    )
    .returning(t.c.id)
)
_COST: Final = ("total_minor", "currency", "coupon_code", "discount_minor")
_REPRICE: Final = Statement(
    update(t)
    .where(_MINE, t.c.status == OrderStatus.QUOTED)
    .values({name: bindparam(name) for name in _COST})
    .returning(t.c.id)
)
_PAID: Final = (
    select(t.c.buys, t.c.paid_with)
    .where(*_LISTED, t.c.paid_with.is_not(None), t.c.paid_by.is_(None))
    .order_by(t.c.created_at.desc())
    .limit(1)
)
_LAST_PAID: Final = Statement(_PAID)
_LAST_TOPPED_UP: Final = Statement(_PAID.where(t.c.buys == _TOP_UP))
_RENEWED: Final = Statement(
    select(func.count()).where(
        *_LISTED,
        t.c.buys == _RENEWAL,
        t.c.status.in_(
            [OrderStatus.PAID, OrderStatus.FULFILLING, OrderStatus.FULFILLED, OrderStatus.REVIEW]
        ),
    )
)
_HELD_LINE_RENEWED: Final = Statement(
    select(entitlements.c.order_id)
    .join(line_links, line_links.c.line_id == entitlements.c.line_id)
    .where(
        line_links.c.subscriber_id == bindparam("subscriber_id"), line_links.c.revoked_at.is_(None)
    )
    .limit(1)
)
_PROLONG: Final = Statement(
    update(t)
    .where(_MINE, t.c.status == OrderStatus.AWAITING_PAYMENT)
    .values(expires_at=bindparam("until"))
)
_REDATE: Final = Statement(
    update(t).where(_MINE).values(starts_at=bindparam("starts_at"), ends_at=bindparam("ends_at"))
)
_MARK_DELAYED: Final = Statement(update(t).where(_MINE).values(delayed=1))
_ADD_EVENT: Final = Statement(
    insert(events).values({c.name: bindparam(c.name) for c in events.c if c.name != "id"})
)
_HISTORY: Final = Statement(
    select(events.c.event, events.c.to_status, events.c.happened_at)
    .where(events.c.order_id == bindparam("order_id"))
    .order_by(events.c.id)
)
_receipt = insert(counters).values(name="receipt", value=1)
_NEXT_RECEIPT: Final = Statement(
    _receipt.on_conflict_do_update(
        index_elements=["name"], set_={"value": counters.c.value + 1}
    ).returning(counters.c.value)
)


class SqliteOrders:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, order: Order) -> bool:
        added = await self._transaction.row(
            _ADD,
            id=order.id,
            created_at=to_micros(order.created_at),
            status=order.status,
            **_fields(order),
        )
        if added:
            self._add_event(order.id, _QUOTE, None, order.status, order.created_at, None)
        return added is not None

    async def get(self, order_id: str) -> Order | None:
        row = await self._transaction.row(_GET, id=order_id)
        return _order(row) if row else None

    async def of(self, subscriber_id: int, limit: int, offset: int) -> list[Order]:
        rows = await self._transaction.rows(
            _OF, subscriber_id=subscriber_id, limit=limit, offset=offset
        )
        return [_order(row) for row in rows]

    async def count(self, subscriber_id: int) -> int:
        ((number,),) = await self._transaction.rows(_COUNT, subscriber_id=subscriber_id)
        return int(number)

    async def latest_renewal(self, subscriber_id: int) -> Order | None:
        row = await self._transaction.row(_LATEST_RENEWAL, subscriber_id=subscriber_id)
        return _order(row) if row else None

    async def undelivered(self, line_id: int) -> list[Order]:
        rows = await self._transaction.rows(_UNDELIVERED, line_id=line_id)
        return [_order(row) for row in rows]

    async def move(
        self, order: Order, event: OrderEvent, at: datetime, detail: str | None = None
    ) -> Order:
        """Also raises `UnknownOrder` when there is no such order at all."""
        to_status = next_status(order.status, event)
        moved = await self._transaction.row(
            _MOVE,
            id=order.id,
            from_status=order.status,
            to_status=to_status,
            confirmed_at=to_micros(at) if event is OrderEvent.CONFIRM else None,
            **_fields(order),
        )
        if not moved:
            raise await self._stands_otherwise(order)
        self._add_event(order.id, event, order.status, to_status, at, detail)
        return replace(order, status=to_status)

    async def reprice(self, order: Order) -> None:
        """Also raises `UnknownOrder` when there is no such order at all."""
        repriced = await self._transaction.row(_REPRICE, id=order.id, **_cost(order))
        if not repriced:
            raise await self._stands_otherwise(order)

    async def last_paid_with(self, subscriber_id: int) -> PaymentMethod | None:
        row = await self._transaction.row(_LAST_PAID, subscriber_id=subscriber_id)
        if row and row[0] == _TOP_UP:
            return PaymentMethod.WALLET
        return PaymentMethod(row[1]) if row else None

    async def last_topped_up_with(self, subscriber_id: int) -> PaymentMethod | None:
        row = await self._transaction.row(_LAST_TOPPED_UP, subscriber_id=subscriber_id)
        return PaymentMethod(row[1]) if row else None

    async def has_renewed(self, subscriber_id: int) -> bool:
        ((number,),) = await self._transaction.rows(_RENEWED, subscriber_id=subscriber_id)
        if number:
            return True
        return (
            await self._transaction.row(_HELD_LINE_RENEWED, subscriber_id=subscriber_id) is not None
        )

    def mark_delayed(self, order_id: str) -> None:
        self._transaction.write(_MARK_DELAYED, id=order_id)

    def prolong(self, order_id: str, until: datetime) -> None:
        self._transaction.write(_PROLONG, id=order_id, until=to_micros(until))

    def redate(self, order: Order) -> None:
        self._transaction.write(
            _REDATE,
            id=order.id,
            starts_at=to_micros_or_none(order.starts_at),
            ends_at=to_micros_or_none(order.ends_at),
        )

    async def history(self, order_id: str) -> list[OrderEventRow]:
        rows = await self._transaction.rows(_HISTORY, order_id=order_id)
        return [
            OrderEventRow(event, OrderStatus(to_status), from_micros(happened_at))
            for event, to_status, happened_at in rows
        ]

    async def next_receipt_number(self) -> int:
        ((number,),) = await self._transaction.rows(_NEXT_RECEIPT)
        return int(number)

    async def _stands_otherwise(self, order: Order) -> Refusal:
        stored = await self.get(order.id)
        return (
            UnknownOrder(order.id) if stored is None else WrongOrderStatus(order.id, stored.status)
        )

    def _add_event(
        self,
        order_id: str,
        event: str,
        from_status: OrderStatus | None,
        to_status: OrderStatus,
        at: datetime,
        detail: str | None,
    ) -> None:
        self._transaction.write(
            _ADD_EVENT,
            order_id=order_id,
            event=event,
            from_status=from_status,
            to_status=to_status,
            happened_at=to_micros(at),
            detail=detail,
        )


def _fields(order: Order) -> dict[str, Any]:
    """The columns that a move writes as they stand in the order."""
    return {
        "subscriber_id": order.subscriber_id,
        "line_id": order.line_id,
        "expires_at": to_micros(order.expires_at),
        "paid_at": to_micros_or_none(order.paid_at),
        "paid_with": order.paid_with,
        "paid_by": order.paid_by,
        "fulfilled_at": to_micros_or_none(order.fulfilled_at),
        "starts_at": to_micros_or_none(order.starts_at),
        "ends_at": to_micros_or_none(order.ends_at),
        "delayed": int(order.delayed),
        "receipt_number": order.receipt_number,
        "reason": order.reason,
        **_goods(order.buys),
        **_cost(order),
    }


def _goods(buys: Renewal | TopUp) -> dict[str, Any]:
    renewal = buys if isinstance(buys, Renewal) else None
    return {
        "buys": _TOP_UP if renewal is None else _RENEWAL,
        "for_order_id": buys.for_order if isinstance(buys, TopUp) else None,
        "plan_code": None if renewal is None else renewal.plan_code,
        "plan_version": None if renewal is None else renewal.plan_version,
        "periods": None if renewal is None else renewal.periods,
        "days": None if renewal is None else renewal.days,
    }


def _cost(order: Order) -> dict[str, Any]:
    discount = order.discount
    return {
        "total_minor": order.total.minor,
        "currency": order.total.currency,
        "coupon_code": None if discount is None else discount.code,
        "discount_minor": None if discount is None else discount.amount.minor,
    }


def _order(row: Row) -> Order:
    (
        id_, subscriber_id, line_id, buys, for_order_id, plan_code, plan_version, periods, days,
        total_minor, currency, status, created, expires, paid,
        paid_with, fulfilled, starts, ends, delayed, receipt_number, reason,
        coupon_code, discount_minor, paid_by,
    ) = row  # fmt: skip
    return Order(
        id=id_,
        subscriber_id=subscriber_id,
        line_id=line_id,
        buys=TopUp(for_order_id)
        if buys == _TOP_UP
        else Renewal(plan_code, plan_version, periods, days),
        total=Money(total_minor, currency),
        status=OrderStatus(status),
        created_at=from_micros(created),
        expires_at=from_micros(expires),
        paid_at=from_micros_or_none(paid),
        paid_with=paid_with,
        paid_by=paid_by,
        fulfilled_at=from_micros_or_none(fulfilled),
        starts_at=from_micros_or_none(starts),
        ends_at=from_micros_or_none(ends),
        delayed=bool(delayed),
        receipt_number=receipt_number,
        reason=reason,
        discount=None
        if coupon_code is None
        else Discount(coupon_code, Money(discount_minor, currency)),
    )
