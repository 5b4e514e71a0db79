"""The tables of kept cards and of the way to pay chosen for a line.

`storage.tables` explains the columns. No table holds a card number: the platform does.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Table, UniqueConstraint

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import partial_index as _partial
from storage.columns import text_column as _text

kept_cards = Table(
    "kept_cards",
    metadata,
    _int("id", primary_key=True),
    _int("subscriber_id", ForeignKey("subscribers.id")),
    _text("ref", comment="the platform's own key of the card"),
    _text("customer_ref", comment="the platform's own key of the subscriber"),
    _text("brand"),
    _text("last_four"),
    _int("expires_month"),
    _int("expires_year"),
    _int("kept_at"),
    _int("removed_at", null=True, comment="never charged again"),
    UniqueConstraint("subscriber_id", "ref"),
    _partial("ix_kept_cards_subscriber", "subscriber_id", where="removed_at IS NULL"),
)

default_ways = Table(
    "default_ways",
    metadata,
    _int("line_id", ForeignKey("lines.id"), primary_key=True),
    _int("subscriber_id", comment="who chose it: another holder of the line has not"),
    _text("method"),
    _int("card_id", ForeignKey("kept_cards.id"), null=True),
    _int("chosen_at"),
    Index("ix_default_ways_subscriber_id", "subscriber_id"),
)
