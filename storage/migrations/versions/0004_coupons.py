"""Coupons, what orders hold of them, and the discount on an order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = ("coupons", "coupon_holds", "coupon_redemptions", "coupon_tries")
"""In the order in which they refer to each other."""


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.add_column("orders", _text("coupon_code", null=True))
    op.add_column("orders", _int("discount_minor", null=True))
    op.create_table(
        "coupons",
        _text("code"),
        _int("off_minor", null=True),
        _int("off_basis_points", null=True),
        _text("currency", null=True),
        _int("offered"),
        _text("cycles"),
        _int("first_renewal"),
        _int("once_a_subscriber"),
        _int("minimum_minor", null=True),
        _int("starts_at", null=True),
        _int("ends_at", null=True),
        _int("max_uses", null=True),
        _int("used"),
        _int("created_at"),
        sa.CheckConstraint(
            "(off_minor IS NULL) <> (off_basis_points IS NULL)", name=op.f("ck_coupons_one_way_off")
        ),
        sa.CheckConstraint(
            "max_uses IS NULL OR used <= max_uses", name=op.f("ck_coupons_within_limit")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_coupons")),
    )
    op.create_index("ix_coupons_offered", "coupons", ["code"], sqlite_where=sa.text("offered = 1"))
    op.create_table(
        "coupon_holds",
        _text("order_id"),
        _text("code"),
        _int("subscriber_id"),
        _int("once_a_subscriber"),
        _int("held_at"),
        _int("used_at", null=True),
        sa.ForeignKeyConstraint(["code"], ["coupons.code"], name=op.f("fk_coupon_holds_code")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_coupon_holds_order_id")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_coupon_holds_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_coupon_holds")),
    )
    op.create_index("ix_coupon_holds_code", "coupon_holds", ["code"])
    op.create_index(
        "ix_coupon_holds_once",
        "coupon_holds",
        ["subscriber_id", "code"],
        unique=True,
        sqlite_where=sa.text("once_a_subscriber = 1"),
    )
    op.create_index("ix_coupon_holds_subscriber", "coupon_holds", ["subscriber_id", "code"])
    op.create_table(
        "coupon_redemptions",
        _int("subscriber_id"),
        _text("code"),
        _int("redeemed_at"),
        sa.ForeignKeyConstraint(
            ["code"], ["coupons.code"], name=op.f("fk_coupon_redemptions_code")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_coupon_redemptions_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "code", name=op.f("pk_coupon_redemptions")),
    )
    op.create_table(
        "coupon_tries",
        _int("id"),
        _int("subscriber_id"),
        _int("tried_at"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_coupon_tries_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_tries")),
    )
    op.create_index("ix_coupon_tries_subscriber", "coupon_tries", ["subscriber_id", "tried_at"])


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_column("orders", "discount_minor")
    op.drop_column("orders", "coupon_code")
