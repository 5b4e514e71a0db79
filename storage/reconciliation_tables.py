"""The tables of the reconciliation: its rounds, and what each asked after.

`storage.tables` explains the columns.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Table

from storage.columns import int_column as _int
from storage.columns import metadata
from storage.columns import partial_index as _partial
from storage.columns import text_column as _text

reconciliations = Table(
    "reconciliations",
    metadata,
    _int("id", primary_key=True),
    _int("started_at"),
    _int("finished_at", null=True, comment="null: answers are awaited; of one round at most"),
    _partial("ix_reconciliations_open", "id", where="finished_at IS NULL"),
)

questions = Table(
    "reconciliation_questions",
    metadata,
    _int("round_id", ForeignKey("reconciliations.id"), primary_key=True),
    _text("compared", primary_key=True, comment="payment, refund or order"),
    _text("subject", primary_key=True, comment="our own key of it"),
    _text("order_id", null=True),
    _int("asked_at"),
    _text("heard", comment="not_yet, answer or nothing"),
    _text("was", null=True, comment="how it stood where the answer changed that; or why in vain"),
    _text("became", null=True),
    _int("needs_operator"),
    _partial(
        "ix_reconciliation_questions_open",
        "compared",
        "subject",
        unique=True,
        where="heard = 'not_yet'",
    ),
    Index("ix_reconciliation_questions_subject", "compared", "subject", "asked_at"),
    Index("ix_reconciliation_questions_asked_at", "asked_at"),
    sqlite_with_rowid=False,
)
