"""The topics of the operators' group: one a subscriber, who keeps it from case to case."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.support import Topic
from storage.database import Transaction
from storage.instants import from_micros, to_micros
from storage.statements import Statement
from storage.support_tables import support_topics as t

_OF: Final = Statement(
    select(t.c.thread_id, t.c.at).where(
        t.c.group_id == bindparam("group_id"), t.c.subscriber_id == bindparam("subscriber_id")
    )
)
_WHOSE: Final = Statement(
    select(t.c.subscriber_id).where(
        t.c.group_id == bindparam("group_id"), t.c.thread_id == bindparam("thread_id")
    )
)
_ASK: Final = Statement(
    insert(t)
    .values({c.name: bindparam(c.name) for c in t.c if c.name != "thread_id"})
    .on_conflict_do_nothing()
)
_OPEN: Final = Statement(
    update(t)
    .where(
        t.c.group_id == bindparam("of_group"),
        t.c.subscriber_id == bindparam("of"),
        t.c.thread_id.is_(None),
    )
    .values(thread_id=bindparam("thread"), at=bindparam("opened_at"))
    .returning(t.c.thread_id)
)
_FORGET: Final = Statement(
    delete(t).where(
        t.c.group_id == bindparam("group_id"), t.c.subscriber_id == bindparam("subscriber_id")
    )
)


_ALL_OF: Final = Statement(
    select(t.c.group_id, t.c.thread_id)
    .where(t.c.subscriber_id == bindparam("subscriber_id"), t.c.thread_id.is_not(None))
    .order_by(t.c.group_id)
)


class SqliteSupportTopics:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, group_id: int, subscriber_id: int) -> Topic | None:
        row = await self._transaction.row(_OF, group_id=group_id, subscriber_id=subscriber_id)
        return Topic(row[0], from_micros(row[1])) if row else None

    async def whose(self, group_id: int, thread_id: int) -> int | None:
        row = await self._transaction.row(_WHOSE, group_id=group_id, thread_id=thread_id)
        return row[0] if row else None

    def ask(self, group_id: int, subscriber_id: int, at: datetime) -> None:
        self._transaction.write(
            _ASK, group_id=group_id, subscriber_id=subscriber_id, at=to_micros(at)
        )

    async def open(self, group_id: int, subscriber_id: int, thread_id: int, at: datetime) -> bool:
        row = await self._transaction.row(
            _OPEN, of_group=group_id, of=subscriber_id, thread=thread_id, opened_at=to_micros(at)
        )
        return row is not None

    def forget(self, group_id: int, subscriber_id: int) -> None:
        self._transaction.write(_FORGET, group_id=group_id, subscriber_id=subscriber_id)

    async def all_of(self, subscriber_id: int) -> list[tuple[int, int]]:
        rows = await self._transaction.rows(_ALL_OF, subscriber_id=subscriber_id)
        return [(group_id, thread_id) for group_id, thread_id in rows]
