"""Marks travel with the next transaction, and are not lost with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.runtime.clock import SystemClock
from bot.runtime.marks import Marks
from bot.runtime.undecided import Undecided
from bot.services.events import NewEvent, RuntimeUnit, Store
from storage.database import Database
from storage.unit import SqliteStore
from tests.runtime.harness import at_noon
from tests.runtime.test_decide import rows


class RefusingOnce:
    """Refuses the first commit, as a broken constraint would."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._refuses = True

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[RuntimeUnit]:
        async with self._store.unit() as unit:
            yield unit
            if self._refuses:
                self._refuses = False
                raise ValueError("a constraint")


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    async with Database(path) as database:
        store = SqliteStore(database, at_noon)
        async with store.unit() as unit:
            unit.outbox.telegram("sendMessage", {}, chat_id=1, slot="panel")
        yield store


def marks_of(store: Store) -> Marks:
    return Marks(store, Undecided(store), SystemClock())


async def test_marks_go_along_with_the_next_transaction(path: Path, store: SqliteStore) -> None:
    marks = marks_of(store)
    marks.done(1)
    marks.fill_slot(1, "panel", 77)
    async with marks.unit() as unit:
        unit.counters.set("decided", 1)
    assert marks.is_empty
    assert rows(path, "SELECT status FROM outbox") == [("done",)]
    assert rows(path, "SELECT message_id FROM chat_messages") == [(77,)]


async def test_marks_of_a_transaction_that_failed_are_written_by_the_next(
    path: Path, store: SqliteStore
) -> None:
    marks = marks_of(RefusingOnce(store))
    marks.failed(1, "no")
    marks.tell(NewEvent("carrier", "1:0", "line_missing", "{}"))
    with pytest.raises(ValueError, match="constraint"):
        await marks.write()
    assert rows(path, "SELECT status FROM outbox") == [("pending",)]
    await marks.write()
    assert rows(path, "SELECT status, error FROM outbox") == [("failed", "no")]
    assert rows(path, "SELECT kind FROM inbox") == [("line_missing",)]


async def test_a_slot_is_known_before_it_is_written(store: SqliteStore) -> None:
    marks = marks_of(store)
    marks.fill_slot(1, "panel", 77)
    assert await marks.slot_message(1, "panel") == 77
    await marks.write()
    assert await marks.slot_message(1, "panel") == 77
    assert await marks.slot_message(2, "panel") is None


async def test_an_event_that_was_read_from_the_store_is_not_taken_again_when_offered(
    store: SqliteStore,
) -> None:
    async with store.unit() as unit:
        stored = await unit.inbox.add(
            [
                NewEvent("telegram", "1", "message", "{}"),
                NewEvent("telegram", "2", "pre_checkout_query", "{}", urgent=True),
            ],
            at_noon(),
        )
    undecided = Undecided(store)
    assert [(await undecided.next()).id, (await undecided.next()).id] == [2, 1]
    undecided.offer(stored)
    assert undecided.is_empty
