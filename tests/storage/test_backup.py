"""A backup counts when it has been restored."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain import ledger
from bot.domain.money import Money
from bot.services.events import StoreFailed
from storage.backup import FaultyBackup, back_up, restore
from storage.checks import examine
from storage.database import Database, open_reader
from storage.lockfile import DatabaseInUse, only_process
from storage.unit import SqliteStore
from tests.storage.conftest import NOON


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return sorted(raw.iterdump())


async def top_up(store: SqliteStore, first: int, last: int) -> None:
    """One journal a transaction; each adds one to the wallet and to a counter."""
    for line_id in range(first, last):
        async with store.unit() as unit:
            unit.ledger.post(ledger.opening_balance(line_id, Money(1, "CNY")), NOON)
            unit.counters.set("journals", line_id + 1)
        await asyncio.sleep(0)


async def test_a_backup_taken_while_writing_is_whole_and_can_be_restored(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    backup, restored = tmp_path / "backup.db", tmp_path / "restored.db"
    await top_up(store, 0, 50)
    writing = asyncio.create_task(top_up(store, 50, 300))
    await back_up(path, backup)
    await writing
    async with open_reader(backup) as reader:
        ((journals,),) = await reader.execute("SELECT count(*) FROM journals")
        ((counted,),) = await reader.execute("SELECT value FROM counters")
    assert 50 <= journals == counted <= 300
    assert [finding for finding in await examine(backup) if finding.is_error] == []
    assert await restore(backup, restored) is None
    assert contents(restored) == contents(backup)


async def test_a_backup_of_a_resting_database_equals_it(
    store: SqliteStore, path: Path, tmp_path: Path
) -> None:
    await top_up(store, 0, 5)
    await back_up(path, tmp_path / "backup.db")
    assert contents(tmp_path / "backup.db") == contents(path)


async def test_a_backup_is_for_its_owner_alone_and_stands_alone(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    os.mkdir(folder)
    await back_up(path, folder / "backup.db")
    assert os.listdir(folder) == ["backup.db"]
    assert stat.S_IMODE(os.stat(folder / "backup.db").st_mode) == 0o600


async def test_a_backup_replaces_nothing(path: Path, tmp_path: Path) -> None:
    await back_up(path, tmp_path / "backup.db")
    with pytest.raises(StoreFailed, match="exists already"):
        await back_up(path, tmp_path / "backup.db")


async def test_a_backup_that_fails_the_checks_is_not_kept(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("INSERT INTO reading_requests VALUES (404, 0)")
    with pytest.raises(FaultyBackup, match="reading_requests"):
        await back_up(path, tmp_path / "backup.db")
    assert os.listdir(tmp_path) == ["bot.db"]


async def test_restoring_keeps_the_former_database_with_its_last_commits(
    path: Path, tmp_path: Path
) -> None:
    async with Database(path) as database:
        await top_up(SqliteStore(database, lambda: NOON), 0, 5)
        await back_up(path, tmp_path / "backup.db")
        await top_up(SqliteStore(database, lambda: NOON), 5, 9)
        # What a killed process leaves behind: the last commits are in the log only.
        killed = tmp_path / "killed.db"
        for suffix in ("", "-wal"):
            killed.with_name(killed.name + suffix).write_bytes(
                path.with_name(path.name + suffix).read_bytes()
            )
    kept = await restore(tmp_path / "backup.db", killed)
    assert kept is not None
    assert contents(killed) == contents(tmp_path / "backup.db")
    assert contents(kept) == contents(path)
    assert await restore(tmp_path / "backup.db", killed) != kept


async def test_nothing_is_restored_while_the_bot_runs(path: Path, tmp_path: Path) -> None:
    await back_up(path, tmp_path / "backup.db")
    with only_process(path), pytest.raises(DatabaseInUse):
        await restore(tmp_path / "backup.db", path)


async def test_a_backup_that_is_not_there_restores_nothing(path: Path, tmp_path: Path) -> None:
    before = contents(path)
    with pytest.raises(StoreFailed, match="cannot be copied"):
        await restore(tmp_path / "none.db", path)
    assert contents(path) == before
    assert sorted(os.listdir(tmp_path)) == ["bot.db", "bot.db.lock"]


@pytest.mark.parametrize("data", [b"", b"not a database" * 1000], ids=["empty", "nonsense"])
async def test_a_faulty_backup_is_not_restored(path: Path, tmp_path: Path, data: bytes) -> None:
    before = contents(path)
    broken = tmp_path / "backup.db"
    broken.write_bytes(data)
    with pytest.raises(FaultyBackup):
        await restore(broken, path)
    assert contents(path) == before
    assert sorted(os.listdir(tmp_path)) == ["backup.db", "bot.db", "bot.db.lock"]
