"""When purchases paused, and what operators were paged about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "maintenance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("began_by", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance")),
    )
    op.create_index(
        "ix_maintenance_open",
        "maintenance",
        ["began_at"],
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.Integer(), nullable=True),
        sa.UniqueConstraint("what", "facts", name=op.f("uq_pages_what_facts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
    )
    op.create_index(
        "ix_pages_untold", "pages", ["id"], sqlite_where=sa.text("told_at IS NULL")
    )


def downgrade() -> None:
    op.drop_table("pages")
    op.drop_table("maintenance")
    op.execute("DELETE FROM timers WHERE kind = 'operators_page'")
