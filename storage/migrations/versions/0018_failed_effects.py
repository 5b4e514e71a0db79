"""What could not be sent to a chat is found without looking through all that was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_outbox_failed", "outbox", ["chat_id"], sqlite_where=sa.text("status = 'failed'")
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_failed", "outbox")
