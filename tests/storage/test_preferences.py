"""Preferences: what holds without a row, and that every choice comes back as stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.line import Line
from bot.domain.preferences import AlertKind, Preferences, QuietHours
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, BEN, NOON, later

CHANGED = Preferences(
    ANA.id,
    news=False,
    promotions=True,
    quiet=QuietHours(23 * 60 + 30, 7 * 60),
    time_zone="Europe/Lisbon",
    muted=frozenset({AlertKind.MOST_USED, AlertKind.STARTED}),
)


async def test_who_has_changed_nothing_gets_news_and_alerts_but_no_offers(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        held = await unit.preferences.of(ANA.id)
    assert held == Preferences(ANA.id)
    assert (held.news, held.promotions, held.quiet) == (True, False, QuietHours(1320, 480))
    assert all(held.wants(kind, line.id) for kind in AlertKind)


@pytest.mark.parametrize(
    "chosen",
    [CHANGED, replace(CHANGED, quiet=None, time_zone=None), Preferences(ANA.id)],
    ids=["all", "no quiet hours", "nothing"],
)
async def test_what_was_chosen_comes_back_and_is_nobody_elses(
    store: SqliteStore, line: Line, chosen: Preferences
) -> None:
    async with store.unit() as unit:
        unit.preferences.save(CHANGED)
        unit.preferences.save(chosen)
        assert await unit.preferences.of(ANA.id) == chosen
        assert await unit.preferences.of(BEN.id) == Preferences(BEN.id)


async def test_a_kind_is_silenced_for_one_line_and_told_again(
    store: SqliteStore, line: Line
) -> None:
    quiet = CHANGED.silenced(AlertKind.ENDING, line.id)
    async with store.unit() as unit:
        unit.preferences.save(quiet)
        held = await unit.preferences.of(ANA.id)
        assert held == quiet
        assert not held.wants(AlertKind.ENDING, line.id)
        assert held.wants(AlertKind.ENDING, line.id + 1)
        unit.preferences.save(held.told(AlertKind.ENDING, line.id))
        assert (await unit.preferences.of(ANA.id)).wants(AlertKind.ENDING, line.id)


async def test_a_name_belongs_to_the_holder_and_goes_with_the_link(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        unit.lines.rename(line.id, "Dad's card")
        [named] = await unit.lines.of(ANA.id)
        assert named == await unit.lines.get(line.id) == replace(line, name="Dad's card")
        unit.lines.link(line.id, BEN.id, later(1))
        assert await unit.lines.get(line.id) == line
        unit.lines.unlink(line.id, NOON)
        assert await unit.lines.get(line.id) == line
