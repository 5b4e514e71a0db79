"""An order's disputes are found by the order: its card asks each time it is shown."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_disputes_order_id", "disputes", ["order_id", "opened_at"])


def downgrade() -> None:
    op.drop_index("ix_disputes_order_id", "disputes")
