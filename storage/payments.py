"""Payments, the charges that came of them, and the refunds that are owed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.money import STARS, Money
from bot.domain.payment import (
    Charge,
    Page,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Placed,
    Refund,
    RefundStatus,
    Settlement,
)
from storage.database import Row, Transaction
from storage.instants import from_micros, from_micros_or_none, to_micros, to_micros_or_none
from storage.statements import Statement
from storage.tables import charges, orders, refunds
from storage.tables import payments as t

_HOSTED: Final = [method for method in PaymentMethod if method.is_hosted]
_SELECT: Final = select(
    t.c.id, t.c.order_id, t.c.subscriber_id, t.c.method, t.c.amount_minor, t.c.currency,
    t.c.status, t.c.created_at, t.c.processing_at, t.c.page_ref, t.c.page_url,
    t.c.card_id, t.c.keeps_card,
)  # fmt: skip
_ADD: Final = Statement(insert(t))
_GET: Final = Statement(_SELECT.where(t.c.id == bindparam("id")))
_IS_OPEN: Final = t.c.status.in_(
    [PaymentStatus.CREATED, PaymentStatus.PROCESSING, PaymentStatus.CLOSING]
)
_OPEN_OF: Final = Statement(_SELECT.where(t.c.order_id == bindparam("order_id"), _IS_OPEN))
_OPEN_HOSTED: Final = Statement(
    _SELECT.where(_IS_OPEN, t.c.method.in_(_HOSTED)).order_by(t.c.created_at)
)
_KEEP_PAGE: Final = Statement(
    update(t)
    .where(t.c.id == bindparam("id"))
    .values(page_ref=bindparam("ref"), page_url=bindparam("url"))
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
_REFUND: Final = Statement(_SELECT_REFUNDS.where(refunds.c.key == bindparam("key")))
_OWED_REFUNDS: Final = Statement(
    _SELECT_REFUNDS.where(refunds.c.status.in_([RefundStatus.DUE, RefundStatus.FAILED]))
)
_BOOKED_AS: Final = Statement(
    _SELECT_REFUNDS.where(refunds.c.platform_ref == bindparam("platform_ref"))
)
_MARK_REFUNDED: Final = Statement(
    update(refunds)
    .where(refunds.c.key == bindparam("key"), refunds.c.status != RefundStatus.DONE)
    .values(
        status=RefundStatus.DONE, done_at=bindparam("at"), platform_ref=bindparam("platform_ref")
    )
)
_MARK_REFUND_FAILED: Final = Statement(
    update(refunds)
    .where(refunds.c.key == bindparam("key"))
    .values(status=RefundStatus.FAILED, done_at=None, platform_ref=None)
)
_PAYING_CHARGE: Final = Statement(
    select(*_CHARGE_COLUMNS).where(
        charges.c.order_id == bindparam("order_id"),
        charges.c.settlement.in_([Settlement.PAID, Settlement.REOPENED]),
    )
)
_PLACED: Final = Statement(
    select(charges.c.order_id, charges.c.currency, t.c.method)
    .join(t, t.c.id == charges.c.payment_id, isouter=True)
    .where(charges.c.id == bindparam("id"))
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
            page_ref=None,
            page_url=None,
            card_id=payment.card_id,
            keeps_card=1 if payment.keeps_card else None,
        )

    async def get(self, payment_id: str) -> Payment | None:
        row = await self._transaction.row(_GET, id=payment_id)
        return _payment(row) if row else None

    async def open_hosted(self) -> list[Payment]:
        return [_payment(row) for row in await self._transaction.rows(_OPEN_HOSTED)]

    def keep_page(self, payment_id: str, page: Page) -> None:
        self._transaction.write(_KEEP_PAGE, id=payment_id, ref=page.ref, url=page.url)

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

    async def paying_charge(self, order_id: str) -> Charge | None:
        row = await self._transaction.row(_PAYING_CHARGE, order_id=order_id)
        return _charge(row) if row else None

    async def placed(self, charge_id: str) -> Placed | None:
        """What came for no payment that we know was booked as Stars, or as a card's."""
        row = await self._transaction.row(_PLACED, id=charge_id)
        if row is None:
            return None
        order_id, currency, method = row
        unknown = PaymentMethod.STARS if currency == STARS else PaymentMethod.CARD
        return Placed(order_id, PaymentMethod(method or unknown))

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

    async def refund(self, key: str) -> Refund | None:
        row = await self._transaction.row(_REFUND, key=key)
        return _refund(row) if row else None

    async def booked_as(self, platform_ref: str) -> Refund | None:
        row = await self._transaction.row(_BOOKED_AS, platform_ref=platform_ref)
        return _refund(row) if row else None

    async def owed_refunds(self) -> list[Refund]:
        return [_refund(row) for row in await self._transaction.rows(_OWED_REFUNDS)]

    def mark_refunded(self, key: str, at: datetime, platform_ref: str | None = None) -> None:
        self._transaction.write(
            _MARK_REFUNDED, key=key, at=to_micros(at), platform_ref=platform_ref
        )

    def mark_refund_failed(self, key: str) -> None:
        self._transaction.write(_MARK_REFUND_FAILED, key=key)

    async def unplaced_of(self, order_id: str) -> list[Charge]:
        rows = await self._transaction.rows(_UNPLACED_OF, order_id=order_id)
        return [_charge(row) for row in rows]


def _payment(row: Row) -> Payment:
    (
        id_, order_id, subscriber_id, method, minor, currency, status, created, processing,
        page_ref, page_url, card_id, keeps_card,
    ) = row  # fmt: skip
    return Payment(
        id=id_,
        order_id=order_id,
        subscriber_id=subscriber_id,
        method=PaymentMethod(method),
        amount=Money(minor, currency),
        status=PaymentStatus(status),
        created_at=from_micros(created),
        processing_at=from_micros_or_none(processing),
        page=Page(page_ref, page_url) if page_ref and page_url else None,
        card_id=card_id,
        keeps_card=bool(keeps_card),
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
