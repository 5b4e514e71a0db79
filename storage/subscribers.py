"""Subscribers: people in Telegram."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update

from bot.domain.subscriber import Subscriber
from storage.database import Row, Transaction
from storage.instants import to_micros, to_micros_or_none
from storage.statements import Statement
from storage.tables import subscribers as t

_MINE: Final = t.c.id == bindparam("id")
_FIND: Final = Statement(
    select(
        t.c.id, t.c.name, t.c.language, t.c.language_chosen, t.c.default_line_id, t.c.blocked_at
    ).where(_MINE)
)
_ADD: Final = Statement(insert(t))
_SAVE: Final = Statement(
    update(t)
    .where(_MINE)
    .values(
        name=bindparam("name"),
        language=bindparam("language"),
        language_chosen=bindparam("language_chosen"),
        default_line_id=bindparam("default_line_id"),
    )
)
_BLOCK: Final = Statement(update(t).where(_MINE).values(blocked_at=bindparam("blocked_at")))

_WAIT: Final = Statement(update(t).where(_MINE).values(awaited_target=bindparam("awaited_target")))
_AWAITED: Final = Statement(select(t.c.awaited_target).where(_MINE))


class SqliteSubscribers:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, subscriber_id: int) -> Subscriber | None:
        row = await self._transaction.row(_FIND, id=subscriber_id)
        return _subscriber(row) if row else None

    def add(self, subscriber: Subscriber, at: datetime) -> None:
        self._transaction.write(
            _ADD,
            id=subscriber.id,
            name=subscriber.name,
            language=subscriber.language,
            language_chosen=int(subscriber.language_chosen),
            default_line_id=subscriber.default_line_id,
            created_at=to_micros(at),
            blocked_at=to_micros(at) if subscriber.blocked else None,
            awaited_target=None,
        )

    def save(self, subscriber: Subscriber) -> None:
        self._transaction.write(
            _SAVE,
            id=subscriber.id,
            name=subscriber.name,
            language=subscriber.language,
            language_chosen=int(subscriber.language_chosen),
            default_line_id=subscriber.default_line_id,
        )

    def mark_blocked(self, subscriber_id: int, at: datetime | None) -> None:
        self._transaction.write(_BLOCK, id=subscriber_id, blocked_at=to_micros_or_none(at))

    def wait_for_line(self, subscriber_id: int, target: str | None) -> None:
        self._transaction.write(_WAIT, id=subscriber_id, awaited_target=target)

    async def awaited_target(self, subscriber_id: int) -> str | None:
        row = await self._transaction.row(_AWAITED, id=subscriber_id)
        return row[0] if row else None


def _subscriber(row: Row) -> Subscriber:
    id_, name, language, language_chosen, default_line_id, blocked_at = row
    return Subscriber(
        id=id_,
        name=name,
        language=language,
        language_chosen=bool(language_chosen),
        default_line_id=default_line_id,
        blocked=blocked_at is not None,
    )
