"""The database file: its connections, its pragmas, and one transaction at a time.

`aiosqlite` is the driver; each call to it is a hop to the connection's thread and back, and the hop
is what costs (0.17 ms of CPU against 0.01 ms for an indexed read). A `Transaction` therefore hops
only to read and to commit: what is written without a result waits in a list and goes along with the
next read or with the commit. So an event costs as many hops as it has reads, plus one.

One connection writes, and a lock lets one transaction at a time have it. `BEGIN IMMEDIATE` takes
SQLite's write lock at once: a deferred transaction that turns writer fails with "database is
locked", whatever the timeout.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote

import aiosqlite

from bot.services.events import StoreFailed
from storage.statements import Statement

Row = tuple[Any, ...]
T = TypeVar("T")
Step = tuple[str, Mapping[str, Any]]
"""A statement's SQL and its values."""

_BEGIN: Final[Step] = ("BEGIN IMMEDIATE", {})
_MOST_STATEMENTS: Final = 512
"""How many prepared statements the driver keeps; more than there are."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # this is money: a commit survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else REPLACE deletes behind the append-only triggers
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA temp_store = MEMORY",
)


class Transaction:
    """One transaction on the writing connection. Made by `Database.transaction`."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._pending: list[Step] = [_BEGIN]

    def write(self, statement: Statement, **values: Any) -> None:
        """Stages a statement whose result nobody needs; it runs before the next read or commit."""
        self._pending.append((statement.sql, statement.bind(values)))

    async def rows(self, statement: Statement, **values: Any) -> list[Row]:
        """Runs what is staged, then the statement, in one hop; its rows."""
        return await self._hop((statement.sql, statement.bind(values)))

    async def row(self, statement: Statement, **values: Any) -> Row | None:
        """The first row, or None."""
        found = await self.rows(statement, **values)
        return found[0] if found else None

    async def rows_of_each(
        self, statement: Statement, each: Iterable[Mapping[str, Any]]
    ) -> list[Row]:
        """Runs what is staged, then the statement once for each set of values, in one hop; the
        rows of all of them, in order."""
        return await self._hop(*((statement.sql, statement.bind(values)) for values in each))

    async def flush(self) -> None:
        """Runs what is staged, so that what it violates is known now."""
        if self._pending:
            await self._hop()

    async def commit(self) -> None:
        if self._begun or len(self._pending) > 1:
            await self._hop(("COMMIT", {}))

    async def rollback(self) -> None:
        """Forgets everything since the beginning. The transaction may be used again afterwards.

        The order to roll back is with the connection's thread before this method first waits:
        whoever is cancelled while it waits leaves no transaction open all the same.
        """
        begun = self._begun
        self._pending = [_BEGIN]
        if begun:
            await _on_thread(self._connection, _roll_back)

    @property
    def _begun(self) -> bool:
        return not self._pending or self._pending[0] is not _BEGIN

    async def _hop(self, *steps: Step) -> list[Row]:
        pending, self._pending = self._pending, []
        return await _run(self._connection, pending, steps)


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
            await _run(self._writer, [], [(pragma, {}) for pragma in _PRAGMAS])
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


class Reader:
    """Reads from a connection of its own."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def rows(self, statement: Statement, **values: Any) -> list[Row]:
        return await _run(self._connection, [], [(statement.sql, statement.bind(values))])

    async def execute(self, sql: str, **values: Any) -> list[Row]:
        """A statement that the schema's language has no words for, such as a PRAGMA."""
        return await _run(self._connection, [], [(sql, values)])


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
        database, isolation_level=None, cached_statements=_MOST_STATEMENTS, **options
    )
    try:
        return await connection
    except sqlite3.Error as error:
        # The driver tells its thread to stop and does not wait: the loop might close before it.
        await asyncio.to_thread(connection._thread.join)
        raise StoreFailed(str(error)) from error


async def _run(
    connection: aiosqlite.Connection, pending: Iterable[Step], steps: Iterable[Step]
) -> list[Row]:
    """Runs the pending statements, then the steps, in one hop; the rows of the steps."""

    def work(raw: sqlite3.Connection) -> list[Row]:
        for sql, values in pending:
            raw.execute(sql, values)
        found: list[Row] = []
        for sql, values in steps:
            found += raw.execute(sql, values).fetchall()
        return found

    return await _on_thread(connection, work)


def _roll_back(raw: sqlite3.Connection) -> None:
    # Some failures (a full disk) have rolled back already; a cancelled commit may have ended well.
    if raw.in_transaction:
        raw.execute("ROLLBACK")


async def _on_thread(
    connection: aiosqlite.Connection, work: Callable[[sqlite3.Connection], T]
) -> T:
    """One hop for several statements.

    The driver's public methods hop once a statement. `Connection._execute` is the one thing under
    them all; the lock file pins the version, and a test fails if it goes away.
    """
    try:
        result: T = await connection._execute(lambda: work(connection._conn))  # type: ignore[no-untyped-call]
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise StoreFailed(str(error)) from error
    return result
