"""Alembic's environment: the connection comes from `storage.migrate`, or from ``-x database=PATH``
on the command line."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine

from storage.tables import metadata


def _run(connection: Connection) -> None:
    # SQLite alters tables by rebuilding them (batch mode).
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


if (given := context.config.attributes.get("connection")) is not None:
    _run(given)
else:
    database = context.get_x_argument(as_dictionary=True)["database"]
    with create_engine(f"sqlite:///{database}").begin() as connection:
        _run(connection)
