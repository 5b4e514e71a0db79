"""An announcement that Telegram takes of nobody pauses and says why; whom it was refused are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("announcements", sa.Column("trouble", sa.Text(), nullable=True))
    op.create_index(
        "ix_deliveries_failed",
        "deliveries",
        ["announcement_id"],
        sqlite_where=sa.text("status = 'failed'"),
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_failed", "deliveries")
    with op.batch_alter_table("announcements") as announcements:
        announcements.drop_column("trouble")
