"""The tables of coupons: the codes, who holds or used them, who knows them, who guessed.

`storage.tables` explains the columns.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, Table

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import partial_index as _partial
from storage.columns import text_column as _text

coupons = Table(
    "coupons",
    metadata,
    _text("code", primary_key=True),
    _int("off_minor", null=True, comment="an amount off; else off_basis_points"),
    _int("off_basis_points", null=True),
    _text("currency", null=True, comment="of the amounts"),
    _int("offered", comment="1: proposed to everybody; 0: to those who know the code"),
    _text("cycles", comment="JSON: the billing cycles for which it is; empty: every one"),
    _int("first_renewal"),
    _int("once_a_subscriber"),
    _int("minimum_minor", null=True),
    _int("starts_at", null=True),
    _int("ends_at", null=True),
    _int("max_uses", null=True),
    _int("used", comment="orders that use or hold it"),
    _int("created_at"),
    CheckConstraint("(off_minor IS NULL) <> (off_basis_points IS NULL)", name="one_way_off"),
    CheckConstraint("max_uses IS NULL OR used <= max_uses", name="within_limit"),
    _partial("ix_coupons_offered", "code", where="offered = 1"),
)

coupon_holds = Table(
    "coupon_holds",
    metadata,
    _text("order_id", ForeignKey("orders.id"), primary_key=True),
    _text("code", ForeignKey("coupons.code")),
    _int("subscriber_id", ForeignKey("subscribers.id")),
    _int("once_a_subscriber", comment="as the coupon says"),
    _int("held_at"),
    _int("used_at", null=True, comment="when the order was paid"),
    _partial(
        "ix_coupon_holds_once", "subscriber_id", "code", unique=True, where="once_a_subscriber = 1"
    ),
    Index("ix_coupon_holds_subscriber", "subscriber_id", "code"),
    Index("ix_coupon_holds_code", "code"),
)

coupon_redemptions = Table(
    "coupon_redemptions",
    metadata,
    _int("subscriber_id", ForeignKey("subscribers.id"), primary_key=True),
    _text("code", ForeignKey("coupons.code"), primary_key=True),
    _int("redeemed_at", comment="when the subscriber typed a code that is not offered to all"),
)

coupon_tries = Table(
    "coupon_tries",
    metadata,
    _int("id", primary_key=True),
    _int("subscriber_id", ForeignKey("subscribers.id")),
    _int("tried_at", comment="when a code was typed that was not taken"),
    Index("ix_coupon_tries_subscriber", "subscriber_id", "tried_at"),
)
