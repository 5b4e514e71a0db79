"""Timers outlive the process; conversations and counters do as well."""

from __future__ import annotations

from pathlib import Path

from bot.services.events import NewEvent
from storage.database import Database
from storage.unit import SqliteStore
from tests.storage.conftest import NOON, later


async def test_due_timers_become_events_the_earliest_first(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.timers.set("order:2", "order_expires", {"order_id": "2"}, later(2))
        unit.timers.set("order:1", "order_expires", {"order_id": "一"}, later(1))
        unit.timers.set("order:3", "order_expires", {"order_id": "3"}, later(3))
        assert await unit.due_timers.next_due() == later(1)
        due = await unit.due_timers.take_due(later(2), 10)
        assert [(event.source, event.kind, event.payload) for event in due] == [
            ("timer", "order_expires", '{"order_id":"一"}'),
            ("timer", "order_expires", '{"order_id":"2"}'),
        ]
        assert await unit.due_timers.next_due() == later(3)
        assert await unit.due_timers.take_due(later(2), 10) == []


async def test_a_timer_set_again_is_moved_and_becomes_another_event(store: SqliteStore) -> None:
    async def ring(minutes: float) -> list[NewEvent]:
        unit.timers.set("look", "look_up", {}, later(minutes))
        return await unit.due_timers.take_due(later(minutes), 10)

    async with store.unit() as unit:
        unit.timers.set("look", "look_up", {}, later(9))
        (first,) = await ring(1)
        (second,) = await ring(2)
    assert first.source_id != second.source_id


async def test_a_cancelled_timer_never_rings(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.timers.set("order:1", "order_expires", {}, later(1))
        unit.timers.cancel("order:1")
        unit.timers.cancel("order:2")
        assert await unit.due_timers.next_due() is None
        assert await unit.due_timers.take_due(later(2), 10) == []


async def test_many_due_timers_are_taken_in_pages_from_the_earliest(store: SqliteStore) -> None:
    async with store.unit() as unit:
        for number in reversed(range(5)):
            unit.timers.set(f"t{number}", "tick", {}, later(number))
        pages = [await unit.due_timers.take_due(later(9), 2) for _ in range(4)]
    taken = [[event.source_id.split("@")[0] for event in page] for page in pages]
    assert taken == [["t0", "t1"], ["t2", "t3"], ["t4"], []]


async def test_timers_conversations_and_counters_outlive_the_process(path: Path) -> None:
    async with Database(path) as database, SqliteStore(database, lambda: NOON).unit() as unit:
        unit.timers.set("order:1", "order_expires", {}, later(1))
        unit.conversations.save("renew", "[1, 1]", "CHOOSING_PLAN", NOON)
        unit.counters.set("offset", 42)
    async with Database(path) as database, SqliteStore(database, lambda: NOON).unit() as unit:
        assert await unit.due_timers.next_due() == later(1)
        assert await unit.conversations.load("renew") == [("[1, 1]", "CHOOSING_PLAN")]
        assert await unit.counters.get("offset") == 42


async def test_a_conversation_moves_and_ends(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.conversations.save("renew", "[1, 1]", "CHOOSING_PLAN", NOON)
        unit.conversations.save("renew", "[1, 1]", "PAYING", later(1))
        unit.conversations.save("link", "[1, 1]", "TYPING", later(1))
        assert await unit.conversations.load("renew") == [("[1, 1]", "PAYING")]
        unit.conversations.save("renew", "[1, 1]", None, later(2))
        assert await unit.conversations.load("renew") == []
        assert await unit.conversations.load("link") == [("[1, 1]", "TYPING")]


async def test_a_counter_is_none_until_it_is_set(store: SqliteStore) -> None:
    async with store.unit() as unit:
        assert await unit.counters.get("offset") is None
