"""What was earned and paid in a span, and which lines' service ends in it, is found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_journals_earning",
        "journals",
        ["posted_at"],
        sqlite_where=sa.text("kind IN ('activation', 'reversal')"),
    )
    op.create_index(
        "ix_orders_paid", "orders", ["paid_at"], sqlite_where=sa.text("confirmed_at IS NOT NULL")
    )
    op.create_index("ix_entitlements_ends", "entitlements", ["ends_at", "starts_at", "line_id"])


def downgrade() -> None:
    op.drop_index("ix_entitlements_ends", "entitlements")
    op.drop_index("ix_orders_paid", "orders")
    op.drop_index("ix_journals_earning", "journals")
