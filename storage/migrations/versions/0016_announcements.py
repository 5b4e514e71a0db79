"""Announcements, and one delivery a recipient."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "announcements",
        _int("id"),
        _int("created_by"),
        _int("created_at"),
        _text("status"),
        _text("audience"),
        _text("audience_value"),
        _text("category"),
        _int("silent"),
        _int("tested"),
        _int("starts_at", null=True),
        _int("local_time"),
        _int("started_at", null=True),
        _int("ended_at", null=True),
        _text("doing"),
        _int("planned_to"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_index("ix_announcements_created_by", "announcements", ["created_by", "status"])
    op.create_table(
        "announcement_versions",
        _int("announcement_id"),
        _text("language"),
        _text("content"),
        _text("html"),
        _text("file_id", null=True),
        _text("buttons"),
        _int("position"),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_announcement_versions_announcement_id"),
        ),
        sa.PrimaryKeyConstraint(
            "announcement_id", "language", name=op.f("pk_announcement_versions")
        ),
    )
    op.create_table(
        "deliveries",
        _int("announcement_id"),
        _int("chat_id"),
        _text("status"),
        _text("todo", null=True),
        _int("not_before_at"),
        _int("message_id", null=True),
        _text("afterwards", null=True),
        _int("changed_at", null=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_deliveries_announcement_id")
        ),
        sa.PrimaryKeyConstraint("announcement_id", "chat_id", name=op.f("pk_deliveries")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_deliveries_todo",
        "deliveries",
        ["announcement_id", "not_before_at", "chat_id"],
        sqlite_where=sa.text("todo IS NOT NULL"),
    )
    op.create_index(
        "ix_deliveries_sending",
        "deliveries",
        ["announcement_id"],
        sqlite_where=sa.text("status = 'sending'"),
    )
    op.create_index(
        "ix_deliveries_under_way",
        "deliveries",
        ["announcement_id"],
        sqlite_where=sa.text("afterwards = 'under_way'"),
    )
    op.create_index("ix_deliveries_chat_id", "deliveries", ["chat_id"])
    op.create_table(
        "announcement_tallies",
        _int("announcement_id"),
        _text("name"),
        _int("number"),
        sa.PrimaryKeyConstraint("announcement_id", "name", name=op.f("pk_announcement_tallies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "announcement_clicks",
        _int("announcement_id"),
        _int("button"),
        _int("chat_id"),
        _int("clicked_at"),
        sa.PrimaryKeyConstraint(
            "announcement_id", "button", "chat_id", name=op.f("pk_announcement_clicks")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_announcement_clicks_chat_id", "announcement_clicks", ["chat_id"])


def downgrade() -> None:
    for table in (
        "announcement_clicks", "announcement_tallies", "deliveries", "announcement_versions",
        "announcements",
    ):  # fmt: skip
        op.drop_table(table)
    op.execute("DELETE FROM timers WHERE kind LIKE 'announcement_%'")
    op.execute("DELETE FROM outbox WHERE courier = 'announcements'")
