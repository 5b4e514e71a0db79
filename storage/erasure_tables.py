"""The tables of erasures. `storage.tables` explains the columns."""

from __future__ import annotations

from sqlalchemy import Table

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import text_column as _text

erasures = Table(
    "erasures",
    metadata,
    _int("subscriber_id", primary_key=True, comment="until no trace is left; then the row goes"),
    _text("words", comment="JSON: what traces of the person are known by"),
    _int("asked_at"),
)

salts = Table(
    "salts",
    metadata,
    _text("name", primary_key=True, comment="what is sealed with it"),
    _text("salt", comment="random, hexadecimal, of this database alone"),
)
