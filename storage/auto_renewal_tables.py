"""The table of auto-renewals. `storage.tables` explains the columns."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Table

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import partial_index as _partial
from storage.columns import text_column as _text

auto_renewals = Table(
    "auto_renewals",
    metadata,
    _int("line_id", ForeignKey("lines.id"), primary_key=True),
    _int("subscriber_id", ForeignKey("subscribers.id"), comment="the holder who agreed"),
    _text("plan_code"),
    _int("price_minor", comment="agreed to, or announced before the last charge"),
    _text("currency"),
    _text("method", null=True, comment="null: only a reminder is wanted"),
    _int("card_id", ForeignKey("kept_cards.id"), null=True),
    _int("agreed_at"),
    _int("end_at", null=True, comment="of all that the line has, when last looked at"),
    _int("announced_end_at", null=True, comment="the period that was announced"),
    _int("announced_at", null=True),
    _int("announced_minor", null=True),
    _int("done_end_at", null=True, comment="the period last charged, reminded of or skipped"),
    _text("order_id", ForeignKey("orders.id"), null=True, comment="the last one made by itself"),
    Index("ix_auto_renewals_subscriber_id", "subscriber_id"),
    _partial("ix_auto_renewals_order", "order_id", where="order_id IS NOT NULL"),
)
