"""One transaction at a time: all of it or nothing, whatever interrupts it."""

from __future__ import annotations

import asyncio
import inspect
import os
import sqlite3
import stat
import threading
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import bindparam, select

from bot.services.events import Store, StoreFailed
from storage.database import Database, Transaction, open_reader
from storage.runtime_tables import counters
from storage.statements import Statement
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, NOON

VALUE = Statement(select(counters.c.value).where(counters.c.name == bindparam("name")))


async def stored(path: Path, name: str) -> int | None:
    """What another connection sees."""
    async with open_reader(path) as reader:
        rows = await reader.rows(VALUE, name=name)
    return rows[0][0] if rows else None


def in_transaction(database: Database) -> bool:
    assert database._writer is not None
    return database._writer._conn.in_transaction


def test_the_store_is_what_the_runtime_asks_for(store: SqliteStore) -> None:
    as_seen_by_the_runtime: Store = store
    assert as_seen_by_the_runtime is store


async def test_what_a_unit_wrote_is_there_for_the_next_one(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.counters.set("offset", 42)
    async with store.unit() as unit:
        assert await unit.counters.get("offset") == 42


async def test_a_unit_reads_what_it_has_only_staged(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.counters.set("offset", 1)
        unit.counters.set("offset", 2)
        assert await unit.counters.get("offset") == 2


async def test_nobody_else_sees_a_unit_before_its_commit(store: SqliteStore, path: Path) -> None:
    async with store.unit() as unit:
        unit.counters.set("offset", 42)
        assert await unit.counters.get("offset") == 42
        assert await stored(path, "offset") is None
    assert await stored(path, "offset") == 42


async def test_an_exception_takes_back_the_whole_unit(store: SqliteStore, path: Path) -> None:
    async def decide() -> None:
        async with store.unit() as unit:
            unit.counters.set("before", 1)
            await unit.counters.get("before")
            unit.counters.set("after", 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await decide()
    assert await stored(path, "before") is None
    assert await stored(path, "after") is None


async def test_after_a_rollback_the_same_unit_may_be_used_again(
    store: SqliteStore, path: Path
) -> None:
    async with store.unit() as unit:
        unit.counters.set("refused", 1)
        await unit.counters.get("refused")
        unit.outbox.telegram("sendMessage", {"text": "refused"}, chat_id=ANA.id)
        await unit.rollback()
        assert list(unit.effects.staged) == []
        unit.counters.set("told", 1)
        unit.outbox.telegram("sendMessage", {"text": "told"}, chat_id=ANA.id)
        assert [effect.payload for effect in unit.effects.staged] == ['{"text":"told"}']
    assert await stored(path, "refused") is None
    assert await stored(path, "told") == 1
    async with store.unit() as unit:
        pending = await unit.effects.pending("telegram", 0, 10)
        assert [effect.payload for effect in pending] == ['{"text":"told"}']


async def test_units_wait_for_each_other(store: SqliteStore) -> None:
    async def count_one() -> None:
        async with store.unit() as unit:
            value = await unit.counters.get("taps") or 0
            await asyncio.sleep(0)
            unit.counters.set("taps", value + 1)

    await asyncio.gather(*(count_one() for _ in range(20)))
    async with store.unit() as unit:
        assert await unit.counters.get("taps") == 20


@pytest.mark.parametrize("steps", range(12))
async def test_a_cancelled_task_leaves_no_open_transaction(
    store: SqliteStore, database: Database, steps: int
) -> None:
    async def decide() -> None:
        async with store.unit() as unit:
            for value in range(4):
                unit.counters.set("half", value)
                await unit.counters.get("half")
                await asyncio.sleep(0)
                await asyncio.sleep(0)
            await asyncio.Event().wait()

    task = asyncio.create_task(decide())
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.unit() as unit:
        assert await unit.counters.get("half") is None
        unit.counters.set("next", 1)
    assert not in_transaction(database)


async def test_cancelled_while_rolling_back_leaves_no_open_transaction(
    store: SqliteStore, database: Database
) -> None:
    inside = asyncio.Event()

    async def decide() -> None:
        async with store.unit() as unit:
            unit.counters.set("half", 1)
            await unit.counters.get("half")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(decide())
    await inside.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.unit() as unit:
        assert await unit.counters.get("half") is None
    assert not in_transaction(database)


async def test_cancelled_at_its_commit_a_unit_is_stored_wholly_or_not_at_all(
    store: SqliteStore, database: Database, path: Path
) -> None:
    async def decide() -> None:
        async with store.unit() as unit:
            unit.counters.set("one", 1)
            unit.counters.set("two", 1)

    async with store.unit():
        pass  # the first unit reads where the ids go on
    task = asyncio.create_task(decide())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.unit() as unit:
        assert await unit.counters.get("one") == await unit.counters.get("two")
    assert not in_transaction(database)


async def test_writing_waits_for_sqlites_write_lock_from_the_start(
    database: Database, path: Path
) -> None:
    """A deferred transaction would fail when it turns writer."""
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    async with database.transaction() as transaction:
        await transaction.rows(VALUE, name="nothing")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


async def test_a_broken_constraint_is_told_apart_from_a_failed_store(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.subscribers.add(ANA, NOON)
    with pytest.raises(sqlite3.IntegrityError):
        async with store.unit() as unit:
            unit.subscribers.add(ANA, NOON)


@pytest.mark.parametrize("value", [{}, [], object(), 2**63])
async def test_a_value_that_no_column_holds_is_told_apart_from_a_failed_store(
    store: SqliteStore, value: Any
) -> None:
    with pytest.raises((sqlite3.ProgrammingError, OverflowError)):
        async with store.unit() as unit:
            await unit.subscribers.find(value)
    with pytest.raises((sqlite3.ProgrammingError, OverflowError)):
        async with store.unit() as unit:
            unit.counters.set("x", value)
    async with store.unit() as unit:
        assert await unit.counters.get("x") is None


async def test_what_is_no_database_is_a_failed_store(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreFailed):
        async with Database(path):
            pass


async def test_a_closed_database_is_a_failed_store(path: Path) -> None:
    database = Database(path)
    with pytest.raises(StoreFailed):
        async with database.transaction():
            pass


async def test_a_reader_cannot_write(path: Path) -> None:
    async with open_reader(path) as reader:
        with pytest.raises(StoreFailed, match="readonly"):
            await reader.execute("DELETE FROM counters")


async def test_a_reader_creates_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed):
        async with open_reader(tmp_path / "none.db"):
            pass
    assert os.listdir(tmp_path) == []


async def test_only_the_owner_may_read_the_files(store: SqliteStore, path: Path) -> None:
    async with store.unit() as unit:
        unit.counters.set("offset", 1)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {"bot.db": 0o600, "bot.db-wal": 0o600, "bot.db-shm": 0o600}


async def test_a_file_that_others_could_read_is_taken_from_them(path: Path) -> None:
    os.chmod(path, 0o644)
    async with Database(path):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


async def test_a_missing_or_unknown_value_is_a_mistake_of_ours(database: Database) -> None:
    with pytest.raises(TypeError):
        async with database.transaction() as transaction:
            await transaction.rows(VALUE)
    with pytest.raises(TypeError):
        async with database.transaction() as transaction:
            await transaction.rows(VALUE, name="x", more=1)


async def test_a_commit_survives_a_power_cut(database: Database) -> None:
    assert database._writer is not None
    settings = {
        name: await database._writer.execute_fetchall(f"PRAGMA {name}")
        for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
    }
    assert {name: next(iter(rows))[0] for name, rows in settings.items()} == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
    }


async def test_what_is_deleted_is_overwritten(database: Database) -> None:
    assert database._writer is not None
    ((overwrites,),) = await database._writer.execute_fetchall("PRAGMA secure_delete")
    assert overwrites == 1


async def test_a_unit_that_did_nothing_asks_the_database_nothing(database: Database) -> None:
    async with database.transaction() as transaction:
        pass
    assert isinstance(transaction, Transaction)
    assert not in_transaction(database)


def test_the_driver_still_has_what_we_use_of_its_inside() -> None:
    """`storage.database` runs statements on the connection that the driver commits."""
    assert isinstance(inspect.getattr_static(aiosqlite.Connection, "_conn"), property)
    assert isinstance(aiosqlite.connect(":memory:")._thread, threading.Thread)
