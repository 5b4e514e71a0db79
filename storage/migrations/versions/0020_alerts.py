"""What was told of lines by itself; the lines that are linked already begin to be watched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Within the first hour after the upgrade, not all at once.
_WATCH = r"""
    INSERT INTO timers (key, kind, payload, due_at)
    SELECT 'line\:' || line_id || '\:watch', 'line_watch', '{"line_id"\:' || line_id || '}',
           (CAST(strftime('%s', 'now') AS INTEGER) + line_id % 3600) * 1000000
    FROM line_links WHERE revoked_at IS NULL
"""


def upgrade() -> None:
    op.create_table(
        "alerts_sent",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_alerts_sent_line_id")),
        sa.PrimaryKeyConstraint("line_id", "kind", "period", name=op.f("pk_alerts_sent")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_alerts_sent_sent_at", "alerts_sent", ["sent_at"])
    op.execute(_WATCH)


def downgrade() -> None:
    op.drop_table("alerts_sent")
    op.execute("DELETE FROM timers WHERE kind = 'line_watch'")
