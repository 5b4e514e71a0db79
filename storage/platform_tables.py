"""The tables of the payment platform's doings. `storage.tables` explains the columns."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Table

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import text_column as _text

disputes = Table(
    "disputes",
    metadata,
    _text("ref", primary_key=True, comment="the platform's own key"),
    _text("order_id", ForeignKey("orders.id"), comment="flagged by this row"),
    _text("charge_id"),
    _int("amount_minor"),
    _text("currency"),
    _text("state", comment="inquiry, open, won or lost"),
    _int("opened_at"),
    Index("ix_disputes_order_id", "order_id", "opened_at"),
)

cursors = Table(
    "cursors",
    metadata,
    _text("name", primary_key=True),
    _text("value", comment="up to where something outside was read"),
)
