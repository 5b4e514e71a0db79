"""What every table is made of: the one metadata, and the two kinds of column that there are."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, MetaData, Text, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def int_column(name: str, *rest: object, null: bool = False, **options: object) -> Column[int]:
    return Column(name, Integer, *rest, nullable=null, **options)  # type: ignore[arg-type]


def text_column(name: str, *rest: object, null: bool = False, **options: object) -> Column[str]:
    return Column(name, Text, *rest, nullable=null, **options)  # type: ignore[arg-type]


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of those rows only that are looked for."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where))
