"""The tables of support: cases, what was written in them, and the topics of the operators' group.

`storage.tables` explains the columns.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Table, UniqueConstraint

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import partial_index as _partial
from storage.columns import text_column as _text

support_cases = Table(
    "support_cases",
    metadata,
    _int("id", primary_key=True),
    _int("subscriber_id", ForeignKey("subscribers.id")),
    _text("order_id", ForeignKey("orders.id"), null=True),
    _text("why", comment="asked, or delayed: an order takes too long"),
    _text("status", comment="open or closed"),
    _int("at_desk", comment="1: answered at the desk, not in the operators' group"),
    _int("opened_at"),
    _int("closed_at", null=True),
    _int("asked_at", null=True, comment="of the first message since the last answer"),
    _int("answered_at", null=True),
    Index("ix_support_cases_subscriber_id", "subscriber_id"),
    _partial("ix_support_cases_one_open", "subscriber_id", unique=True, where="status = 'open'"),
    _partial("ix_support_cases_at_desk", "asked_at", where="status = 'open' AND at_desk = 1"),
    _partial("ix_support_cases_closed", "closed_at", where="status = 'closed'"),
)

support_messages = Table(
    "support_messages",
    metadata,
    _int("id", primary_key=True),
    _int("case_id", ForeignKey("support_cases.id")),
    _int("message_id", comment="in the subscriber's private chat"),
    _text("kind", comment="Telegram's: text, photo, voice …"),
    _text("words", null=True, comment="text or caption; null once it is in the group"),
    _int("sent_at"),
    _int("is_on_way", comment="1: the courier has it, or has brought it into the group"),
    _int("passed_on_at", null=True, comment="since when it is in the operators' group"),
    UniqueConstraint("case_id", "message_id"),
)

support_topics = Table(
    "support_topics",
    metadata,
    _int("subscriber_id", ForeignKey("subscribers.id"), primary_key=True),
    _int("group_id", primary_key=True),
    _int("thread_id", null=True, comment="null while the topic is being opened"),
    _int("at", comment="when it was opened, or asked for"),
    UniqueConstraint("group_id", "thread_id"),
)
