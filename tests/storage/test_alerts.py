"""Alerts that were told: once a line, kind and period, for good."""

from __future__ import annotations

from bot.domain.line import Line
from bot.domain.preferences import AlertKind
from storage.unit import SqliteStore
from tests.storage.conftest import NOON, later


async def test_an_alert_is_marked_once(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        assert await unit.alerts.mark_sent(line.id, AlertKind.ENDED, "2026-11-22", NOON)
    async with store.unit() as unit:
        assert not await unit.alerts.mark_sent(line.id, AlertKind.ENDED, "2026-11-22", later(9))
        assert await unit.alerts.mark_sent(line.id, AlertKind.ENDED, "2026-11-23", later(9))
        assert await unit.alerts.mark_sent(line.id, AlertKind.MOST_USED, "2026-11-22", later(9))


async def test_what_was_told_is_known_by_kind_and_period(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        await unit.alerts.mark_sent(line.id, AlertKind.ENDED, "2026-11-22", NOON)
        assert await unit.alerts.sent(line.id, NOON) == {(AlertKind.ENDED, "2026-11-22")}
        assert await unit.alerts.sent(line.id, later(1)) == frozenset()
        assert await unit.alerts.sent(line.id + 1, NOON) == frozenset()
