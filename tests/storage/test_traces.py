"""What is on its way of somebody forgotten is emptied once it has passed, and nothing else is."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.forgetting import new_pseudonym
from bot.domain.line import Line
from bot.services.events import NewEvent
from storage.database import Database, open_reader
from storage.traces import NIGHT, sweep, write_anew_at_night
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, NOON

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORDS = ["翠羽 Quill", "quillfeather", "+8613800001001", "89860000000000001001"]


async def forgets(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        sealed = {line: "forgotten:1"}
        await unit.forgetting.forget(ANA.id, new_pseudonym(), new_pseudonym(), sealed, WORDS, NOON)


async def comes(store: SqliteStore, text: str, *, is_decided: bool = True) -> int:
    async with store.unit() as unit:
        number = await unit.counters.get("n") or 0
        unit.counters.set("n", number + 1)
        event = NewEvent("telegram", str(number), "message", text)
        (stored,) = await unit.inbox.add([event], NOON)
        if is_decided:
            unit.inbox.mark_decided(stored.id, NOON)
    return stored.id


async def payloads(path: Path, table: str = "inbox") -> list[str]:
    async with open_reader(path) as reader:
        rows = await reader.execute(f"SELECT payload FROM {table} ORDER BY id")
    return [payload for (payload,) in rows]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"name": "翠羽 Quill"}),
        json.dumps({"name": "翠羽 Quill"}, ensure_ascii=False),
        '{"username": "QuillFeather"}',
        '{"from": {"id": 7001}}',
        '{"text": "138 0000 1001"}',
        '{"text": "0086-138-0000-1001"}',
        '{"phone_number": "8613800001001"}',
        '{"ref": "89860000000000001001"}',
    ],
)
async def test_what_tells_of_the_person_in_any_spelling_is_emptied(
    store: SqliteStore, database: Database, path: Path, line: Line, text: str
) -> None:
    await comes(store, text)
    await comes(store, '{"text": "of somebody else, +8613800002002"}')
    await forgets(store, line)
    assert await sweep(database) == 0
    assert await payloads(path) == ["", '{"text": "of somebody else, +8613800002002"}']


async def test_nothing_is_emptied_while_nobody_was_forgotten(
    store: SqliteStore, database: Database, path: Path, line: Line
) -> None:
    await comes(store, '{"from": {"id": 7001}}')
    assert await sweep(database) == 0
    assert await payloads(path) == ['{"from": {"id": 7001}}']


async def test_what_still_has_to_be_decided_or_sent_waits_for_that(
    store: SqliteStore, database: Database, path: Path, line: Line
) -> None:
    waiting = await comes(store, '{"from": {"id": 7001}}', is_decided=False)
    await forgets(store, line)
    async with store.unit() as unit:
        unit.outbox.telegram("sendMessage", {"text": "farewell"}, chat_id=ANA.id)
        (effect,) = unit.effects.staged
    assert await sweep(database) == 1
    assert all(await payloads(path) + await payloads(path, "outbox"))
    async with store.unit() as unit:
        unit.inbox.mark_decided(waiting, NOON)
    assert await sweep(database) == 1
    async with store.unit() as unit:
        unit.effects.mark_done([effect.id], NOON)
    assert await sweep(database) == 0
    assert await payloads(path) + await payloads(path, "outbox") == ["", ""]
    async with open_reader(path) as reader:
        assert await reader.execute("SELECT chat_id FROM outbox") == [(None,)]
        assert await reader.execute("SELECT * FROM erasures") == []


async def test_a_name_that_is_a_common_word_holds_nothing_up_for_ever(
    store: SqliteStore, database: Database, path: Path, line: Line
) -> None:
    await forgets(store, line)
    async with store.unit() as unit:
        common = NewEvent("telegram", "c", "message", '{"text": "who has a 翠羽 quill?"}')
        await unit.inbox.add([common], NOON + timedelta(hours=1))
    assert await sweep(database) == 0
    assert await payloads(path) == [common.payload], "it was not decided yet"


async def test_many_are_looked_through_so_many_a_transaction(
    store: SqliteStore, database: Database, path: Path, line: Line
) -> None:
    async with store.unit() as unit:
        events = [NewEvent("telegram", str(n), "message", f"{n} 7001") for n in range(1_203)]
        for event in await unit.inbox.add(events, NOON):
            unit.inbox.mark_decided(event.id, NOON)
    await forgets(store, line)
    assert await sweep(database) == 0
    assert set(await payloads(path)) == {""}


async def test_what_was_put_aside_loses_what_was_written_and_keeps_its_reference(
    store: SqliteStore, database: Database, path: Path, line: Line
) -> None:
    async with store.unit() as unit:
        event = NewEvent("telegram", "1", "message", '{"from": {"id": 7001}}')
        unit.inbox.bury(event, "AB12CD", "Error: of 翠羽 Quill", NOON)
    await forgets(store, line)
    assert await sweep(database) == 0
    async with open_reader(path) as reader:
        left = await reader.execute("SELECT reference, payload, error FROM dead_letters")
    assert left == [("AB12CD", "", "")]


async def test_the_life_that_began_afterwards_is_left_alone(
    store: SqliteStore, database: Database, path: Path, line: Line
) -> None:
    await comes(store, '{"from": {"id": 7001}, "text": "delete"}')
    await forgets(store, line)
    async with store.unit() as unit:
        unit.subscribers.add(ANA, NOON + timedelta(seconds=5))
        event = NewEvent("telegram", "later", "message", '{"from": {"id": 7001}, "text": "hi"}')
        (stored,) = await unit.inbox.add([event], NOON + timedelta(seconds=6))
        unit.inbox.mark_decided(stored.id, NOON + timedelta(seconds=6))
        unit.chat_messages.put(ANA.id, "panel", 5, "home", None, NOON)
    assert await sweep(database) == 0
    assert await payloads(path) == ["", '{"from": {"id": 7001}, "text": "hi"}']
    async with store.unit() as unit:
        assert await unit.chat_messages.get(ANA.id, "panel") is not None


def at(hour: int) -> datetime:
    return datetime(2026, 11, 23, hour, 30, tzinfo=SHANGHAI)


async def test_the_file_is_written_anew_once_in_the_night_after_an_erasure(
    store: SqliteStore, database: Database, line: Line
) -> None:
    assert not await write_anew_at_night(database, at(4), SHANGHAI)
    await forgets(store, line)
    assert not await write_anew_at_night(database, at(4), SHANGHAI), "traces are on their way"
    await sweep(database)
    assert not await write_anew_at_night(database, at(min(NIGHT) - 1), SHANGHAI)
    assert not await write_anew_at_night(database, at(max(NIGHT) + 1), SHANGHAI)
    assert await write_anew_at_night(database, at(4), SHANGHAI)
    assert not await write_anew_at_night(database, at(5), SHANGHAI)


def held(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


async def test_a_file_written_anew_holds_what_is_stored_and_no_byte_of_what_was(
    store: SqliteStore, database: Database, path: Path
) -> None:
    """Deleted here by somebody who overwrites nothing: `secure_delete` leaves such copies too, now
    and then, where rows had been moved."""
    for number in range(50):
        filler = "x" * (number * 37 % 900)
        async with store.unit() as unit:
            for word in ("chamomile", "violin"):
                event = NewEvent("telegram", f"{word}{number}", "message", f"{word} {filler}")
                await unit.inbox.add([event], NOON)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA secure_delete = OFF")
        raw.execute("DELETE FROM inbox WHERE payload LIKE 'chamomile%'")
    assert b"chamomile" in held(path)
    await database.write_anew()
    assert b"chamomile" not in held(path)
    async with open_reader(path) as reader:
        assert await reader.execute("SELECT count(*) FROM inbox") == [(50,)]
        assert await reader.execute("PRAGMA integrity_check") == [("ok",)]
