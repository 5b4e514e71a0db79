"""Runs migrations, with Alembic.

A migration and the record that it ran share one transaction with every other migration of the same
call: killed in the middle, it leaves the file as it was.
"""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from bot.services.events import StoreFailed


def upgrade_to_newest(path: Path, scripts: Path) -> None:
    with _exclusively(path) as connection:
        command.upgrade(_config(connection, scripts), "head")
        _check_references(connection)


def downgrade_to(path: Path, version: str, scripts: Path) -> None:
    with _exclusively(path) as connection:
        command.downgrade(_config(connection, scripts), version)
        _check_references(connection)


@contextmanager
def _exclusively(path: Path) -> Iterator[Connection]:
    """One transaction that holds the file for itself; the driver begins none of its own accord, so
    that changes of the schema are inside. Raises `StoreFailed`."""

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


def _check_references(connection: Connection) -> None:
    """Foreign keys are off while tables are rebuilt, so all are checked before the commit."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise StoreFailed(f"the migration leaves {len(broken)} rows without what they refer to")
