"""The last reading of a line, with its age; what was not reported stays not reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.line import Line, Reading, UsageDay
from bot.domain.money import Money
from storage.unit import SqliteStore
from tests.storage.conftest import NOON, later


def reading_of(line: Line) -> Reading:
    return Reading(
        line_id=line.id,
        as_of=NOON,
        source="tmf",
        plan_code="month",
        valid_until=later(60),
        used_today_bytes=0,
        high_speed_cap_bytes=20 * 10**9,
        throttled=False,
        base_rate_kbps=512,
        next_reset_at=later(30),
        wallet=Money(0, "CNY"),
    )


async def test_a_reading_comes_back_as_taken(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        assert await unit.readings.latest(line.id) is None
        unit.readings.put(reading_of(line), NOON)
        assert await unit.readings.latest(line.id) == reading_of(line)


async def test_what_the_carrier_did_not_say_is_none_and_not_zero(
    store: SqliteStore, line: Line
) -> None:
    silent = Reading(line.id, NOON, "tmf", None, None, None, None, None, None, None, None)
    async with store.unit() as unit:
        unit.readings.put(silent, NOON)
        assert await unit.readings.latest(line.id) == silent


async def test_a_newer_reading_replaces_and_an_older_one_does_not(
    store: SqliteStore, line: Line
) -> None:
    first = reading_of(line)
    newer = replace(first, as_of=later(1), throttled=True, wallet=None)
    async with store.unit() as unit:
        unit.readings.put(first, NOON)
        unit.readings.put(newer, later(1))
        unit.readings.put(replace(first, as_of=later(0.5)), later(1))
        assert await unit.readings.latest(line.id) == newer


async def test_after_the_clock_was_put_back_a_reading_from_the_future_gives_way(
    store: SqliteStore, line: Line
) -> None:
    stale = replace(reading_of(line), as_of=later(120))
    fresh = replace(stale, as_of=later(1), throttled=True)
    async with store.unit() as unit:
        unit.readings.put(stale, later(120))
        unit.readings.put(fresh, later(1))
        assert await unit.readings.latest(line.id) == fresh


async def test_asking_is_remembered_before_the_first_reading(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        assert await unit.readings.asked_at(line.id) is None
        unit.readings.mark_asked(line.id, NOON)
        unit.readings.mark_asked(line.id, later(1))
        assert await unit.readings.asked_at(line.id) == later(1)
        assert await unit.readings.latest(line.id) is None


async def test_usage_is_kept_by_day_and_the_last_word_counts(
    store: SqliteStore, line: Line
) -> None:
    days = [UsageDay(date(2026, 11, day), day * 10**9) for day in (20, 21, 22)]
    async with store.unit() as unit:
        unit.readings.put_usage(line.id, days)
        unit.readings.put_usage(line.id, [UsageDay(date(2026, 11, 22), 5)])
        assert await unit.readings.usage(line.id, date(2026, 11, 21), date(2026, 11, 30)) == [
            days[1],
            UsageDay(date(2026, 11, 22), 5),
        ]
        assert await unit.readings.usage(line.id + 1, date(2026, 11, 1), date(2026, 12, 1)) == []


async def test_usage_by_country_is_what_was_said_last_of_those_days(
    store: SqliteStore, line: Line
) -> None:
    first, last = date(2026, 11, 21), date(2026, 11, 22)
    before = UsageDay(first, 5, {"JP": 3, "TH": 2})
    async with store.unit() as unit:
        unit.readings.put_usage(line.id, [before, UsageDay(last, 7, {"TH": 7})])
        unit.readings.put_usage(line.id, [UsageDay(last, 9, {"KR": 1})])
        assert await unit.readings.usage(line.id, first, last) == [
            before,
            UsageDay(last, 9, {"KR": 1}),
        ]
        unit.readings.put_usage(line.id, [])
        assert await unit.readings.usage(line.id, first, first) == [before]
