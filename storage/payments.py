"""Payments, the charges that came of them, and the refunds that are owed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.money import Money
from bot.domain.payment import (
    Charge,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Refund,
    RefundStatus,
    Settlement,
)
from storage.database import Row, Transaction
from storage.instants import from_micros, from_micros_or_none, to_micros, to_micros_or_none
from storage.statements import Statement
from storage.tables import charges, orders, refunds
from storage.tables import payments as t

_SELECT: Final = select(
    t.c.id, t.c.order_id, t.c.subscriber_id, t.c.method, t.c.amount_minor, t.c.currency,
    t.c.status, t.c.created_at, t.c.processing_at,
)  # fmt: skip
_ADD: Final = Statement(insert(t))
_GET: Final = Statement(_SELECT.where(t.c.id == bindparam("id")))
_OPEN_OF: Final = Statement(
    _SELECT.where(
        t.c.order_id == bindparam("order_id"),
        t.c.status.in_([PaymentStatus.CREATED, PaymentStatus.PROCESSING]),
    )
)
_MARK: Final = Statement(
    update(t)
    .where(t.c.id == bindparam("id"), t.c.status != PaymentStatus.SUCCEEDED)
    .values(
        status=bindparam("to_status"),
        changed_at=bindparam("at"),
        processing_at=func.coalesce(bindparam("processing_at"), t.c.processing_at),
    )
)
_CHARGE_COLUMNS: Final = (
    charges.c.id, charges.c.payment_id, charges.c.payer_id, charges.c.amount_minor,
    charges.c.currency, charges.c.platform_ref, charges.c.charged_at,
)  # fmt: skip
_ADD_CHARGE: Final = Statement(insert(charges).on_conflict_do_nothing().returning(charges.c.id))
_HAS_CHARGE: Final = Statement(select(charges.c.id).where(charges.c.id == bindparam("id")))
_CHARGES_OF: Final = Statement(
    select(*_CHARGE_COLUMNS)
    .where(charges.c.order_id == bindparam("order_id"))
    .order_by(charges.c.charged_at, charges.c.id)
)
_OWED: Final = (
    "key", "order_id", "charge_id", "method", "amount_minor", "currency", "reason", "created_at",
)  # fmt: skip
_OWE: Final = Statement(
    insert(refunds)
    .values({name: bindparam(name) for name in _OWED})
    .values(
        status=RefundStatus.DUE,
        credit_note_number=select(
            func.coalesce(func.max(refunds.c.credit_note_number), 0) + 1
        ).scalar_subquery(),
    )
    .on_conflict_do_nothing(index_elements=["key"])
)
_SELECT_REFUNDS: Final = select(
    refunds.c.key, refunds.c.order_id, refunds.c.charge_id, refunds.c.method,
    refunds.c.amount_minor, refunds.c.currency, refunds.c.status, refunds.c.reason,
    refunds.c.created_at, refunds.c.credit_note_number,
).order_by(refunds.c.credit_note_number)  # fmt: skip
_REFUNDS_OF: Final = Statement(_SELECT_REFUNDS.where(refunds.c.order_id == bindparam("order_id")))
_REFUNDS_TO: Final = Statement(
    _SELECT_REFUNDS.join(orders, orders.c.id == refunds.c.order_id).where(
        orders.c.subscriber_id == bindparam("subscriber_id"), orders.c.confirmed_at.is_not(None)
    )
)
_MARK_REFUNDED: Final = Statement(
    update(refunds)
    .where(refunds.c.key == bindparam("key"), refunds.c.status == RefundStatus.DUE)
    .values(status=RefundStatus.DONE, done_at=bindparam("at"))
)
_UNPLACED_OF: Final = Statement(
    select(*_CHARGE_COLUMNS)
    .where(charges.c.order_id == bindparam("order_id"), charges.c.settlement == Settlement.MISMATCH)
    .order_by(charges.c.charged_at, charges.c.id)
)


class SqlitePayments:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, payment: Payment) -> None:
        """A second open payment of one order breaks the transaction."""
        self._transaction.write(
            _ADD,
            id=payment.id,
            order_id=payment.order_id,
            subscriber_id=payment.subscriber_id,
            method=payment.method,
            amount_minor=payment.amount.minor,
            currency=payment.amount.currency,
            status=payment.status,
            created_at=to_micros(payment.created_at),
            changed_at=to_micros(payment.created_at),
            processing_at=to_micros_or_none(payment.processing_at),
        )

    async def get(self, payment_id: str) -> Payment | None:
        row = await self._transaction.row(_GET, id=payment_id)
        return _payment(row) if row else None

    async def open_of(self, order_id: str) -> Payment | None:
        row = await self._transaction.row(_OPEN_OF, order_id=order_id)
        return _payment(row) if row else None

    def mark(self, payment_id: str, status: PaymentStatus, at: datetime) -> None:
        """A payment that has succeeded stays so: whatever comes later finds it unchanged."""
        changed_at = to_micros(at)
        self._transaction.write(
            _MARK,
            id=payment_id,
            to_status=status,
            at=changed_at,
            processing_at=changed_at if status is PaymentStatus.PROCESSING else None,
        )

    async def add_charge(self, charge: Charge, order_id: str | None, did: Settlement) -> bool:
        added = await self._transaction.row(
            _ADD_CHARGE,
            id=charge.id,
            payment_id=charge.payment_id,
            order_id=order_id,
            payer_id=charge.payer_id,
            amount_minor=charge.amount.minor,
            currency=charge.amount.currency,
            platform_ref=charge.platform_ref,
            settlement=did,
            charged_at=to_micros(charge.charged_at),
        )
        return added is not None

    async def has_charge(self, charge_id: str) -> bool:
        return await self._transaction.row(_HAS_CHARGE, id=charge_id) is not None

    async def charges_of(self, order_id: str) -> list[Charge]:
        return [
            _charge(row) for row in await self._transaction.rows(_CHARGES_OF, order_id=order_id)
        ]

    def owe_refund(
        self,
        key: str,
        order_id: str,
        charge_id: str | None,
        method: PaymentMethod,
        amount: Money,
        reason: str,
        at: datetime,
    ) -> None:
        self._transaction.write(
            _OWE,
            key=key,
            order_id=order_id,
            charge_id=charge_id,
            method=method,
            amount_minor=amount.minor,
            currency=amount.currency,
            reason=reason,
            created_at=to_micros(at),
        )

    async def refunds_of(self, order_id: str) -> list[Refund]:
        rows = await self._transaction.rows(_REFUNDS_OF, order_id=order_id)
        return [_refund(row) for row in rows]

    async def refunds_to(self, subscriber_id: int) -> list[Refund]:
        rows = await self._transaction.rows(_REFUNDS_TO, subscriber_id=subscriber_id)
        return [_refund(row) for row in rows]

    def mark_refunded(self, key: str, at: datetime) -> None:
        self._transaction.write(_MARK_REFUNDED, key=key, at=to_micros(at))

    async def unplaced_of(self, order_id: str) -> list[Charge]:
        rows = await self._transaction.rows(_UNPLACED_OF, order_id=order_id)
        return [_charge(row) for row in rows]


def _payment(row: Row) -> Payment:
    id_, order_id, subscriber_id, method, minor, currency, status, created, processing = row
    return Payment(
        id=id_,
        order_id=order_id,
        subscriber_id=subscriber_id,
        method=PaymentMethod(method),
        amount=Money(minor, currency),
        status=PaymentStatus(status),
        created_at=from_micros(created),
        processing_at=from_micros_or_none(processing),
    )


def _charge(row: Row) -> Charge:
    id_, payment_id, payer_id, minor, currency, platform_ref, charged_at = row
    return Charge(
        id_, payment_id, payer_id, Money(minor, currency), platform_ref, from_micros(charged_at)
    )


def _refund(row: Row) -> Refund:
    key, order_id, charge_id, method, minor, currency, status, reason, created_at, number = row
    return Refund(
        key=key,
        order_id=order_id,
        charge_id=charge_id,
        method=PaymentMethod(method),
        amount=Money(minor, currency),
        status=RefundStatus(status),
        reason=reason,
        created_at=from_micros(created_at),
        credit_note_number=number,
    )
