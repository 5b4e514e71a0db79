"""The tables of announcements. `storage.tables` explains the columns.

Of a recipient they hold the chat's and the message's id, and nothing else.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Table

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import partial_index as _partial
from storage.columns import text_column as _text

announcements = Table(
    "announcements",
    metadata,
    _int("id", primary_key=True),
    _int("created_by", comment="the operator's Telegram id"),
    _int("created_at"),
    _text("status", comment="draft, scheduled, planning, running, paused, done, stopped"),
    _text("audience", comment="all, plan, ending, lapsed, language, never, number"),
    _text("audience_value"),
    _text("category", comment="news or promotion"),
    _int("silent"),
    _int("tested", comment="1: its author has seen it as it is"),
    _int("starts_at", null=True),
    _int("local_time", comment="1: starts_at by the clock of each recipient"),
    _int("started_at", null=True),
    _int("ended_at", null=True),
    _text("doing", comment="send, correct or recall"),
    _int("planned_to", comment="recipients up to this chat are planned"),
    _text("trouble", null=True, comment="why it paused by itself: Telegram's words"),
    _int("counted", null=True, comment="so many up to counted_to would be written to"),
    _int("counted_to", null=True, comment="null: all people are counted, if counted_at is set"),
    _int("counted_at", null=True),
    Index("ix_announcements_created_by", "created_by", "status"),
)

announcement_versions = Table(
    "announcement_versions",
    metadata,
    _int("announcement_id", ForeignKey("announcements.id"), primary_key=True),
    _text("language", primary_key=True),
    _text("content", comment="text, photo, video or document"),
    _text("html"),
    _text("file_id", null=True),
    _text("buttons", comment="JSON"),
    _int("position", comment="the first one is read by those who speak no other"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _int("announcement_id", ForeignKey("announcements.id"), primary_key=True),
    _int("chat_id", primary_key=True),
    _text("status"),
    _text("todo", null=True, comment="send, correct or recall; null: nothing, or under way"),
    _int("not_before_at"),
    _int("message_id", null=True),
    _text("afterwards", null=True, comment="what became of it: corrected, recalled, refused"),
    _int("changed_at", null=True),
    _partial(
        "ix_deliveries_todo", "announcement_id", "not_before_at", "chat_id",
        where="todo IS NOT NULL",
    ),
    _partial("ix_deliveries_sending", "announcement_id", where="status = 'sending'"),
    _partial("ix_deliveries_failed", "announcement_id", where="status = 'failed'"),
    _partial("ix_deliveries_under_way", "announcement_id", where="afterwards = 'under_way'"),
    Index("ix_deliveries_chat_id", "chat_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

announcement_tallies = Table(
    "announcement_tallies",
    metadata,
    _int("announcement_id", primary_key=True),
    _text("name", primary_key=True, comment="a delivery's status, or what became of it afterwards"),
    _int("number"),
    sqlite_with_rowid=False,
)

announcement_clicks = Table(
    "announcement_clicks",
    metadata,
    _int("announcement_id", primary_key=True),
    _int("button", primary_key=True),
    _int("chat_id", primary_key=True),
    _int("clicked_at"),
    Index("ix_announcement_clicks_chat_id", "chat_id"),
    sqlite_with_rowid=False,
)
