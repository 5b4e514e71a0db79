"""Cards that are kept at the platform, the way to pay chosen for a line, and which card pays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "kept_cards",
        _int("id"),
        _int("subscriber_id"),
        _text("ref"),
        _text("customer_ref"),
        _text("brand"),
        _text("last_four"),
        _int("expires_month"),
        _int("expires_year"),
        _int("kept_at"),
        _int("removed_at", null=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_kept_cards_subscriber_id")
        ),
        sa.UniqueConstraint("subscriber_id", "ref", name=op.f("uq_kept_cards_subscriber_id_ref")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_cards")),
    )
    op.create_index(
        "ix_kept_cards_subscriber",
        "kept_cards",
        ["subscriber_id"],
        sqlite_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "default_ways",
        _int("line_id"),
        _int("subscriber_id"),
        _text("method"),
        _int("card_id", null=True),
        _int("chosen_at"),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_default_ways_line_id")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["kept_cards.id"], name=op.f("fk_default_ways_card_id")
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_default_ways")),
    )
    with op.batch_alter_table("payments") as payments:
        payments.add_column(_int("card_id", null=True))
        payments.add_column(_int("keeps_card", null=True))
        payments.create_foreign_key(
            op.f("fk_payments_card_id"), "kept_cards", ["card_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("payments") as payments:
        payments.drop_constraint(op.f("fk_payments_card_id"), type_="foreignkey")
        payments.drop_column("keeps_card")
        payments.drop_column("card_id")
    op.drop_table("default_ways")
    op.drop_table("kept_cards")
