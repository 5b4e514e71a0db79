"""The schema's version: brings a database file to the newest, or back to an older one.

A migration and the record that it ran share one transaction with every other migration of the same
call: killed in the middle, it leaves the file as it was.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from bot.services.events import StoreFailed
from storage.database import make_private

MIGRATIONS: Final = Path(__file__).parent / "migrations"


class NewerDatabase(StoreFailed):
    """The file was written by a newer version of the program; this one does not know its schema."""


def upgrade(path: Path, scripts: Path = MIGRATIONS) -> str:
    """Creates the file if need be and brings it to the newest schema; the version it has then.

    Raises `NewerDatabase`, `StoreFailed` when the file cannot be read or written.
    """
    make_private(path)
    with _exclusively(path) as connection:
        _check_known(connection, scripts)
        command.upgrade(_config(connection, scripts), "head")
        _check_references(connection)
        return str(MigrationContext.configure(connection).get_current_revision())


def downgrade(path: Path, to: str, scripts: Path = MIGRATIONS) -> None:
    """Takes the file back to the version ``to`` (``base``: no tables at all).

    Raises `NewerDatabase`.
    """
    with _exclusively(path) as connection:
        _check_known(connection, scripts)
        command.downgrade(_config(connection, scripts), to)
        _check_references(connection)


def newest(scripts: Path = MIGRATIONS) -> str:
    """The version that this program works with."""
    return str(ScriptDirectory(str(scripts)).get_current_head())


def knows(version: str, scripts: Path = MIGRATIONS) -> bool:
    """Whether this program can take a file of that version to the newest."""
    try:
        ScriptDirectory(str(scripts)).get_revision(version)
    except CommandError:
        return False
    return True


@contextmanager
def _exclusively(path: Path) -> Iterator[Connection]:
    """One transaction that holds the file for itself; the driver begins none of its own accord, so
    that changes of the schema are inside."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN EXCLUSIVE"))
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise StoreFailed(str(error.orig)) from error


def _config(connection: Connection, scripts: Path) -> Config:
    config = Config(stdout=io.StringIO())
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    return config


def _check_known(connection: Connection, scripts: Path) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and not knows(current, scripts):
        raise NewerDatabase(
            f"the database has schema {current}, which this version of the program does not know: "
            "run the newer version, or restore a backup"
        )


def _check_references(connection: Connection) -> None:
    """Foreign keys are off while tables are rebuilt, so all are checked before the commit."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise StoreFailed(f"the migration leaves {len(broken)} rows without what they refer to")
