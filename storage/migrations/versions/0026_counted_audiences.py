"""An announcement's audience is counted a page at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_COLUMNS = ("counted", "counted_to", "counted_at")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("announcements", sa.Column(name, sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("announcements") as announcements:
        for name in _COLUMNS:
            announcements.drop_column(name)
