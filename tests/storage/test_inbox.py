"""What arrived is stored once and waits until it is decided."""

from __future__ import annotations

from pathlib import Path

from bot.services.events import Event, NewEvent
from storage.database import open_reader
from storage.unit import SqliteStore
from tests.storage.conftest import NOON, later


def update(number: int, *, urgent: bool = False) -> NewEvent:
    return NewEvent("telegram", str(number), "message", f'{{"update_id":{number}}}', urgent)


async def test_new_events_come_back_in_order_with_their_ids(store: SqliteStore) -> None:
    news = [update(number) for number in (30, 10, 20)]
    async with store.unit() as unit:
        events = await unit.inbox.add(news, NOON)
        assert [event.source_id for event in events] == ["30", "10", "20"]
        assert [event.id for event in events] == sorted({event.id for event in events})
        assert [event.payload for event in events] == [new.payload for new in news]
        assert await unit.inbox.undecided(10) == events


async def test_an_event_that_arrives_again_is_not_new(store: SqliteStore) -> None:
    async with store.unit() as unit:
        (first,) = await unit.inbox.add([update(1)], NOON)
        assert await unit.inbox.add([update(1)], later(1)) == []
        (second,) = await unit.inbox.add([update(1), update(2), update(2)], later(1))
        assert second.source_id == "2"
        unit.inbox.mark_decided(first.id, later(2))
        assert await unit.inbox.add([update(1)], later(3)) == []
        assert await unit.inbox.undecided(10) == [second]


async def test_the_same_id_from_another_source_is_another_event(store: SqliteStore) -> None:
    async with store.unit() as unit:
        both = [update(1), NewEvent("carrier", "1", "line_found", "{}")]
        assert len(await unit.inbox.add(both, NOON)) == 2


async def test_nothing_arrived_is_nothing_stored(store: SqliteStore) -> None:
    async with store.unit() as unit:
        assert await unit.inbox.add([], NOON) == []


async def test_urgent_events_are_decided_first_then_by_arrival(store: SqliteStore) -> None:
    async with store.unit() as unit:
        await unit.inbox.add([update(n, urgent=n in {4, 5}) for n in range(1, 7)], NOON)
        waiting = await unit.inbox.undecided(4)
    assert [event.source_id for event in waiting] == ["4", "5", "1", "2"]
    assert [event.urgent for event in waiting] == [True, True, False, False]


async def test_an_event_waits_until_its_decision_is_committed(store: SqliteStore) -> None:
    async with store.unit() as unit:
        (event,) = await unit.inbox.add([update(1)], NOON)
    async with store.unit() as unit:
        unit.inbox.mark_decided(event.id, later(1))
        assert await unit.inbox.undecided(10) == []
        await unit.rollback()
    async with store.unit() as unit:
        assert await unit.inbox.undecided(10) == [event]


async def test_dead_letters_keep_what_could_not_be_decided(store: SqliteStore, path: Path) -> None:
    stored = Event(7, "telegram", "1", "message", '{"update_id":1}', False)
    async with store.unit() as unit:
        unit.inbox.bury(stored, "K3F9", "ZeroDivisionError", NOON)
        unit.inbox.bury(NewEvent("telegram", "?", "unknown", "[]"), "-", "no update_id", NOON)
    async with open_reader(path) as reader:
        buried = await reader.execute(
            "SELECT source_id, payload, reference, error FROM dead_letters ORDER BY id"
        )
    assert buried == [
        ("1", '{"update_id":1}', "K3F9", "ZeroDivisionError"),
        ("?", "[]", "-", "no update_id"),
    ]
