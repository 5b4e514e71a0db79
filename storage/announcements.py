"""Announcements: what is said, to whom, and how far it has come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.announcement import (
    Announcement,
    AnnouncementStatus,
    Audience,
    AudienceKind,
    Category,
    Content,
    DeliveryStatus,
    OfferButton,
    Pass,
    Version,
)
from storage.announcement_tables import announcement_clicks as clicks
from storage.announcement_tables import announcement_versions as versions
from storage.announcement_tables import announcements as t
from storage.announcement_tables import deliveries
from storage.database import Row, Transaction
from storage.instants import from_micros, from_micros_or_none, to_micros, to_micros_or_none
from storage.statements import Statement

_MINE: Final = t.c.id == bindparam("id")
_ADD: Final = Statement(insert(t).returning(t.c.id))
_GET: Final = Statement(select(t).where(_MINE))
_DRAFT: Final = Statement(
    select(t)
    .where(t.c.created_by == bindparam("created_by"), t.c.status == AnnouncementStatus.DRAFT.value)
    .order_by(t.c.id.desc())
    .limit(1)
)
_LATEST: Final = Statement(
    select(t)
    .where(
        t.c.status != AnnouncementStatus.DRAFT.value,
        or_(
            t.c.started_at.is_not(None), t.c.starts_at.is_not(None)
        ),  # else it was a draft, dropped
    )
    .order_by(t.c.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_VERSIONS: Final = Statement(
    select(versions).where(versions.c.announcement_id == bindparam("id"))
    .order_by(versions.c.position)
)  # fmt: skip
_put = sqlite_insert(versions)
_next_position = (
    select(func.coalesce(func.max(versions.c.position), 0) + 1)
    .where(versions.c.announcement_id == bindparam("announcement_id"))
    .scalar_subquery()
)
_PUT_VERSION: Final = Statement(
    _put.values(
        {
            **{c.name: bindparam(c.name) for c in versions.c if c.name != "position"},
            "position": _next_position,
        }
    ).on_conflict_do_update(
        index_elements=["announcement_id", "language"],
        set_={name: _put.excluded[name] for name in ("content", "html", "file_id", "buttons")},
    )
)
_KEPT: Final = ("id", "created_by", "created_at")
_MOVE: Final = Statement(
    update(t)
    .where(
        _MINE,
        func.instr(bindparam("frm"), t.c.status) > 0,
    )
    .values({c.name: bindparam(c.name) for c in t.c if c.name not in _KEPT})
    .returning(t.c.id)
)
_click = sqlite_insert(clicks).from_select(
    ["announcement_id", "button", "chat_id", "clicked_at"],
    select(
        deliveries.c.announcement_id,
        bindparam("button"),
        deliveries.c.chat_id,
        bindparam("at"),
    ).where(
        deliveries.c.announcement_id == bindparam("announcement_id"),
        deliveries.c.chat_id == bindparam("chat_id"),
        deliveries.c.status.in_([DeliveryStatus.SENT.value, DeliveryStatus.UNCERTAIN.value]),
    ),
)
_CLICK: Final = Statement(_click.on_conflict_do_nothing())
_CLICKS: Final = Statement(
    select(clicks.c.button, func.count())
    .where(clicks.c.announcement_id == bindparam("id"))
    .group_by(clicks.c.button)
)


class SqliteAnnouncements:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, created_by: int, at: datetime) -> Announcement:
        new = Announcement(0, created_by, at)
        [(id_,)] = await self._transaction.rows(
            _ADD,
            id=None,
            created_by=created_by,
            created_at=to_micros(at),
            **_columns(new),
        )
        return Announcement(id_, created_by, at)

    async def get(self, announcement_id: int) -> Announcement | None:
        row = await self._transaction.row(_GET, id=announcement_id)
        return await self._announcement(row) if row else None

    async def draft_of(self, created_by: int) -> Announcement | None:
        row = await self._transaction.row(_DRAFT, created_by=created_by)
        return await self._announcement(row) if row else None

    async def latest(self, limit: int, offset: int) -> list[Announcement]:
        rows = await self._transaction.rows(_LATEST, limit=limit, offset=offset)
        return [await self._announcement(row) for row in rows]

    async def move(self, announcement: Announcement, frm: Sequence[AnnouncementStatus]) -> bool:
        moved = await self._transaction.row(
            _MOVE, id=announcement.id, frm=" ".join(frm), **_columns(announcement)
        )
        return moved is not None

    def put_version(self, announcement_id: int, version: Version) -> None:
        self._transaction.write(
            _PUT_VERSION,
            announcement_id=announcement_id,
            language=version.language,
            content=version.content,
            html=version.html,
            file_id=version.file_id,
            buttons=json.dumps([asdict(each) for each in version.buttons], ensure_ascii=False),
        )

    def click(self, announcement_id: int, chat_id: int, button: int, at: datetime) -> None:
        self._transaction.write(
            _CLICK,
            announcement_id=announcement_id,
            chat_id=chat_id,
            button=button,
            at=to_micros(at),
        )

    async def clicks(self, announcement_id: int) -> dict[int, int]:
        return dict(await self._transaction.rows(_CLICKS, id=announcement_id))

    async def _announcement(self, row: Row) -> Announcement:
        (
            id_, created_by, created_at, status, audience, value, category, silent, tested,
            starts_at, local_time, started_at, ended_at, doing, planned_to, trouble,
            counted, counted_to, counted_at,
        ) = row  # fmt: skip
        written = await self._transaction.rows(_VERSIONS, id=id_)
        return Announcement(
            id=id_,
            created_by=created_by,
            created_at=from_micros(created_at),
            status=AnnouncementStatus(status),
            versions={each[1]: _version(each) for each in written},
            audience=Audience(AudienceKind(audience), value),
            category=Category(category),
            silent=bool(silent),
            is_tested=bool(tested),
            starts_at=from_micros_or_none(starts_at),
            in_local_time=bool(local_time),
            started_at=from_micros_or_none(started_at),
            ended_at=from_micros_or_none(ended_at),
            doing=Pass(doing),
            planned_to=planned_to,
            trouble=trouble,
            counted=counted or 0,
            counted_to=counted_to,
            counted_at=from_micros_or_none(counted_at),
        )


def _columns(announcement: Announcement) -> dict[str, object]:
    return {
        "status": announcement.status,
        "audience": announcement.audience.kind,
        "audience_value": announcement.audience.value,
        "category": announcement.category,
        "silent": int(announcement.silent),
        "tested": int(announcement.is_tested),
        "starts_at": to_micros_or_none(announcement.starts_at),
        "local_time": int(announcement.in_local_time),
        "started_at": to_micros_or_none(announcement.started_at),
        "ended_at": to_micros_or_none(announcement.ended_at),
        "doing": announcement.doing,
        "planned_to": announcement.planned_to,
        "trouble": announcement.trouble,
        "counted": announcement.counted,
        "counted_to": announcement.counted_to,
        "counted_at": to_micros_or_none(announcement.counted_at),
    }


def _version(row: Row) -> Version:
    _, language, content, html, file_id, buttons, _ = row
    return Version(
        language=language,
        content=Content(content),
        html=html,
        file_id=file_id,
        buttons=tuple(OfferButton(**each) for each in json.loads(buttons)),
    )
