"""The tables of the operator's desk: who has which role, and what was done.

`storage.tables` explains the columns. The database itself keeps the audit as it was written: see
`storage.rules`.
"""

from __future__ import annotations

from sqlalchemy import Table, UniqueConstraint

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import partial_index as _partial
from storage.columns import text_column as _text

operators = Table(
    "operators",
    metadata,
    _int("id", primary_key=True),
    _int("subscriber_id", comment="the Telegram user id: an operator need not have written yet"),
    _text("role"),
    _int("granted_by", null=True, comment="null: by the settings or at the terminal"),
    _int("granted_at"),
    _int("revoked_at", null=True),
    _partial("ix_operators_one_role", "subscriber_id", unique=True, where="revoked_at IS NULL"),
)

audit = Table(
    "audit",
    metadata,
    _int("id", primary_key=True),
    _int("who", null=True, comment="null: by the settings or at the terminal"),
    _text("deed"),
    _text("subject"),
    _text("before", null=True, comment="JSON"),
    _text("after", null=True, comment="JSON"),
    _int("done_at"),
)

maintenance = Table(
    "maintenance",
    metadata,
    _int("id", primary_key=True),
    _int("began_by"),
    _int("began_at"),
    _int("ended_at", null=True),
    _partial("ix_maintenance_open", "began_at", where="ended_at IS NULL"),
)

pages = Table(
    "pages",
    metadata,
    _int("id", primary_key=True),
    _text("what"),
    _text("facts", comment="JSON: ids only"),
    _int("raised_at"),
    _int("told_at", null=True, comment="null: goes with the next message to the operators"),
    UniqueConstraint("what", "facts"),
    _partial("ix_pages_untold", "id", where="told_at IS NULL"),
)
