"""What subscribers want to be told and when not, and what they call their lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("news", sa.Integer(), nullable=False),
        sa.Column("promotions", sa.Integer(), nullable=False),
        sa.Column("quiet_from_minute", sa.Integer(), nullable=True),
        sa.Column("quiet_to_minute", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("alert_most_used", sa.Integer(), nullable=False),
        sa.Column("alert_all_used", sa.Integer(), nullable=False),
        sa.Column("alert_ending", sa.Integer(), nullable=False),
        sa.Column("alert_ended", sa.Integer(), nullable=False),
        sa.Column("alert_started", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_preferences_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("subscriber_id", name=op.f("pk_preferences")),
    )
    op.create_table(
        "muted_lines",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_muted_lines_subscriber_id")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_muted_lines_line_id")),
        sa.PrimaryKeyConstraint("subscriber_id", "line_id", "kind", name=op.f("pk_muted_lines")),
        sqlite_with_rowid=False,
    )
    op.add_column("line_links", sa.Column("name", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("line_links", "name")
    op.drop_table("muted_lines")
    op.drop_table("preferences")
