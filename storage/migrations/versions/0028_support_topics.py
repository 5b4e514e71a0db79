"""The topics of the operators' group, and how far what subscribers wrote has come there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("support_messages") as messages:
        messages.add_column(sa.Column("is_on_way", sa.Integer(), nullable=False, server_default="0"))
        messages.add_column(sa.Column("passed_on_at", sa.Integer(), nullable=True))
    with op.batch_alter_table("support_messages") as messages:
        messages.alter_column("is_on_way", server_default=None)
    op.create_table(
        "support_topics",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_support_topics_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "group_id", name=op.f("pk_support_topics")),
        sa.UniqueConstraint(
            "group_id", "thread_id", name=op.f("uq_support_topics_group_id_thread_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("support_topics")
    with op.batch_alter_table("support_messages") as messages:
        messages.drop_column("passed_on_at")
        messages.drop_column("is_on_way")
