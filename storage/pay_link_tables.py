"""The tables of links by which somebody else may pay an order: who made and who followed one.

`storage.tables` explains the columns.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Table

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import text_column as _text

pay_links = Table(
    "pay_links",
    metadata,
    _text("token_hash", primary_key=True),
    _text("order_id", ForeignKey("orders.id")),
    _int("made_at"),
    _int("ended_at", null=True, comment="when the order's subscriber took it back"),
    Index("ix_pay_links_order_id", "order_id"),
    Index("ix_pay_links_made_at", "made_at"),
)

pay_link_followers = Table(
    "pay_link_followers",
    metadata,
    _int("id", primary_key=True),
    _text("token_hash", ForeignKey("pay_links.token_hash")),
    _int("subscriber_id", ForeignKey("subscribers.id")),
    _int("followed_at"),
    Index("ix_pay_link_followers_once", "token_hash", "subscriber_id", unique=True),
    Index("ix_pay_link_followers_subscriber_id", "subscriber_id"),
    Index("ix_pay_link_followers_followed_at", "followed_at"),
)

pay_link_tries = Table(
    "pay_link_tries",
    metadata,
    _int("id", primary_key=True),
    _int("subscriber_id", ForeignKey("subscribers.id")),
    _int("tried_at", comment="when a link was followed that is none, or none any more"),
    Index("ix_pay_link_tries_subscriber", "subscriber_id", "tried_at"),
)
