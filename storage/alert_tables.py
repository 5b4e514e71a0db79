"""What was told of lines by itself; `storage.tables` explains the columns."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Table

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import text_column as _text

alerts_sent = Table(
    "alerts_sent",
    metadata,
    _int("line_id", ForeignKey("lines.id"), primary_key=True),
    _text("kind", primary_key=True),
    _text("period", primary_key=True, comment="the day, the end or the order that it was about"),
    _int("sent_at"),
    Index("ix_alerts_sent_sent_at", "sent_at"),
    sqlite_with_rowid=False,
)
