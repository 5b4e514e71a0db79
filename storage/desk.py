"""What the desk reads across the tables."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, func, literal, null, or_, select, text, union_all

from bot.domain.dispute import DisputeState
from bot.domain.ledger import wallet_of
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import OrderStatus
from bot.domain.payment import RefundStatus
from bot.domain.statistics import Earned, Span
from bot.domain.subscriber import Subscriber
from bot.domain.support import CaseStatus
from bot.services.desk_view_port import Waiting, WalletLine
from storage.database import Transaction
from storage.earnings import EARNED, earned
from storage.instants import from_micros, to_micros
from storage.lines import SqliteLines
from storage.platform_tables import disputes
from storage.runtime_tables import outbox
from storage.statements import Statement
from storage.subscribers import SqliteSubscribers
from storage.support_tables import support_cases as cases
from storage.tables import journals, lines, orders, postings, refunds, subscribers

_IN_HANDS: Final = text("orders.status IN ('paid', 'fulfilling', 'review')")
"""As the index of such orders says it: SQLite takes an index of some rows only by its own words."""
_UNDER_WAY: Final = and_(_IN_HANDS, orders.c.status.in_([OrderStatus.PAID, OrderStatus.FULFILLING]))
_BACKSLASH: Final = "\\"

_PAID_ORDERS: Final = Statement(
    select(func.count())
    .select_from(orders)
    .where(
        orders.c.confirmed_at.is_not(None),
        orders.c.paid_at >= bindparam("since"),
        orders.c.paid_at < bindparam("until"),
    )
)
_ACTIVATING: Final = Statement(
    select(func.count(), func.coalesce(func.sum(orders.c.delayed), 0))
    .select_from(orders)
    .where(_UNDER_WAY)
)
UNDELIVERED: Final = Statement(
    select(func.count())
    .select_from(orders)
    .where(_UNDER_WAY, orders.c.paid_at < bindparam("before"))
)
_waiting = union_all(
    select(literal("review").label("kind"), orders.c.id.label("order_id"),
           func.coalesce(orders.c.paid_at, orders.c.confirmed_at, orders.c.created_at)
           .label("since"), null().label("case_id"), literal("").label("name"))
    .where(_IN_HANDS, orders.c.status == OrderStatus.REVIEW),
    select(literal("delayed"), orders.c.id, orders.c.paid_at, null(), literal(""))
    .where(_UNDER_WAY, orders.c.delayed == 1),
    select(literal("refund"), refunds.c.order_id, refunds.c.created_at, null(), literal(""))
    .join(orders, orders.c.id == refunds.c.order_id)
    .where(
        refunds.c.status.in_([RefundStatus.DUE, RefundStatus.FAILED]),
        refunds.c.status == RefundStatus.FAILED,
        orders.c.status != OrderStatus.REVIEW,
    ),
    select(literal("dispute"), disputes.c.order_id, disputes.c.opened_at, null(), literal(""))
    .where(disputes.c.state.in_([DisputeState.INQUIRY, DisputeState.OPEN])),
    select(literal("support"), cases.c.order_id, cases.c.asked_at, cases.c.id, subscribers.c.name)
    .join(subscribers, subscribers.c.id == cases.c.subscriber_id)
    .where(
        cases.c.status == CaseStatus.OPEN,
        cases.c.at_desk == 1,
        cases.c.asked_at.is_not(None),
        or_(cases.c.answered_at.is_(None), cases.c.answered_at < cases.c.asked_at),
    ),
)  # fmt: skip
_WAITING: Final = Statement(_waiting.order_by("since", "order_id"))
_LINES_ENDING: Final = Statement(
    select(lines.c.id)
    .where(lines.c.msisdn.like(bindparam("pattern")))
    .order_by(lines.c.msisdn)
    .limit(bindparam("limit"))
)
_NAMED: Final = Statement(
    select(subscribers.c.id)
    .where(subscribers.c.name.like(bindparam("pattern"), escape=_BACKSLASH))
    .order_by(subscribers.c.created_at.desc(), subscribers.c.id)
    .limit(bindparam("limit"))
)
_WALLET_LINES: Final = Statement(
    select(journals.c.kind, journals.c.order_id, postings.c.amount_minor, postings.c.currency,
           journals.c.posted_at)
    .join(journals, journals.c.key == postings.c.journal_key)
    .where(postings.c.account == bindparam("account"))
    .order_by(postings.c.id.desc())
    .limit(bindparam("limit"))
)  # fmt: skip
_UNSENT: Final = Statement(
    select(outbox.c.error, func.count())
    .where(outbox.c.status == "failed", outbox.c.chat_id == bindparam("chat_id"))
    .group_by(outbox.c.error)
    .order_by(func.count().desc())
)


class SqliteDesk:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def earned(self, span: Span) -> list[Earned]:
        return earned(
            await self._transaction.rows(
                EARNED, since=to_micros(span.since), until=to_micros(span.until)
            )
        )

    async def paid_orders(self, span: Span) -> int:
        ((number,),) = await self._transaction.rows(
            _PAID_ORDERS, since=to_micros(span.since), until=to_micros(span.until)
        )
        return int(number)

    async def activating(self) -> tuple[int, int]:
        ((number, delayed),) = await self._transaction.rows(_ACTIVATING)
        return int(number), int(delayed)

    async def undelivered(self, paid_before: datetime) -> int:
        ((number,),) = await self._transaction.rows(UNDELIVERED, before=to_micros(paid_before))
        return int(number)

    async def waiting(self) -> list[Waiting]:
        rows = await self._transaction.rows(_WAITING)
        return [
            Waiting(kind, order_id, from_micros(since), case_id, name)
            for kind, order_id, since, case_id, name in rows
        ]

    async def lines_ending(self, digits: str, limit: int) -> list[Line]:
        rows = await self._transaction.rows(_LINES_ENDING, pattern=f"%{digits}", limit=limit)
        found = [await SqliteLines(self._transaction).get(line_id) for (line_id,) in rows]
        return [line for line in found if line is not None]

    async def named(self, part: str, limit: int) -> list[Subscriber]:
        plain = part.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        rows = await self._transaction.rows(_NAMED, pattern=f"%{plain}%", limit=limit)
        people = SqliteSubscribers(self._transaction)
        found = [await people.find(subscriber_id) for (subscriber_id,) in rows]
        return [person for person in found if person is not None]

    async def wallet_lines(self, line_id: int, limit: int) -> list[WalletLine]:
        rows = await self._transaction.rows(_WALLET_LINES, account=wallet_of(line_id), limit=limit)
        return [
            WalletLine(kind, order_id, Money(minor, currency), from_micros(posted_at))
            for kind, order_id, minor, currency, posted_at in rows
        ]

    async def unsent(self, chat_id: int) -> list[tuple[str, int]]:
        rows = await self._transaction.rows(_UNSENT, chat_id=chat_id)
        return [(error or "", int(number)) for error, number in rows]
