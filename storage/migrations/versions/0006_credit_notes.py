"""The number of each refund's credit note."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Refunds that there are already are numbered in their order."""
    op.add_column("refunds", sa.Column("credit_note_number", sa.Integer(), nullable=True))
    op.execute(
        """UPDATE refunds SET credit_note_number = (
            SELECT number FROM (
                SELECT key, row_number() OVER (ORDER BY created_at, key) AS number FROM refunds
            ) AS numbered WHERE numbered.key = refunds.key)"""
    )
    with op.batch_alter_table("refunds") as refunds:
        refunds.alter_column("credit_note_number", existing_type=sa.Integer(), nullable=False)
        refunds.create_unique_constraint(
            op.f("uq_refunds_credit_note_number"), ["credit_note_number"]
        )
        refunds.create_index("ix_refunds_order_id", ["order_id"])


def downgrade() -> None:
    with op.batch_alter_table("refunds") as refunds:
        refunds.drop_index("ix_refunds_order_id")
        refunds.drop_constraint(op.f("uq_refunds_credit_note_number"), type_="unique")
        refunds.drop_column("credit_note_number")
