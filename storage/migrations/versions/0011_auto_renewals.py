"""Lines that are renewed by themselves, where their holder agreed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "auto_renewals",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("plan_code", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("card_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=True),
        sa.Column("announced_end_at", sa.Integer(), nullable=True),
        sa.Column("announced_at", sa.Integer(), nullable=True),
        sa.Column("announced_minor", sa.Integer(), nullable=True),
        sa.Column("done_end_at", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_auto_renewals_line_id")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_auto_renewals_subscriber_id")
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["kept_cards.id"], name=op.f("fk_auto_renewals_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_auto_renewals_order_id")
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_auto_renewals")),
    )
    op.create_index(
        "ix_auto_renewals_order",
        "auto_renewals",
        ["order_id"],
        sqlite_where=sa.text("order_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("auto_renewals")
    op.execute("DELETE FROM timers WHERE kind = 'auto_renewal'")
