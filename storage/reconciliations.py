"""The rounds of the reconciliation, what each asked after, and what there is to ask after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import BindParameter, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.order import ACTIVATION_PROMISE, OrderStatus
from bot.domain.payment import PaymentMethod, PaymentStatus
from bot.domain.reconciliation import Compared, Heard, Question, Round
from storage.database import Row, Transaction
from storage.instants import from_micros, from_micros_or_none, to_micros
from storage.reconciliation_tables import questions as q
from storage.reconciliation_tables import reconciliations as t
from storage.runtime_tables import inbox, outbox, timers
from storage.statements import Statement
from storage.tables import orders, payments

_ASKED_AFTER_FOR: Final = timedelta(days=1)
_CLOSED: Final = [PaymentStatus.FAILED, PaymentStatus.CANCELLED, PaymentStatus.EXPIRED]
_HOSTED: Final = [method for method in PaymentMethod if method.is_hosted]
BY_CARRIER: Final = [OrderStatus.PAID, OrderStatus.FULFILLING, OrderStatus.REVIEW]
"""In these very words, so that a statement reads the few rows of ``ix_orders_line``."""
SILENT: Final = "carrier_silent"
_ABOUT_AN_ORDER: Final = [
    "order_answered", "order_outcome_unknown", "request_failed", "cancel_answered",
    "order_look", "order_submission", "order_cancel",
]  # fmt: skip
"""The events that look after the order of which they tell."""

_ROUND: Final = select(t.c.id, t.c.started_at, t.c.finished_at)
_OPEN_ROUND: Final = Statement(_ROUND.where(t.c.finished_at.is_(None)))
_BEGIN: Final = Statement(insert(t).values(started_at=bindparam("at")).returning(t.c.id))
_FINISH: Final = Statement(
    update(t)
    .where(t.c.id == bindparam("id"), t.c.finished_at.is_(None))
    .values(finished_at=bindparam("at"))
)
LAST_FINISHED: Final = Statement(
    _ROUND.where(t.c.finished_at.is_not(None)).order_by(t.c.id.desc()).limit(1)
)
_QUESTION: Final = select(
    q.c.round_id, q.c.compared, q.c.subject, q.c.order_id, q.c.asked_at, q.c.heard, q.c.was,
    q.c.became, q.c.needs_operator,
)  # fmt: skip
QUESTIONS_OF: Final = Statement(
    _QUESTION.where(q.c.round_id == bindparam("round_id")).order_by(q.c.compared, q.c.order_id)
)
_OPEN_QUESTION: Final = Statement(
    _QUESTION.where(
        q.c.compared == bindparam("compared"),
        q.c.subject == bindparam("subject"),
        q.c.heard == Heard.NOT_YET,
    )
)
_put = insert(q)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["round_id", "compared", "subject"],
        set_={name: _put.excluded[name] for name in ("heard", "was", "became", "needs_operator")},
    )
)

_asked_at = (
    select(func.max(q.c.asked_at))
    .where(
        q.c.compared == Compared.PAYMENT,
        q.c.subject == payments.c.id,
        q.c.asked_at >= payments.c.changed_at,
    )
    .correlate(payments)
    .scalar_subquery()
)
_age_then = _asked_at - payments.c.changed_at
_now: Final[BindParameter[int]] = bindparam("now")
_age_now = _now - payments.c.changed_at
_PAYMENTS: Final = Statement(
    select(payments.c.id)
    .where(
        payments.c.status.in_(_CLOSED),
        payments.c.changed_at > bindparam("since"),
        payments.c.method.in_(_HOSTED),
        or_(_asked_at.is_(None), _age_now >= 2 * _age_then),
    )
    .order_by(payments.c.changed_at)
    .limit(bindparam("limit"))
)

_RENEWING: Final = (orders.c.status.in_(BY_CARRIER), orders.c.buys == "renewal")
_LOOKED_AFTER: Final = select(
    func.coalesce(func.json_extract(outbox.c.payload, "$.order_id"), "")
).where(outbox.c.courier == "carrier", outbox.c.status == "pending")
_ARRIVING: Final = select(
    func.coalesce(
        func.json_extract(inbox.c.payload, "$.order_id"),
        func.json_extract(inbox.c.payload, "$.request.order_id"),
        "",
    )
).where(inbox.c.decided_at.is_(None), inbox.c.kind.in_(_ABOUT_AN_ORDER))
_ADRIFT: Final = Statement(
    select(orders.c.id)
    .where(
        *_RENEWING,
        or_(orders.c.status != OrderStatus.REVIEW, orders.c.reason == SILENT),
        ~exists(
            select(1).where(
                timers.c.key.in_(
                    ["order:" + orders.c.id + ":look", "order:" + orders.c.id + ":cancel"]
                )
            )
        ),
        orders.c.id.not_in(_LOOKED_AFTER),
        orders.c.id.not_in(_ARRIVING),
    )
    .order_by(orders.c.paid_at)
)
UNDELIVERED: Final = Statement(
    select(orders.c.id)
    .where(
        orders.c.status.in_(BY_CARRIER),
        orders.c.status != OrderStatus.REVIEW,
        orders.c.paid_at < bindparam("before"),
    )
    .order_by(orders.c.paid_at)
)
"""See `undelivered_before`."""


def undelivered_before(now: datetime) -> int:
    return to_micros(now - ACTIVATION_PROMISE)


class SqliteReconciliations:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def open_round(self) -> Round | None:
        row = await self._transaction.row(_OPEN_ROUND)
        return round_of(row) if row else None

    async def begin(self, at: datetime) -> Round:
        ((round_id,),) = await self._transaction.rows(_BEGIN, at=to_micros(at))
        return Round(round_id, at)

    def finish(self, round_id: int, at: datetime) -> None:
        self._transaction.write(_FINISH, id=round_id, at=to_micros(at))

    async def questions(self, round_id: int) -> list[Question]:
        rows = await self._transaction.rows(QUESTIONS_OF, round_id=round_id)
        return [question_of(row) for row in rows]

    async def open_question(self, compared: Compared, subject: str) -> Question | None:
        row = await self._transaction.row(_OPEN_QUESTION, compared=compared, subject=subject)
        return question_of(row) if row else None

    def put(self, question: Question) -> None:
        self._transaction.write(
            _PUT,
            round_id=question.round_id,
            compared=question.compared,
            subject=question.subject,
            order_id=question.order_id,
            asked_at=to_micros(question.asked_at),
            heard=question.heard,
            was=question.was,
            became=question.became,
            needs_operator=int(question.needs_operator),
        )

    async def payments_to_ask_after(self, now: datetime, limit: int) -> list[str]:
        since = to_micros(now - _ASKED_AFTER_FOR)
        rows = await self._transaction.rows(_PAYMENTS, now=to_micros(now), since=since, limit=limit)
        return [payment_id for (payment_id,) in rows]

    async def orders_adrift(self) -> list[str]:
        return [order_id for (order_id,) in await self._transaction.rows(_ADRIFT)]

    async def charged_not_delivered(self, now: datetime) -> list[str]:
        rows = await self._transaction.rows(UNDELIVERED, before=undelivered_before(now))
        return [order_id for (order_id,) in rows]


def round_of(row: Row) -> Round:
    id_, started_at, finished_at = row
    return Round(id_, from_micros(started_at), from_micros_or_none(finished_at))


def question_of(row: Row) -> Question:
    round_id, compared, subject, order_id, asked_at, heard, was, became, needs_operator = row
    return Question(
        round_id=round_id,
        compared=Compared(compared),
        subject=subject,
        order_id=order_id,
        asked_at=from_micros(asked_at),
        heard=Heard(heard),
        was=was,
        became=became,
        needs_operator=bool(needs_operator),
    )
