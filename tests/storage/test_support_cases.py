"""Support cases: one open at most, moved once whoever asks twice, and what still waits of them."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from bot.domain.line import Line
from bot.domain.support import CaseReason, SupportCase, Written
from storage.unit import SqliteStore, SqliteUnit
from tests.storage.conftest import ANA, BEN, NOON, later

GROUP = -1001


async def opened(unit: SqliteUnit, subscriber_id: int = ANA.id) -> SupportCase:
    return await unit.cases.open(subscriber_id, None, CaseReason.ASKED, NOON, at_desk=False)


def written(message_id: int) -> Written:
    return Written(message_id, "text", f"words {message_id}", NOON)


async def current(unit: SqliteUnit, case: SupportCase) -> SupportCase:
    found = await unit.cases.get(case.id)
    assert found is not None
    return found


async def test_a_subscriber_has_one_open_case_at_most(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        case = await opened(unit)
        await opened(unit, BEN.id)
    with pytest.raises(sqlite3.IntegrityError):
        async with store.unit() as unit:
            await opened(unit)
    async with store.unit() as unit:
        assert await unit.cases.open_of(ANA.id) == case


async def test_a_case_closes_once_and_reopens_once_unless_another_is_open(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        first = await opened(unit)
        assert await unit.cases.close(first.id, later(1)) is not None
        assert await unit.cases.close(first.id, later(2)) is None
        assert (await current(unit, first)).closed_at == later(1)
        assert await unit.cases.reopen(first.id) is not None
        assert await unit.cases.reopen(first.id) is None
        await unit.cases.close(first.id, later(3))
        second = await opened(unit)
        assert await unit.cases.reopen(first.id) is None
        assert await unit.cases.latest_of(ANA.id) == second


async def test_it_waits_since_the_first_message_after_the_last_answer(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        case = await opened(unit)
        for minute in (1, 2):
            unit.cases.mark_asked(case.id, later(minute))
        assert (await current(unit, case)).asked_at == later(1)
        unit.cases.mark_answered(ANA.id, later(3))
        assert not (await current(unit, case)).waits
        unit.cases.mark_asked(case.id, later(4))
        assert (await current(unit, case)).waits


async def test_it_waits_also_by_a_clock_that_was_put_back_after_the_answer(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        case = await opened(unit)
        unit.cases.mark_asked(case.id, NOON)
        unit.cases.mark_answered(ANA.id, later(1))
        unit.cases.mark_asked(case.id, NOON - timedelta(hours=2))
        assert (await current(unit, case)).waits


async def test_a_message_is_taken_once_and_on_its_way_once(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        case = await opened(unit)
        assert await unit.cases.add_message(case.id, written(5))
        assert not await unit.cases.add_message(case.id, written(5))
        await unit.cases.add_message(case.id, written(6))
        assert await unit.cases.take_unsent(case.id) == [5, 6]
        assert await unit.cases.take_unsent(case.id) == []
        unit.cases.mark_unsent(case.id, 5)
        assert await unit.cases.unsent(case.id) == [5]


async def test_words_go_and_the_desk_is_left_once_everything_is_in_the_group(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        case = await opened(unit)
        for message_id in (5, 6):
            await unit.cases.add_message(case.id, written(message_id))
        unit.cases.wait_at_desk(case.id)
        unit.cases.mark_passed_on(case.id, 5, later(1))
        assert (await current(unit, case)).at_desk
        assert [each.words for each in await unit.cases.messages(case.id, 9)] == [None, "words 6"]
        unit.cases.mark_passed_on(case.id, 6, later(2))
        assert not (await current(unit, case)).at_desk
        unit.cases.mark_unsent(case.id, 6)
        assert await unit.cases.unsent(case.id) == []


async def test_a_topic_opens_only_when_it_was_asked_for_and_is_one_subscribers(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        assert not await unit.topics.open(GROUP, ANA.id, 7, NOON)
        unit.topics.ask(GROUP, ANA.id, NOON)
        assert await unit.topics.open(GROUP, ANA.id, 7, NOON)
        assert not await unit.topics.open(GROUP, ANA.id, 8, NOON)
        assert await unit.topics.whose(GROUP, 7) == ANA.id
        assert await unit.topics.whose(GROUP - 1, 7) is None
        unit.topics.forget(GROUP, ANA.id)
        assert await unit.topics.whose(GROUP, 7) is None
