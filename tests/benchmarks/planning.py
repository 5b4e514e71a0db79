"""How long a decision takes that counts a page of an announcement's audience, or plans one."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.announcement import (
    Announcement,
    AnnouncementStatus,
    Audience,
    AudienceKind,
    Content,
    Pass,
    Version,
)
from bot.runtime.clock import SystemClock
from bot.services.count_audience import CountAudience
from bot.services.run_announcement import RunAnnouncement
from bot.services.unit import Unit
from storage.database import Database
from storage.unit import SqliteStore, SqliteUnit
from tests.benchmarks.population import fill

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_LAPSED: Final = Audience(AudienceKind.LAPSED, "30")
"""The most that is asked of each person: two looks at their lines."""


@dataclass(frozen=True, slots=True)
class Pages:
    """In seconds, of each page: counting those whose plan has ended, and planning everybody."""

    counting: Sequence[float]
    planning: Sequence[float]


async def pages(folder: Path, people: int) -> Pages:
    path = folder / f"planning-{people}.db"
    fill(path, people)
    async with Database(path) as database:
        store = _Timed(SqliteStore(database, SystemClock().now))
        counting = await _counts(store)
        planning = await _plans(store)
    return Pages(counting, planning)


@dataclass
class _Timed:
    """How long each transaction took."""

    store: SqliteStore
    seconds: list[float] = field(default_factory=list)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[SqliteUnit]:
        begun = time.perf_counter()
        async with self.store.unit() as unit:
            yield unit
        self.seconds.append(time.perf_counter() - begun)


async def _counts(store: _Timed) -> list[float]:
    count = CountAudience(SystemClock(), _Silent())
    draft = await _drafted(store, _LAPSED)
    store.seconds = []
    async with store.unit() as unit:
        draft = await count.count(unit, draft)
    while draft.reach is None:
        timer = {"announcement": draft.id, "counted_to": draft.counted_to}
        async with store.unit() as unit:
            await count.on_count_due(unit, timer)
        draft = await _again(store, draft)
    return store.seconds


async def _plans(store: _Timed) -> list[float]:
    run = RunAnnouncement(SystemClock(), _Silent(), _ZONE)
    draft = await _drafted(store, Audience(AudienceKind.ALL))
    async with store.unit() as unit:
        planned = await run.plan(unit, draft, Pass.SEND, [draft.status])
    store.seconds = []
    while planned.status is AnnouncementStatus.PLANNING:
        async with store.unit() as unit:
            await run.on_plan_due(unit, {"announcement": draft.id})
        planned = await _again(store, draft)
    return store.seconds


async def _drafted(store: _Timed, audience: Audience) -> Announcement:
    async with store.unit() as unit:
        draft = await unit.announcements.add(9001, SystemClock().now())
        unit.announcements.put_version(draft.id, Version("en", Content.TEXT, "New plans"))
    return draft.aimed(audience)


async def _again(store: _Timed, draft: Announcement) -> Announcement:
    """As it stands; that look is not counted."""
    async with store.store.unit() as unit:
        found = await unit.announcements.get(draft.id)
    assert found is not None
    return found


class _Silent:
    """Nobody is told."""

    async def progress(
        self, unit: Unit, announcement: Announcement, per_s: float | None = None
    ) -> None: ...

    async def counted(self, unit: Unit, draft: Announcement) -> None: ...

    async def refused(self, unit: Unit, announcement: Announcement) -> None: ...

    async def finished(self, unit: Unit, announcement: Announcement) -> None: ...
