"""Links by which somebody else may pay an order, and who paid one that is not theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orders") as orders:
        orders.add_column(sa.Column("paid_by", sa.Integer(), nullable=True))
        orders.create_foreign_key(
            op.f("fk_orders_paid_by"), "subscribers", ["paid_by"], ["id"]
        )
    op.create_table(
        "pay_links",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_pay_links_order_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_pay_links")),
    )
    op.create_index("ix_pay_links_order_id", "pay_links", ["order_id"])
    op.create_index("ix_pay_links_made_at", "pay_links", ["made_at"])
    op.create_table(
        "pay_link_followers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("followed_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_hash"], ["pay_links.token_hash"], name=op.f("fk_pay_link_followers_token_hash")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_pay_link_followers_subscriber_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_link_followers")),
    )
    op.create_index(
        "ix_pay_link_followers_once",
        "pay_link_followers",
        ["token_hash", "subscriber_id"],
        unique=True,
    )
    op.create_index("ix_pay_link_followers_followed_at", "pay_link_followers", ["followed_at"])
    op.create_table(
        "pay_link_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_pay_link_tries_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_link_tries")),
    )
    op.create_index(
        "ix_pay_link_tries_subscriber", "pay_link_tries", ["subscriber_id", "tried_at"]
    )


def downgrade() -> None:
    op.drop_table("pay_link_tries")
    op.drop_table("pay_link_followers")
    op.drop_table("pay_links")
    with op.batch_alter_table("orders") as orders:
        orders.drop_constraint(op.f("fk_orders_paid_by"), type_="foreignkey")
        orders.drop_column("paid_by")
