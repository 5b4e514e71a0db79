"""What an operator is told of orders and refunds, read beside the running bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import bindparam, func, select

from bot.domain.dispute import DisputeState
from bot.domain.ledger import wallet_of
from bot.domain.money import Money
from bot.domain.order import OrderStatus
from bot.domain.payment import PaymentMethod, RefundStatus
from bot.domain.reconciliation import Question, Round
from storage.database import Reader, open_reader
from storage.instants import from_micros
from storage.platform_tables import disputes
from storage.reconciliations import (
    BY_CARRIER,
    LAST_FINISHED,
    QUESTIONS_OF,
    UNDELIVERED,
    question_of,
    round_of,
    undelivered_before,
)
from storage.runtime_tables import dead_letters, inbox
from storage.statements import Statement
from storage.tables import line_links, orders, postings, refunds

_ORDER: Final = Statement(
    select(
        orders.c.status, orders.c.total_minor, orders.c.currency, orders.c.buys,
        orders.c.line_id, orders.c.subscriber_id,
    ).where(orders.c.id == bindparam("id"))
)  # fmt: skip
_BALANCE: Final = Statement(
    select(func.coalesce(func.sum(postings.c.amount_minor), 0)).where(
        postings.c.account == bindparam("account"), postings.c.currency == bindparam("currency")
    )
)
_HOLDER: Final = Statement(
    select(line_links.c.subscriber_id).where(
        line_links.c.line_id == bindparam("line_id"), line_links.c.revoked_at.is_(None)
    )
)
_OWED: Final = Statement(
    select(
        refunds.c.order_id, refunds.c.charge_id, refunds.c.method, refunds.c.amount_minor,
        refunds.c.currency, refunds.c.reason, refunds.c.created_at, refunds.c.status,
    )
    .where(refunds.c.status.in_([RefundStatus.DUE, RefundStatus.FAILED]))
    .order_by(refunds.c.created_at)
)  # fmt: skip
_IN_REVIEW: Final = Statement(
    select(orders.c.id)
    .where(orders.c.status.in_(BY_CARRIER), orders.c.status == OrderStatus.REVIEW)
    .order_by(orders.c.created_at)
)
_OPEN_DISPUTES: Final = Statement(
    select(disputes.c.order_id)
    .where(disputes.c.state.in_([DisputeState.INQUIRY, DisputeState.OPEN]))
    .order_by(disputes.c.opened_at)
)
_DECIDED: Final = Statement(
    select(inbox.c.decided_at).where(
        inbox.c.source == bindparam("source"), inbox.c.source_id == bindparam("source_id")
    )
)
_FAILED: Final = Statement(
    select(dead_letters.c.reference).where(
        dead_letters.c.source == bindparam("source"),
        dead_letters.c.source_id == bindparam("source_id"),
    )
)


@dataclass(frozen=True, slots=True)
class OrderAtAGlance:
    status: OrderStatus
    total: Money
    is_top_up: bool
    line_id: int
    subscriber_id: int


@dataclass(frozen=True, slots=True)
class OwedRefund:
    order_id: str
    charge_id: str | None
    method: PaymentMethod
    amount: Money
    reason: str
    since: datetime
    status: RefundStatus

    @property
    def goes_by_itself(self) -> bool:
        """The platform, or Telegram, is asked to send it, again and again until it does."""
        return self.method.sends_back and self.status is RefundStatus.DUE


class OperatorsView:
    """Reads only. Raises `bot.services.events.StoreFailed` as every reader does."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def order(self, order_id: str) -> OrderAtAGlance | None:
        for status, minor, currency, buys, line_id, subscriber_id in await self._reader.rows(
            _ORDER, id=order_id
        ):
            total, is_top_up = Money(minor, currency), buys == "top_up"
            return OrderAtAGlance(OrderStatus(status), total, is_top_up, line_id, subscriber_id)
        return None

    async def wallet(self, line_id: int, currency: str) -> Money:
        ((minor,),) = await self._reader.rows(
            _BALANCE, account=wallet_of(line_id), currency=currency
        )
        return Money(minor, currency)

    async def holder(self, line_id: int) -> int | None:
        """Whose line it is now."""
        found = await self._reader.rows(_HOLDER, line_id=line_id)
        return found[0][0] if found else None

    async def owed(self) -> list[OwedRefund]:
        """The refunds that wait to be sent, the oldest first."""
        return [
            OwedRefund(
                order_id,
                charge_id,
                PaymentMethod(method),
                Money(minor, currency),
                reason,
                from_micros(created_at),
                RefundStatus(status),
            )
            for order_id, charge_id, method, minor, currency, reason, created_at, status in (
                await self._reader.rows(_OWED)
            )
        ]

    async def charged_but_not_delivered(self, now: datetime) -> list[str]:
        """The orders that were paid longer ago than activation may take, and are neither
        delivered, nor given back, nor in an operator's hands."""
        before = undelivered_before(now)
        return [order_id for (order_id,) in await self._reader.rows(UNDELIVERED, before=before)]

    async def in_review(self) -> list[str]:
        """The orders that wait for an operator's decision."""
        return [order_id for (order_id,) in await self._reader.rows(_IN_REVIEW)]

    async def last_reconciliation(self) -> Round | None:
        """The one that finished last."""
        found = await self._reader.rows(LAST_FINISHED)
        return round_of(found[0]) if found else None

    async def questions(self, round_id: int) -> list[Question]:
        """What that reconciliation asked after, and what came of it."""
        rows = await self._reader.rows(QUESTIONS_OF, round_id=round_id)
        return [question_of(row) for row in rows]

    async def open_disputes(self) -> list[str]:
        """The orders of whose payment the payer's bank has not decided, the oldest first."""
        return [order_id for (order_id,) in await self._reader.rows(_OPEN_DISPUTES)]

    async def is_decided(self, source: str, source_id: str) -> bool:
        found = await self._reader.rows(_DECIDED, source=source, source_id=source_id)
        return any(decided_at is not None for (decided_at,) in found)

    async def failure(self, source: str, source_id: str) -> str | None:
        """The reference of the dead letter that the event became."""
        found = await self._reader.rows(_FAILED, source=source, source_id=source_id)
        return found[0][0] if found else None


@asynccontextmanager
async def operators_view(database: Path) -> AsyncIterator[OperatorsView]:
    async with open_reader(database) as reader:
        yield OperatorsView(reader)
