"""The runtime: what arrived, what must leave, what is due, where conversations stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = (
    "inbox",
    "dead_letters",
    "outbox",
    "chat_messages",
    "timers",
    "conversations",
    "counters",
)
"""In the order in which they refer to each other."""


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "inbox",
        _int("id"),
        _text("source"),
        _text("source_id"),
        _text("kind"),
        _int("urgent"),
        _text("payload"),
        _int("received_at"),
        _int("decided_at", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_inbox_source_source_id")),
    )
    op.create_index(
        "ix_inbox_decided", "inbox", ["decided_at"], sqlite_where=sa.text("decided_at IS NOT NULL")
    )
    op.create_index(
        "ix_inbox_undecided", "inbox", ["id"], sqlite_where=sa.text("decided_at IS NULL")
    )
    op.create_table(
        "dead_letters",
        _int("id"),
        _text("source"),
        _text("source_id"),
        _text("kind"),
        _text("payload"),
        _text("reference"),
        _text("error"),
        _int("failed_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    op.create_table(
        "outbox",
        _int("id"),
        _text("courier"),
        _int("lane"),
        _int("chat_id", null=True),
        _text("kind"),
        _text("payload"),
        _text("slot", null=True),
        _text("status"),
        _int("attempts"),
        _int("not_before_at", null=True),
        _int("created_at"),
        _int("done_at", null=True),
        _text("error", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_done", "outbox", ["done_at"], sqlite_where=sa.text("done_at IS NOT NULL")
    )
    op.create_index(
        "ix_outbox_pending", "outbox", ["courier", "id"], sqlite_where=sa.text("status = 'pending'")
    )
    op.create_table(
        "chat_messages",
        _int("chat_id"),
        _text("slot"),
        _int("message_id", null=True),
        _text("shows"),
        _text("subject", null=True),
        _int("shown_at"),
        sa.PrimaryKeyConstraint("chat_id", "slot", name=op.f("pk_chat_messages")),
    )
    op.create_index("ix_chat_messages_subject", "chat_messages", ["subject", "shows"])
    op.create_table(
        "timers",
        _text("key"),
        _text("kind"),
        _text("payload"),
        _int("due_at"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_timers")),
    )
    op.create_index("ix_timers_due_at", "timers", ["due_at"])
    op.create_table(
        "conversations",
        _text("name"),
        _text("key"),
        _text("state"),
        _int("updated_at"),
        sa.PrimaryKeyConstraint("name", "key", name=op.f("pk_conversations")),
    )
    op.create_table(
        "counters",
        _text("name"),
        _int("value"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
