"""Where a line was used, by day, as far as the carrier says it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_countries",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("used_bytes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("line_id", "day", "country", name=op.f("pk_usage_countries")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("usage_countries")
