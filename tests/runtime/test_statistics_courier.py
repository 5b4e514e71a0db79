"""The statistics courier: what was counted comes back as an event, and so does that it failed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.money import Money
from bot.domain.statistics import Activation, Earned, Figures, Period, Statistics, period
from bot.runtime.codec import answer_from_json
from bot.runtime.marks import Marks
from bot.runtime.statistics_courier import Count, StatisticsCourier
from bot.runtime.undecided import Undecided
from bot.services.events import StoreFailed
from bot.services.statistics_requests import (
    CountStatistics,
    StatisticsCounted,
    StatisticsNotCounted,
)
from storage.database import Database
from storage.unit import SqliteStore
from tests.clocks import StoppedClock
from tests.runtime.harness import at_noon

NOON = at_noon()
REQUEST = CountStatistics(9001, False, period(NOON, 7, ZoneInfo("Europe/Berlin")))
FIGURES = Figures([Earned("M30", False, 1, Money(19_900, "CNY"))], 1, 2, Activation(3, 4, 5))
COUNTED = Statistics(FIGURES, FIGURES, [[]] * 6 + [FIGURES.earned], 6, 7)


async def answers(path: Path, count: Count, times: int = 1) -> list[Any]:
    """What stands in the inbox once the request was carried out so many times, as after crashes."""
    clock: Any = StoppedClock(NOON)
    async with Database(path) as database:
        store = SqliteStore(database, lambda: NOON)
        marks = Marks(store, Undecided(store), clock)
        courier = StatisticsCourier(count, store, marks, clock)
        async with store.unit() as unit:
            unit.outbox.statistics(REQUEST)
        (effect,) = unit.effects.staged
        for _ in range(times):
            await courier.carry_out(effect)
        await marks.write()
        async with store.unit() as unit:
            events = await unit.inbox.undecided(10)
            assert await unit.effects.pending(courier.name, 0, 10) == []
    return [answer_from_json(event.kind, event.payload) for event in events]


async def test_what_was_counted_comes_back_whole_with_what_was_asked(path: Path) -> None:
    seen: list[Period] = []

    async def count(wanted: Period) -> Statistics:
        seen.append(wanted)
        return COUNTED

    assert await answers(path, count) == [StatisticsCounted(REQUEST, COUNTED)]
    assert seen == [REQUEST.period]
    assert seen[0].day_spans[-1].until - NOON < timedelta(days=1)


async def test_a_count_that_a_crash_repeats_is_one_answer(path: Path) -> None:
    async def count(_: Period) -> Statistics:
        return COUNTED

    assert len(await answers(path, count, times=2)) == 1


async def test_books_that_cannot_be_read_are_answered_too_and_stop_nobody(path: Path) -> None:
    async def count(_: Period) -> Statistics:
        raise StoreFailed("disk I/O error")

    assert await answers(path, count) == [StatisticsNotCounted(REQUEST)]
