"""Recipients: the people whom an announcement is for, counted, and given a delivery each.

People are looked at in pages by their ids, so many a transaction, whatever the audience: a step
takes as long among a million of them as among a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.announcement import (
    Afterwards,
    Announcement,
    DeliveryStatus,
    Pass,
)
from bot.services.announcement_port import Candidate
from storage.announcement_tables import deliveries as t
from storage.audiences import CANDIDATES, COUNT, COUNTRIES, candidate, values
from storage.database import Transaction
from storage.delivery_tallies import DeliveryTallies
from storage.instants import to_micros
from storage.statements import Statement

_OF: Final = t.c.announcement_id == bindparam("announcement_id")
_PLAN: Final = Statement(
    insert(t)
    .values({name: bindparam(name) for name in ("announcement_id", "chat_id", "not_before_at")})
    .values(status=DeliveryStatus.PLANNED.value, todo=Pass.SEND.value)
    .on_conflict_do_nothing()
)
_refused = t.alias()
_some_refused = (
    select(_refused.c.chat_id)
    .where(
        _refused.c.announcement_id == bindparam("announcement_id"),
        _refused.c.status == DeliveryStatus.FAILED.value,
    )
    .limit(bindparam("limit"))
)
_REFUSED: Final = Statement(
    update(t)
    .where(_OF, t.c.chat_id.in_(_some_refused))
    .values(status=DeliveryStatus.PLANNED.value, todo=Pass.SEND.value)
    .returning(t.c.chat_id)
)
_next_sent = (
    select(t.c.chat_id)
    .where(_OF, t.c.chat_id > bindparam("after"))
    .order_by(t.c.chat_id)
    .limit(bindparam("limit"))
)
_PAGE: Final = Statement(select(func.max(_next_sent.subquery().c.chat_id)))
_AGAIN: Final = Statement(
    update(t)
    .where(
        and_(_OF, t.c.chat_id > bindparam("after"), t.c.chat_id <= bindparam("to")),
        t.c.status == DeliveryStatus.SENT.value,
        or_(t.c.afterwards.is_(None), t.c.afterwards != Afterwards.RECALLED.value),
    )
    .values(todo=bindparam("doing"), afterwards=None, not_before_at=0)
)


class SqliteRecipients:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._tallies = DeliveryTallies(transaction)

    async def countries(self) -> list[str]:
        return [country for (country,) in await self._transaction.rows(COUNTRIES)]

    async def count(
        self, announcement: Announcement, now: datetime, limit: int
    ) -> tuple[int, int | None]:
        ((number, looked_at, to),) = await self._transaction.rows(
            COUNT[announcement.audience.kind],
            after=announcement.counted_to or 0,
            limit=limit,
            **values(announcement.audience, announcement.category, now),
        )
        return number, to if looked_at == limit else None

    async def candidates(
        self, announcement: Announcement, now: datetime, limit: int
    ) -> list[Candidate]:
        rows = await self._transaction.rows(
            CANDIDATES[announcement.audience.kind],
            after=announcement.planned_to,
            limit=limit,
            frozen_at=to_micros(now),
            **values(announcement.audience, announcement.category, now),
        )
        return [candidate(row) for row in rows]

    def plan(self, announcement_id: int, chats: Sequence[tuple[int, datetime]]) -> None:
        for chat_id, not_before in chats:
            self._transaction.write(
                _PLAN,
                announcement_id=announcement_id,
                chat_id=chat_id,
                not_before_at=to_micros(not_before),
            )
        self._tallies.add(announcement_id, {DeliveryStatus.PLANNED: len(chats)})

    async def plan_refused(self, announcement_id: int, limit: int) -> None:
        again = await self._transaction.rows(_REFUSED, announcement_id=announcement_id, limit=limit)
        self._tallies.add(
            announcement_id,
            {DeliveryStatus.FAILED: -len(again), DeliveryStatus.PLANNED: len(again)},
        )

    async def plan_again(self, announcement: Announcement, limit: int) -> int | None:
        if announcement.planned_to == 0:
            self._tallies.forget_afterwards(announcement.id)
        after = announcement.planned_to
        ((to,),) = await self._transaction.rows(
            _PAGE, announcement_id=announcement.id, after=after, limit=limit
        )
        if to is None:
            return None
        self._transaction.write(
            _AGAIN, announcement_id=announcement.id, after=after, to=to, doing=announcement.doing
        )
        return int(to)
