"""Reconciliations: what each asked after, and what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reconciliations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliations")),
    )
    op.create_index(
        "ix_reconciliations_open",
        "reconciliations",
        ["id"],
        sqlite_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "reconciliation_questions",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("compared", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.Integer(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("became", sa.Text(), nullable=True),
        sa.Column("needs_operator", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["reconciliations.id"],
            name=op.f("fk_reconciliation_questions_round_id"),
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "compared", "subject", name=op.f("pk_reconciliation_questions")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_reconciliation_questions_open",
        "reconciliation_questions",
        ["compared", "subject"],
        unique=True,
        sqlite_where=sa.text("heard = 'not_yet'"),
    )
    op.create_index(
        "ix_reconciliation_questions_subject",
        "reconciliation_questions",
        ["compared", "subject", "asked_at"],
    )
    op.create_index(
        "ix_reconciliation_questions_asked_at", "reconciliation_questions", ["asked_at"]
    )
    op.create_index(
        "ix_payments_closed",
        "payments",
        ["changed_at"],
        sqlite_where=sa.text("status IN ('failed', 'cancelled', 'expired')"),
    )
    # The watch over the platform no longer reconciles: a timer of that kind would find nobody.
    op.execute("DELETE FROM timers WHERE key = 'platform:reconcile'")


def downgrade() -> None:
    op.execute("DELETE FROM timers WHERE key IN ('reconcile', 'reconcile:end')")
    op.drop_index("ix_payments_closed", "payments")
    op.drop_table("reconciliation_questions")
    op.drop_table("reconciliations")
