"""Deliveries: one row a recipient, which alone says what is still to be done, and what was.

`storage.recipients` makes the rows; here the courier takes them and writes how each ended.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Integer,
    and_,
    bindparam,
    case,
    func,
    select,
    update,
)

from bot.domain.announcement import (
    Afterwards,
    Announcement,
    AnnouncementStatus,
    DeliveryEnd,
    DeliveryStatus,
    Pass,
    Recipient,
)
from bot.domain.language import nearest
from bot.services.announcement_port import Reported
from storage.announcement_tables import announcement_clicks as clicks
from storage.announcement_tables import announcements
from storage.announcement_tables import deliveries as t
from storage.audiences import HOURS, LINE, zone_and_quiet
from storage.database import Row, Transaction
from storage.delivery_tallies import DeliveryTallies
from storage.instants import from_micros, from_micros_or_none, to_micros
from storage.preference_tables import preferences
from storage.statements import Statement
from storage.tables import plans, readings
from storage.tables import subscribers as people

_DAY: Final = timedelta(days=1)

_now: Final = bindparam("now", type_=Integer)
_OF: Final = t.c.announcement_id == bindparam("announcement_id")
_MINE: Final = and_(_OF, t.c.chat_id == bindparam("chat_id"))
_plan_names = (
    select(plans.c.names)
    .where(plans.c.code == readings.c.plan_code, plans.c.withdrawn_at.is_(None))
    .scalar_subquery()
)
_DUE: Final = Statement(
    select(
        t.c.chat_id, t.c.message_id, people.c.name, people.c.language, people.c.blocked_at,
        case((readings.c.valid_until_at > _now, _plan_names), else_=None),
        readings.c.valid_until_at, announcements.c.doing, *HOURS,
    )
    .select_from(
        t.join(announcements, announcements.c.id == t.c.announcement_id)
        .outerjoin(people, people.c.id == t.c.chat_id)
        .outerjoin(preferences, preferences.c.subscriber_id == people.c.id)
        .outerjoin(readings, readings.c.line_id == LINE)
    )
    .where(
        _OF,
        t.c.todo.is_not(None),
        t.c.not_before_at <= _now,
        announcements.c.status == AnnouncementStatus.RUNNING.value,
    )
    .order_by(t.c.not_before_at, t.c.chat_id)
    .limit(bindparam("limit"))
)  # fmt: skip
_PUT_OFF: Final = Statement(update(t).where(_MINE).values(not_before_at=bindparam("to")))
_SET: Final = Statement(
    update(t)
    .where(_MINE)
    .values(status=bindparam("to_status"), todo=None, changed_at=bindparam("at"))
)
_AFTER: Final = Statement(
    update(t)
    .where(_MINE)
    .values(afterwards=bindparam("afterwards"), todo=None, changed_at=bindparam("at"))
)
_END: Final = Statement(
    update(t)
    .where(_MINE, t.c.status == DeliveryStatus.SENDING.value)
    .values(
        status=bindparam("to_status"),
        todo=bindparam("todo"),
        message_id=func.coalesce(bindparam("message"), t.c.message_id),
        changed_at=bindparam("at"),
    )
    .returning(t.c.chat_id)
)
_END_AFTER: Final = Statement(
    update(t)
    .where(_MINE, t.c.afterwards == Afterwards.UNDER_WAY.value)
    .values(afterwards=bindparam("afterwards"), todo=bindparam("todo"), changed_at=bindparam("at"))
    .returning(t.c.chat_id)
)
_COUNT_SENDING: Final = Statement(
    select(func.count()).where(_OF, t.c.status == DeliveryStatus.SENDING.value)
)
_DOUBT: Final = Statement(
    update(t)
    .where(_OF, t.c.status == DeliveryStatus.SENDING.value)
    .values(status=DeliveryStatus.UNCERTAIN.value)
)
_ONCE_MORE: Final = Statement(
    update(t)
    .where(_OF, t.c.afterwards == Afterwards.UNDER_WAY.value)
    .values(afterwards=None, todo=bindparam("doing"))
)
_NEXT_DUE: Final = Statement(
    select(t.c.not_before_at).where(_OF, t.c.todo.is_not(None)).order_by(t.c.not_before_at).limit(1)
)
_pressed = (
    select(func.group_concat(clicks.c.button))
    .where(clicks.c.chat_id == t.c.chat_id, clicks.c.announcement_id == t.c.announcement_id)
    .scalar_subquery()
)
_REPORT: Final = Statement(
    select(t.c.chat_id, t.c.status, t.c.afterwards, t.c.changed_at, _pressed)
    .where(_OF, t.c.chat_id > bindparam("after"))
    .order_by(t.c.chat_id)
    .limit(bindparam("limit"))
)


class SqliteDeliveries:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._tallies = DeliveryTallies(transaction)

    async def take(
        self, announcement_id: int, now: datetime, limit: int, zone: ZoneInfo
    ) -> list[Recipient] | None:
        rows = await self._transaction.rows(
            _DUE, announcement_id=announcement_id, now=to_micros(now), limit=limit
        )
        if not rows:
            return None
        taken: list[Recipient] = []
        skipped: list[int] = []
        for row in rows:
            chat_id, _, name, _, blocked_at, _, _, doing, *hours = row
            if name is None or (blocked_at is not None and doing == Pass.SEND):
                skipped.append(chat_id)
                continue
            if doing == Pass.SEND and self._put_off(announcement_id, chat_id, now, hours, zone):
                continue
            taken.append(_recipient(row, now))
            if doing == Pass.SEND:
                self._set(announcement_id, chat_id, DeliveryStatus.SENDING, now)
            else:
                self._after(announcement_id, chat_id, Afterwards.UNDER_WAY, now)
        if doing == Pass.SEND:
            self._skip(announcement_id, skipped, now)
            self._tallies.add(
                announcement_id,
                {
                    DeliveryStatus.PLANNED: -len(taken) - len(skipped),
                    DeliveryStatus.SENDING: len(taken),
                    DeliveryStatus.SKIPPED: len(skipped),
                },
            )
        elif skipped:
            for chat_id in skipped:
                self._after(announcement_id, chat_id, Afterwards.REFUSED, now)
            self._tallies.add(announcement_id, {Afterwards.REFUSED: len(skipped)})
        return taken

    async def doubt(self, announcement: Announcement) -> None:
        ((left,),) = await self._transaction.rows(_COUNT_SENDING, announcement_id=announcement.id)
        if left:
            self._transaction.write(_DOUBT, announcement_id=announcement.id)
            self._tallies.add(
                announcement.id,
                {DeliveryStatus.SENDING: -left, DeliveryStatus.UNCERTAIN: left},
            )
        self._transaction.write(
            _ONCE_MORE, announcement_id=announcement.id, doing=announcement.doing
        )

    async def end(self, ends: Sequence[DeliveryEnd], at: datetime) -> None:
        changes: dict[int, Counter[str]] = {}
        for each in ends:
            change = await (
                self._end_sending(each, at)
                if each.doing is Pass.SEND
                else self._end_afterwards(each, at)
            )
            changes.setdefault(each.announcement_id, Counter()).update(change)
        for announcement_id, changed in changes.items():
            self._tallies.add(announcement_id, changed)

    async def _end_sending(self, end: DeliveryEnd, at: datetime) -> dict[str, int]:
        """By how much that changes the tallies."""
        ended = await self._transaction.row(
            _END,
            announcement_id=end.announcement_id,
            chat_id=end.chat_id,
            to_status=end.status,
            todo=Pass.SEND if end.status is DeliveryStatus.PLANNED else None,
            message=end.message_id,
            at=to_micros(at),
        )
        return {DeliveryStatus.SENDING: -1, end.status: 1} if ended else {}

    async def _end_afterwards(self, end: DeliveryEnd, at: datetime) -> dict[str, int]:
        is_given_back = end.status is DeliveryStatus.PLANNED
        became = _BECAME[end.doing] if end.status is DeliveryStatus.SENT else Afterwards.REFUSED
        ended = await self._transaction.row(
            _END_AFTER,
            announcement_id=end.announcement_id,
            chat_id=end.chat_id,
            afterwards=None if is_given_back else became,
            todo=end.doing if is_given_back else None,
            at=to_micros(at),
        )
        return {became: 1} if ended and not is_given_back else {}

    async def next_due(self, announcement_id: int) -> datetime | None:
        row = await self._transaction.row(_NEXT_DUE, announcement_id=announcement_id)
        return from_micros(row[0]) if row else None

    async def tallies(self, announcement_id: int) -> dict[str, int]:
        return await self._tallies.all(announcement_id)

    async def report(self, announcement_id: int, after: int, limit: int) -> list[Reported]:
        rows = await self._transaction.rows(
            _REPORT, announcement_id=announcement_id, after=after, limit=limit
        )
        return [_reported(row) for row in rows]

    def _put_off(
        self, announcement_id: int, chat_id: int, now: datetime, hours: Sequence[Any],
        zone: ZoneInfo,
    ) -> bool:  # fmt: skip
        """Whether it waits for the end of their quiet hours: it was planned outside of them, and a
        pause or an outage has brought it into them."""
        own, quiet = zone_and_quiet(hours)
        over_at = now if quiet is None else quiet.over_at(now, ZoneInfo(own) if own else zone)
        if over_at > now:
            self._transaction.write(
                _PUT_OFF, announcement_id=announcement_id, chat_id=chat_id, to=to_micros(over_at)
            )
        return over_at > now

    def _skip(self, announcement_id: int, chats: Sequence[int], at: datetime) -> None:
        for chat_id in chats:
            self._set(announcement_id, chat_id, DeliveryStatus.SKIPPED, at)

    def _set(
        self, announcement_id: int, chat_id: int, status: DeliveryStatus, at: datetime
    ) -> None:
        self._transaction.write(
            _SET,
            announcement_id=announcement_id,
            chat_id=chat_id,
            to_status=status,
            at=to_micros(at),
        )

    def _after(
        self, announcement_id: int, chat_id: int, afterwards: Afterwards, at: datetime
    ) -> None:
        self._transaction.write(
            _AFTER,
            announcement_id=announcement_id,
            chat_id=chat_id,
            afterwards=afterwards,
            at=to_micros(at),
        )


_BECAME: Final = {Pass.CORRECT: Afterwards.CORRECTED, Pass.RECALL: Afterwards.RECALLED}


def _recipient(row: Row, now: datetime) -> Recipient:
    chat_id, message_id, name, language, _, plan_names, valid_until_at, *_ = row
    left = None
    if plan_names is not None:
        left = -((now - from_micros(valid_until_at)) // _DAY)
    names = json.loads(plan_names) if plan_names is not None else {}
    return Recipient(
        chat_id=chat_id,
        language=language,
        name=name,
        plan=names.get(nearest(language, names), ""),
        days_left=left,
        message_id=message_id,
    )


def _reported(row: Row) -> Reported:
    chat_id, status, afterwards, changed_at, pressed = row
    return Reported(
        chat_id,
        DeliveryStatus(status),
        None if afterwards is None else Afterwards(afterwards),
        from_micros_or_none(changed_at),
        sorted(int(place) for place in pressed.split(",")) if pressed else (),
    )
