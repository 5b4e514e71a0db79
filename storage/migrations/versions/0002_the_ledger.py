"""The ledger, with the rules that the database itself keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = (
    "accounts",
    "journal_seals",
    "journals",
    "postings",
)
"""In the order in which they refer to each other."""

_RULES = (
    """CREATE TRIGGER journal_seals_balanced BEFORE INSERT ON journal_seals
        WHEN NOT EXISTS (SELECT 1 FROM postings WHERE journal_key = NEW.journal_key)
          OR EXISTS (SELECT 1 FROM postings WHERE journal_key = NEW.journal_key
                     GROUP BY currency HAVING sum(amount_minor) <> 0)
        BEGIN SELECT RAISE(ABORT, 'journal is not balanced'); END""",
    """CREATE TRIGGER postings_not_after_seal BEFORE INSERT ON postings
        WHEN EXISTS (SELECT 1 FROM journal_seals WHERE journal_key = NEW.journal_key)
        BEGIN SELECT RAISE(ABORT, 'journal is sealed'); END""",
    """CREATE TRIGGER postings_above_minimum AFTER INSERT ON postings
        WHEN NEW.amount_minor < 0 AND (
            SELECT sum(p.amount_minor) < a.min_balance_minor
            FROM accounts a JOIN postings p ON p.account = a.code AND p.currency = a.currency
            WHERE a.code = NEW.account AND a.currency = NEW.currency
              AND a.min_balance_minor IS NOT NULL)
        BEGIN SELECT RAISE(ABORT, 'account below its minimum'); END""",
)
_APPEND_ONLY = ("accounts", "journals", "postings", "journal_seals", "order_events", "charges")


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "accounts",
        _text("code"),
        _text("currency"),
        _int("min_balance_minor", null=True),
        sa.PrimaryKeyConstraint("code", "currency", name=op.f("pk_accounts")),
    )
    op.create_table(
        "journal_seals",
        _text("journal_key"),
        sa.PrimaryKeyConstraint("journal_key", name=op.f("pk_journal_seals")),
    )
    op.create_table(
        "journals",
        _text("key"),
        _text("kind"),
        _text("order_id", null=True),
        _int("posted_at"),
        sa.ForeignKeyConstraint(
            ["key"],
            ["journal_seals.journal_key"],
            name=op.f("fk_journals_key"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_journals")),
    )
    op.create_index("ix_journals_order_id", "journals", ["order_id"])
    op.create_table(
        "postings",
        _int("id"),
        _text("journal_key"),
        _text("account"),
        _text("currency"),
        _int("amount_minor"),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_postings_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["account", "currency"],
            ["accounts.code", "accounts.currency"],
            name=op.f("fk_postings_account_currency"),
        ),
        sa.ForeignKeyConstraint(
            ["journal_key"], ["journals.key"], name=op.f("fk_postings_journal_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
    )
    op.create_index("ix_postings_account", "postings", ["account", "currency", "amount_minor"])
    op.create_index("ix_postings_journal_key", "postings", ["journal_key"])
    for rule in _RULES:
        op.execute(rule)
    for table in _APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"""CREATE TRIGGER {table}_append_only_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
            )


def downgrade() -> None:
    for table in ("order_events", "charges"):  # a table's own triggers go with it
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_append_only_{verb}")
    for table in reversed(_TABLES):
        op.drop_table(table)
