"""The schema's version: brings a database file to the newest, or back to an older one.

There is seldom a migration to run, and loading Alembic takes a good part of a start. So versions
are told by the names of the migrations' files, and only `storage.migration_run` knows Alembic.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from bot.services.events import StoreFailed
from storage.database import make_private

MIGRATIONS: Final = Path(__file__).parent / "migrations"


class NewerDatabase(StoreFailed):
    """The file was written by a newer version of the program; this one does not know its schema."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"the database has schema {version}, which this version of the program does not know: "
            "run the newer version, or restore a backup"
        )


def upgrade(path: Path, scripts: Path = MIGRATIONS) -> str:
    """Creates the file if need be and brings it to the newest schema; the version it has then.

    Raises `NewerDatabase`, `StoreFailed` when the file cannot be read or written.
    """
    make_private(path)
    if _stored(path) != newest(scripts):
        _check_known(path, scripts)
        from storage.migration_run import upgrade_to_newest  # noqa: PLC0415 - see above

        upgrade_to_newest(path, scripts)
    return newest(scripts)


def downgrade(path: Path, to: str, scripts: Path = MIGRATIONS) -> None:
    """Takes the file back to the version ``to`` (``base``: no tables at all).

    Raises `NewerDatabase`.
    """
    _check_known(path, scripts)
    from storage.migration_run import downgrade_to  # noqa: PLC0415 - see above

    downgrade_to(path, to, scripts)


def newest(scripts: Path = MIGRATIONS) -> str:
    """The version that this program works with."""
    return max(_versions(scripts))


def knows(version: str, scripts: Path = MIGRATIONS) -> bool:
    """Whether this program can take a file of that version to the newest."""
    return version in _versions(scripts)


def _versions(scripts: Path) -> set[str]:
    """``0001_the_trade.py`` is version ``0001``."""
    return {file.name.split("_")[0] for file in (scripts / "versions").glob("[0-9]*.py")}


def _stored(path: Path) -> str | None:
    """The version of the file; None when it has no schema yet. Raises `StoreFailed`."""
    try:
        with closing(sqlite3.connect(path)) as raw:
            if not raw.execute("PRAGMA table_info(alembic_version)").fetchall():
                return None
            row = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreFailed(str(error)) from error
    return row[0] if row else None


def _check_known(path: Path, scripts: Path) -> None:
    version = _stored(path)
    if version is not None and not knows(version, scripts):
        raise NewerDatabase(version)
