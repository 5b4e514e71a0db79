"""Every version of the schema can be reached and left again, and never by half."""

from __future__ import annotations

import io
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot.services.events import StoreFailed
from storage import migrate
from storage.rules import RULES
from storage.tables import metadata

NEXT = '''
"""A version to come."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade() -> None:
    op.create_table("parcels", sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("counters") as counters:
        counters.add_column(sa.Column("note", sa.Text()))
    {then}


def downgrade() -> None:
    with op.batch_alter_table("counters") as counters:
        counters.drop_column("note")
    op.drop_table("parcels")
'''
KILLED = "__import__('os').kill(__import__('os').getpid(), 9)"
ORPHAN = """op.execute("INSERT INTO reading_requests VALUES (404, 0)")"""


def next_version(folder: Path, then: str = "pass") -> Path:
    """The migrations with one more."""
    scripts = Path(shutil.copytree(migrate.MIGRATIONS, folder / "migrations"))
    text = NEXT.format(newest=migrate.newest(), then=then)
    (scripts / "versions" / "9999_next.py").write_text(text)
    return scripts


def schema(raw: sqlite3.Connection) -> dict[str, list[str]]:
    """What there is, by name, as its words: the order of clauses says nothing."""
    rows = raw.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    )
    return {name: sorted(re.sub(r"[\s()\",]+", " ", sql).split()) for name, sql in rows}


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return list(raw.iterdump())


def fill(path: Path) -> None:
    """A row in what the migration rebuilds, and one behind the ledger's rules."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("INSERT INTO counters VALUES ('offset', 42)")
        raw.execute("INSERT INTO accounts VALUES ('wallet:1', 'CNY', 0)")


def test_migrating_leads_to_the_schema_that_the_code_is_written_against(blank: Path) -> None:
    engine = create_engine("sqlite://")
    with closing(sqlite3.connect(blank)) as raw, engine.begin() as connection:
        metadata.create_all(connection)
        for rule in RULES.values():
            connection.exec_driver_sql(rule)
        assert connection.connection.driver_connection is not None
        assert schema(raw) == schema(connection.connection.driver_connection)
    engine.dispose()


def test_alembic_finds_nothing_to_change() -> None:
    project = migrate.MIGRATIONS.parents[1] / "pyproject.toml"
    command.check(Config(toml_file=project, stdout=io.StringIO()))


def test_versions_are_named_by_their_files() -> None:
    scripts = ScriptDirectory(str(migrate.MIGRATIONS))
    assert scripts.get_heads() == [migrate.newest()]
    assert all(migrate.knows(script.revision) for script in scripts.walk_revisions())
    assert not migrate.knows("9999")


def test_migrating_again_changes_nothing(path: Path) -> None:
    fill(path)
    before = contents(path)
    assert migrate.upgrade(path) == migrate.newest()
    assert contents(path) == before


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    migrate.upgrade(tmp_path / "bot.db")
    assert stat.S_IMODE((tmp_path / "bot.db").stat().st_mode) == 0o600


def test_every_migration_can_be_undone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        before = schema(raw)
        migrate.downgrade(path, "base")
        assert schema(raw) == {}
        assert migrate.upgrade(path) == migrate.newest()
        assert schema(raw) == before


def test_an_upgrade_and_its_undoing_keep_the_data(path: Path, tmp_path: Path) -> None:
    fill(path)
    before = contents(path)
    with closing(sqlite3.connect(path)) as raw:
        schema_before = schema(raw)
    scripts = next_version(tmp_path)
    assert migrate.upgrade(path, scripts) == "9999"
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT * FROM counters").fetchall() == [("offset", 42, None)]
    migrate.downgrade(path, migrate.newest(), scripts)
    with closing(sqlite3.connect(path)) as raw:
        assert schema(raw) == schema_before
    assert set(contents(path)) >= {line for line in before if line.startswith("INSERT")}


def test_a_migration_killed_in_the_middle_leaves_the_file_as_it_was(
    path: Path, tmp_path: Path
) -> None:
    fill(path)
    before = contents(path)
    scripts = next_version(tmp_path, then=KILLED)
    run = (
        "from pathlib import Path; from storage import migrate; "
        f"migrate.upgrade(Path({str(path)!r}), Path({str(scripts)!r}))"
    )
    killed = subprocess.run([sys.executable, "-c", run], check=False, timeout=30)
    assert killed.returncode == -signal.SIGKILL
    assert contents(path) == before
    assert migrate.upgrade(path) == migrate.newest()


def test_a_migration_that_breaks_references_is_not_committed(path: Path, tmp_path: Path) -> None:
    before = contents(path)
    with pytest.raises(StoreFailed, match="1 rows"):
        migrate.upgrade(path, next_version(tmp_path, then=ORPHAN))
    assert contents(path) == before


@pytest.mark.parametrize("name", ["notes.txt", "no/such/folder/bot.db"])
def test_what_cannot_be_a_database_is_a_failed_store(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("not a database" * 1000)
    with pytest.raises(StoreFailed):
        migrate.upgrade(tmp_path / name)


def test_a_database_newer_than_the_program_is_refused_and_untouched(
    path: Path, tmp_path: Path
) -> None:
    migrate.upgrade(path, next_version(tmp_path))
    before = contents(path)
    with pytest.raises(migrate.NewerDatabase, match="9999"):
        migrate.upgrade(path)
    with pytest.raises(migrate.NewerDatabase, match="9999"):
        migrate.downgrade(path, "base")
    assert contents(path) == before
