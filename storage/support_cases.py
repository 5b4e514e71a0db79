"""Support cases, and what subscribers wrote in them: one open case a subscriber at most."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.support import CaseReason, CaseStatus, SupportCase, Written
from storage.database import Row, Transaction
from storage.instants import from_micros, from_micros_or_none, to_micros
from storage.statements import Statement
from storage.support_tables import support_cases as t
from storage.support_tables import support_messages as m

_OPEN: Final = t.c.status == CaseStatus.OPEN
_COLUMNS: Final = (
    t.c.id, t.c.subscriber_id, t.c.order_id, t.c.why, t.c.status, t.c.opened_at, t.c.closed_at,
    t.c.asked_at, t.c.answered_at, t.c.at_desk,
)  # fmt: skip
_GET: Final = Statement(select(*_COLUMNS).where(t.c.id == bindparam("id")))
_OPEN_OF: Final = Statement(
    select(*_COLUMNS).where(t.c.subscriber_id == bindparam("subscriber_id"), _OPEN)
)
_LATEST_OF: Final = Statement(
    select(*_COLUMNS)
    .where(t.c.subscriber_id == bindparam("subscriber_id"))
    .order_by(t.c.id.desc())
    .limit(1)
)
_ADD: Final = Statement(
    insert(t)
    .values(
        {c: bindparam(c) for c in ("subscriber_id", "order_id", "why", "at_desk", "opened_at")}
        | {"status": CaseStatus.OPEN}
    )
    .returning(*_COLUMNS)
)
_CLOSE: Final = Statement(
    update(t)
    .where(t.c.id == bindparam("case_id"), _OPEN)
    .values(status=CaseStatus.CLOSED, closed_at=bindparam("at"))
    .returning(*_COLUMNS)
)
_other = t.alias()
_REOPEN: Final = Statement(
    update(t)
    .where(
        t.c.id == bindparam("case_id"),
        t.c.status == CaseStatus.CLOSED,
        ~select(_other.c.id)
        .where(_other.c.subscriber_id == t.c.subscriber_id, _other.c.status == CaseStatus.OPEN)
        .exists(),
    )
    .values(status=CaseStatus.OPEN, closed_at=None)
    .returning(*_COLUMNS)
)
_ATTACH: Final = Statement(
    update(t)
    .where(t.c.id == bindparam("case_id"), t.c.order_id.is_(None))
    .values(order_id=bindparam("order"))
)
_ASK: Final = Statement(
    update(t)
    .where(
        t.c.id == bindparam("case_id"),
        or_(t.c.asked_at.is_(None), t.c.asked_at <= t.c.answered_at),
    )
    # After the answer, also by a clock that was put back since.
    .values(asked_at=func.max(bindparam("at"), func.coalesce(t.c.answered_at, 0) + 1))
)
_ANSWER: Final = Statement(
    update(t)
    .where(t.c.subscriber_id == bindparam("of"), _OPEN)
    .values(answered_at=func.max(func.coalesce(t.c.asked_at, 0), bindparam("at")))
)
_ADD_MESSAGE: Final = Statement(
    insert(m)
    .values(
        {c: bindparam(c) for c in ("case_id", "message_id", "kind", "words", "sent_at")}
        | {"is_on_way": 0}
    )
    .on_conflict_do_nothing()
    .returning(m.c.id)
)
_MESSAGES: Final = Statement(
    select(m.c.message_id, m.c.kind, m.c.words, m.c.sent_at)
    .where(m.c.case_id == bindparam("case_id"))
    .order_by(m.c.id.desc())
    .limit(bindparam("limit"))
)
_TAKE_UNSENT: Final = Statement(
    update(m)
    .where(m.c.case_id == bindparam("of_case"), m.c.is_on_way == 0)
    .values(is_on_way=1)
    .returning(m.c.id, m.c.message_id)
)
_UNSENT_OF: Final = Statement(
    select(m.c.message_id)
    .where(m.c.case_id == bindparam("case_id"), m.c.is_on_way == 0)
    .order_by(m.c.id)
)
_ONE: Final = and_(
    m.c.case_id == bindparam("of_case"),
    m.c.message_id == bindparam("message"),
    m.c.passed_on_at.is_(None),
)
_UNSENT: Final = Statement(update(m).where(_ONE).values(is_on_way=0))
_PASSED_ON: Final = Statement(
    update(m).where(_ONE).values(is_on_way=1, passed_on_at=bindparam("at"), words=None)
)
_AT_DESK: Final = Statement(update(t).where(t.c.id == bindparam("case_id")).values(at_desk=1))
_OFF_DESK: Final = Statement(
    update(t)
    .where(
        t.c.id == bindparam("of_case"),
        t.c.at_desk == 1,
        ~select(m.c.id).where(m.c.case_id == t.c.id, m.c.passed_on_at.is_(None)).exists(),
    )
    .values(at_desk=0)
)
_HOLDS: Final = Statement(
    select(m.c.id)
    .join(t, t.c.id == m.c.case_id)
    .where(
        t.c.subscriber_id == bindparam("subscriber_id"),
        _OPEN,
        m.c.message_id == bindparam("message_id"),
    )
)


class SqliteSupportCases:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, case_id: int) -> SupportCase | None:
        row = await self._transaction.row(_GET, id=case_id)
        return _case(row) if row else None

    async def open_of(self, subscriber_id: int) -> SupportCase | None:
        row = await self._transaction.row(_OPEN_OF, subscriber_id=subscriber_id)
        return _case(row) if row else None

    async def latest_of(self, subscriber_id: int) -> SupportCase | None:
        row = await self._transaction.row(_LATEST_OF, subscriber_id=subscriber_id)
        return _case(row) if row else None

    async def open(
        self, subscriber_id: int, order_id: str | None, why: CaseReason, at: datetime, *,
        at_desk: bool,
    ) -> SupportCase:  # fmt: skip
        (row,) = await self._transaction.rows(
            _ADD,
            subscriber_id=subscriber_id,
            order_id=order_id,
            why=why,
            at_desk=int(at_desk),
            opened_at=to_micros(at),
        )
        return _case(row)

    async def close(self, case_id: int, at: datetime) -> SupportCase | None:
        row = await self._transaction.row(_CLOSE, case_id=case_id, at=to_micros(at))
        return _case(row) if row else None

    async def reopen(self, case_id: int) -> SupportCase | None:
        row = await self._transaction.row(_REOPEN, case_id=case_id)
        return _case(row) if row else None

    def attach(self, case_id: int, order_id: str) -> None:
        self._transaction.write(_ATTACH, case_id=case_id, order=order_id)

    def mark_asked(self, case_id: int, at: datetime) -> None:
        self._transaction.write(_ASK, case_id=case_id, at=to_micros(at))

    def mark_answered(self, subscriber_id: int, at: datetime) -> None:
        self._transaction.write(_ANSWER, of=subscriber_id, at=to_micros(at))

    async def add_message(self, case_id: int, written: Written) -> bool:
        row = await self._transaction.row(
            _ADD_MESSAGE,
            case_id=case_id,
            message_id=written.message_id,
            kind=written.kind,
            words=written.words,
            sent_at=to_micros(written.sent_at),
        )
        return row is not None

    async def messages(self, case_id: int, limit: int) -> list[Written]:
        rows = await self._transaction.rows(_MESSAGES, case_id=case_id, limit=limit)
        return [
            Written(message_id, kind, words, from_micros(sent_at))
            for message_id, kind, words, sent_at in reversed(rows)
        ]

    async def take_unsent(self, case_id: int) -> list[int]:
        rows = await self._transaction.rows(_TAKE_UNSENT, of_case=case_id)
        return [message_id for _, message_id in sorted(rows)]

    async def unsent(self, case_id: int) -> list[int]:
        rows = await self._transaction.rows(_UNSENT_OF, case_id=case_id)
        return [message_id for (message_id,) in rows]

    def mark_unsent(self, case_id: int, message_id: int) -> None:
        self._transaction.write(_UNSENT, of_case=case_id, message=message_id)

    def mark_passed_on(self, case_id: int, message_id: int, at: datetime) -> None:
        micros = to_micros(at)
        self._transaction.write(_PASSED_ON, of_case=case_id, message=message_id, at=micros)
        self._transaction.write(_OFF_DESK, of_case=case_id)

    def wait_at_desk(self, case_id: int) -> None:
        self._transaction.write(_AT_DESK, case_id=case_id)

    async def holds_message(self, subscriber_id: int, message_id: int) -> bool:
        row = await self._transaction.row(
            _HOLDS, subscriber_id=subscriber_id, message_id=message_id
        )
        return row is not None


def _case(row: Row) -> SupportCase:
    id_, subscriber_id, order_id, why, status, opened, closed, asked, answered, at_desk = row
    return SupportCase(
        id=id_,
        subscriber_id=subscriber_id,
        order_id=order_id,
        why=CaseReason(why),
        status=CaseStatus(status),
        opened_at=from_micros(opened),
        closed_at=from_micros_or_none(closed),
        asked_at=from_micros_or_none(asked),
        answered_at=from_micros_or_none(answered),
        at_desk=bool(at_desk),
    )
