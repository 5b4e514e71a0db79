"""The database file: its connections, its pragmas, and one transaction at a time.

A statement takes 10 µs, and a hop to the driver's thread and back 170 µs of CPU; what can take long
is the commit, which waits for the disk. So a `Transaction` runs its statements here and now, on the
event loop's own thread, and only a commit that has something to write goes to the thread of the
driver, `aiosqlite`. What is written without a result waits in a list and goes along with the next
read or with the commit.

One connection writes, and a lock lets one transaction at a time have it. `BEGIN IMMEDIATE` takes
SQLite's write lock at once: a deferred transaction that turns writer fails with "database is
locked", whatever the timeout.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

import aiosqlite

from bot.services.events import StoreFailed
from storage.statements import Statement

Row = tuple[Any, ...]
Step = tuple[str, Mapping[str, Any]]
"""A statement's SQL and its values."""

_BEGIN: Final[Step] = ("BEGIN IMMEDIATE", {})
_MOST_STATEMENTS: Final = 512
"""How many prepared statements the driver keeps; more than there are."""
_NO_SUCH_TYPE: Final = "Error binding parameter"
"""How sqlite3 begins to say that a value is of a type that no column holds."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # this is money: a commit survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else REPLACE deletes behind the append-only triggers
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten: it may be somebody's data
)
_ANEW = (
    "PRAGMA temp_store = FILE",  # the whole database stands there meanwhile
    "VACUUM",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_checkpoint(TRUNCATE)",
)


class Transaction:
    """One transaction on the writing connection. Made by `Database.transaction`."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._raw = connection._conn
        self._pending: list[Step] = [_BEGIN]
        self._changes_before = self._raw.total_changes

    def write(self, statement: Statement, **values: Any) -> None:
        """Stages a statement whose result nobody needs; it runs before the next read or commit."""
        self._pending.append((statement.sql, statement.bind(values)))

    async def rows(self, statement: Statement, **values: Any) -> list[Row]:
        """Runs what is staged, then the statement; its rows."""
        return self._run((statement.sql, statement.bind(values)))

    async def row(self, statement: Statement, **values: Any) -> Row | None:
        """The first row, or None."""
        found = await self.rows(statement, **values)
        return found[0] if found else None

    async def rows_of_each(
        self, statement: Statement, each: Iterable[Mapping[str, Any]]
    ) -> list[Row]:
        """Runs what is staged, then the statement once for each set of values; the rows of all of
        them, in order."""
        return self._run(*((statement.sql, statement.bind(values)) for values in each))

    async def flush(self) -> None:
        """Runs what is staged, so that what it violates is known now."""
        if self._pending:
            self._run()

    async def commit(self) -> None:
        if not self._begun and len(self._pending) == 1:
            return
        self._run()
        if self._raw.total_changes == self._changes_before:
            self._run(("COMMIT", {}))
        else:
            await _to_its_end(self._connection.commit())

    async def rollback(self) -> None:
        """Forgets everything since the beginning. The transaction may be used again afterwards."""
        self._pending = [_BEGIN]
        # Some failures (a full disk) have rolled back already; a cancelled commit may have ended
        # well.
        if self._raw.in_transaction:
            with _told_apart():
                self._raw.execute("ROLLBACK")

    @property
    def _begun(self) -> bool:
        return not self._pending or self._pending[0] is not _BEGIN

    def _run(self, *steps: Step) -> list[Row]:
        """Runs what is staged, then the steps; the rows of the steps."""
        pending, self._pending = self._pending, []
        found: list[Row] = []
        with _told_apart():
            for sql, values in pending:
                self._raw.execute(sql, values)
            for sql, values in steps:
                found += self._raw.execute(sql, values).fetchall()
        return found


class Database:
    """One SQLite file with its writing connection. ``async with`` opens and closes it.

    The file must have the newest schema: see `storage.migrate`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = asyncio.Lock()
        self._writer: aiosqlite.Connection | None = None

    async def __aenter__(self) -> Self:
        make_private(self.path)
        self._writer = await _connect(str(self.path))
        try:
            with _told_apart():
                for pragma in _PRAGMAS:
                    await self._writer.execute_fetchall(pragma)
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """The writing connection's next transaction: committed at the end, rolled back on any
        exception, a cancellation included (which must not leave it open). Who is cancelled while
        the commit is under way does not learn whether it took effect.

        Raises `StoreFailed` when the file cannot be written; constraint errors pass as
        `sqlite3.IntegrityError`.
        """
        if self._writer is None:
            raise StoreFailed("the database is not open")
        async with self._turn:
            transaction = Transaction(self._writer)
            try:
                yield transaction
                await transaction.commit()
            except BaseException:
                await transaction.rollback()
                raise

    async def write_anew(self) -> None:
        """Writes the file and its log anew, with what is stored and without a trace of what was.
        No transaction begins meanwhile; readers go on.

        Raises `StoreFailed`; nothing is lost by it.
        """
        if self._writer is None:
            raise StoreFailed("the database is not open")
        async with self._turn:
            with _told_apart():
                for statement in _ANEW:
                    await self._writer.execute_fetchall(statement)


class Reader:
    """Reads from a connection of its own."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def rows(self, statement: Statement, **values: Any) -> list[Row]:
        return await self.execute(statement.sql, **statement.bind(values))

    async def execute(self, sql: str, **values: Any) -> list[Row]:
        """A statement that the schema's language has no words for, such as a PRAGMA."""
        with _told_apart():
            return [tuple(row) for row in await self._connection.execute_fetchall(sql, values)]


@asynccontextmanager
async def open_reader(path: Path) -> AsyncIterator[Reader]:
    """A connection of its own that cannot write: for reports, checks, backups and long reads.

    Raises `StoreFailed` when there is no such database.
    """
    connection = await _connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    try:
        yield Reader(connection)
    finally:
        await connection.close()


def make_private(path: Path) -> None:
    """Creates the file if need be; nobody but its owner may read it. SQLite gives the files that
    it puts beside a database the same permissions. Raises `StoreFailed`."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise StoreFailed(f"{path} cannot be opened: {error.strerror}") from error


async def _connect(database: str, **options: Any) -> aiosqlite.Connection:
    connection = aiosqlite.connect(
        database,
        isolation_level=None,
        cached_statements=_MOST_STATEMENTS,
        check_same_thread=False,  # one transaction at a time has it, here or at its commit there
        **options,
    )
    try:
        return await connection
    except sqlite3.Error as error:
        # The driver tells its thread to stop and does not wait: the loop might close before it.
        await asyncio.to_thread(connection._thread.join)
        raise StoreFailed(str(error)) from error


async def _to_its_end(commit: Coroutine[Any, Any, None]) -> None:
    """Waits for the driver's thread whatever happens, so that nobody uses the connection beside
    it; a cancellation is raised afterwards."""
    task = asyncio.create_task(commit)
    try:
        with _told_apart():
            await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        task.exception()  # looked at, so that nobody misses it: the transaction is over either way
        raise


@contextmanager
def _told_apart() -> Iterator[None]:
    """A broken constraint, or a value of a type that no column holds, is the mistake of one
    transaction; anything else is a failed store."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        if str(error).startswith(_NO_SUCH_TYPE):
            raise
        raise StoreFailed(str(error)) from error
