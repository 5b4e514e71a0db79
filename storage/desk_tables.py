"""The tables of the operator's desk: who has which role, and what was done.

`storage.tables` explains the columns. The database itself keeps the audit as it was written: see
`storage.rules`.
"""

from __future__ import annotations

from sqlalchemy import Table

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
