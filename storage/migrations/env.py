"""Alembic's environment.

`storage.migration_run` brings the connection of the database that it migrates. The command line has
none: ``alembic check`` and ``alembic revision --autogenerate`` compare the tables with a database
in memory to which every migration has just been applied.
"""

from __future__ import annotations

from alembic import context
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from storage.tables import metadata


def _run(connection: Connection) -> None:
    # SQLite alters tables by rebuilding them (batch mode).
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


def _migrate_all(connection: Connection) -> None:
    scripts = ScriptDirectory.from_config(context.config)
    migration = MigrationContext.configure(
        connection,
        opts={
            "fn": lambda revision, _: scripts._upgrade_revs("head", revision),
            "target_metadata": metadata,
        },
    )
    with Operations.context(migration):
        migration.run_migrations()


if (given := context.config.attributes.get("connection")) is not None:
    _run(given)
else:
    with create_engine("sqlite://").begin() as in_memory:
        _migrate_all(in_memory)
        _run(in_memory)
