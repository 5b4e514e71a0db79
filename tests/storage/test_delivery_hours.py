"""When an announcement reaches each reader: by their own clock, and never in their quiet hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.announcement import AnnouncementStatus, Pass
from bot.domain.line import Line
from bot.domain.preferences import Preferences
from bot.services.run_announcement import RunAnnouncement
from storage.unit import SqliteStore
from tests.runtime.harness import NotedNotices
from tests.storage.conftest import ANA, BEN, NOON

OPERATORS = ZoneInfo("Asia/Shanghai")
"""Noon in UTC is 20:00 there."""


class At:
    """A clock that stands."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


async def planned(
    store: SqliteStore, starts_at: datetime | None, *, in_local_time: bool = False
) -> dict[int, datetime]:
    """Planned at noon in UTC; when each is taken, by the courier looking every quarter."""
    run = RunAnnouncement(At(NOON), NotedNotices(), OPERATORS)
    async with store.unit() as unit:
        draft = await unit.announcements.add(9001, NOON)
        draft = replace(draft, starts_at=starts_at, in_local_time=in_local_time)
        await run.plan(unit, draft, Pass.SEND, [AnnouncementStatus.DRAFT])
        for _ in range(2):
            await run.on_plan_due(unit, {"announcement": draft.id})
        running = await unit.announcements.get(draft.id)
        assert running is not None
        assert running.status is AnnouncementStatus.RUNNING
        due: dict[int, datetime] = {}
        for minute in range(0, 48 * 60, 15):
            at = NOON + timedelta(minutes=minute)
            for each in await unit.deliveries.take(draft.id, at, 10, OPERATORS) or ():
                due[each.chat_id] = at.replace(microsecond=0)
    return due


@pytest.fixture
async def lima(store: SqliteStore, line: Line) -> None:
    """Ana has chosen a clock thirteen hours behind the operator's; Ben has no line."""
    async with store.unit() as unit:
        unit.preferences.save(Preferences(ANA.id, time_zone="America/Lima"))


async def test_on_the_readers_clocks_each_reads_it_when_it_is_that_time_for_them(
    store: SqliteStore, lima: None
) -> None:
    nine_there = datetime(2026, 11, 23, 9, 0, tzinfo=OPERATORS)
    due = await planned(store, nine_there, in_local_time=True)
    assert due == {
        BEN.id: datetime(2026, 11, 23, 1, 0, tzinfo=UTC),
        ANA.id: datetime(2026, 11, 23, 14, 0, tzinfo=UTC),
    }


async def test_who_sleeps_reads_it_when_their_quiet_hours_are_over(
    store: SqliteStore, lima: None
) -> None:
    """23:00 at the operator's, 10:00 in Lima."""
    due = await planned(store, datetime(2026, 11, 22, 15, 0, tzinfo=UTC))
    assert due == {
        BEN.id: datetime(2026, 11, 23, 0, 0, tzinfo=UTC),
        ANA.id: datetime(2026, 11, 22, 15, 0, tzinfo=UTC),
    }


async def test_what_a_pause_brought_into_the_quiet_hours_waits_for_their_end(
    store: SqliteStore, lima: None
) -> None:
    run = RunAnnouncement(At(NOON), NotedNotices(), OPERATORS)
    eleven = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    async with store.unit() as unit:
        draft = await unit.announcements.add(9001, NOON)
        await run.plan(unit, draft, Pass.SEND, [AnnouncementStatus.DRAFT])
        for _ in range(2):
            await run.on_plan_due(unit, {"announcement": draft.id})
        taken = await unit.deliveries.take(draft.id, eleven, 10, OPERATORS)
        assert [each.chat_id for each in taken or ()] == [ANA.id]
        assert await unit.deliveries.take(draft.id, eleven, 10, OPERATORS) is None
        morning = await unit.deliveries.next_due(draft.id)
        assert morning == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
        assert await unit.deliveries.tallies(draft.id) == {"planned": 1, "sending": 1}
        taken = await unit.deliveries.take(draft.id, morning, 10, OPERATORS)
        assert [each.chat_id for each in taken or ()] == [BEN.id]
