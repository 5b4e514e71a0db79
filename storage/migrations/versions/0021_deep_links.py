"""A deep link that needs a line waits for one to be linked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscribers", sa.Column("awaited_target", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("subscribers") as subscribers:
        subscribers.drop_column("awaited_target")
