"""The tables of the runtime: what came, what leaves, what stands in the chats, what is waited for.

`storage.tables` explains the columns.
"""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import partial_index as _partial
from storage.columns import text_column as _text

inbox = Table(
    "inbox",
    metadata,
    _int("id", primary_key=True),
    _text("source", comment="telegram, carrier, timer"),
    _text("source_id", comment="what makes the event one: update_id, effect and attempt, timer"),
    _text("kind"),
    _int("urgent", comment="1: decided ahead of everything else (pre-checkout)"),
    _text("payload", comment="JSON as it came"),
    _int("received_at"),
    _int("decided_at", null=True),
    UniqueConstraint("source", "source_id"),
    _partial("ix_inbox_undecided", "id", where="decided_at IS NULL"),
    _partial("ix_inbox_decided", "decided_at", where="decided_at IS NOT NULL"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    _int("id", primary_key=True),
    _text("source"),
    _text("source_id"),
    _text("kind"),
    _text("payload"),
    _text("reference", comment="what the person was told to quote"),
    _text("error"),
    _int("failed_at"),
)

outbox = Table(
    "outbox",
    metadata,
    _int("id", primary_key=True),
    _text("courier", comment="telegram, carrier, payments or announcements"),
    _int("lane", comment="0 answers, 1 interactive, 2 bulk"),
    _int("chat_id", null=True, comment="effects of one chat leave in the order of their ids"),
    _text("kind", comment="a Bot API method, or an operation of the carrier port"),
    _text("payload", comment="JSON"),
    _text("slot", null=True, comment="telegram: the chat's message that this fills or edits"),
    _text("status", comment="pending, done, failed"),
    _int("attempts"),
    _int("not_before_at", null=True),
    _int("created_at"),
    _int("done_at", null=True),
    _text("error", null=True),
    _partial("ix_outbox_pending", "courier", "id", where="status = 'pending'"),
    _partial("ix_outbox_failed", "chat_id", where="status = 'failed'"),
    _partial("ix_outbox_done", "done_at", where="done_at IS NOT NULL"),
)

chat_messages = Table(
    "chat_messages",
    metadata,
    _int("chat_id", primary_key=True),
    _text("slot", primary_key=True, comment="panel, chart or order:<id>"),
    _int("message_id", null=True, comment="null until the courier has sent it"),
    _text("shows", comment="the screen that stands in it"),
    _text("subject", null=True, comment="what the screen is about: a line or an order"),
    _int("shown_at"),
    Index("ix_chat_messages_subject", "subject", "shows"),
)

timers = Table(
    "timers",
    metadata,
    _text("key", primary_key=True),
    _text("kind"),
    _text("payload"),
    _int("due_at"),
    Index("ix_timers_due_at", "due_at"),
)

conversations = Table(
    "conversations",
    metadata,
    _text("name", primary_key=True),
    _text("key", primary_key=True, comment="JSON list of chat and user id"),
    _text("state"),
    _int("updated_at"),
)

counters = Table(
    "counters",
    metadata,
    _text("name", primary_key=True),
    _int("value"),
)
