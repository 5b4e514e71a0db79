"""People can be forgotten: who they were gives way to a pseudonym, and nothing else changes.

The audit, the charges and the history of orders stay append-only, but for that: the database lets a
person's id be replaced by a pseudonym, and free words be taken away. What finds a person's rows is
indexed, since removing a person looks for them in every table.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_TABLES = ("audit", "charges", "order_events")
_RULES = (
    """
    CREATE TRIGGER charges_append_only_update BEFORE UPDATE ON charges
    WHEN (NEW.id IS OLD.id AND NEW.payment_id IS OLD.payment_id
      AND NEW.order_id IS OLD.order_id AND NEW.amount_minor IS OLD.amount_minor
      AND NEW.currency IS OLD.currency AND NEW.platform_ref IS OLD.platform_ref
      AND NEW.settlement IS OLD.settlement AND NEW.charged_at IS OLD.charged_at
      AND (NEW.payer_id IS OLD.payer_id
           OR NEW.payer_id >= 100000000000000000 AND OLD.payer_id < 100000000000000000)) IS NOT TRUE
    BEGIN SELECT RAISE(ABORT, 'charges is append-only'); END""",
    """
    CREATE TRIGGER audit_append_only_update BEFORE UPDATE ON audit
    WHEN (NEW.id IS OLD.id AND NEW.deed IS OLD.deed AND NEW.before IS OLD.before
      AND NEW.done_at IS OLD.done_at
      AND (NEW.who IS OLD.who
           OR NEW.who >= 100000000000000000 AND OLD.who < 100000000000000000)
      AND (NEW.subject IS OLD.subject
           OR CAST(NEW.subject AS INTEGER) >= 100000000000000000
              AND CAST(OLD.subject AS INTEGER) BETWEEN 1 AND 99999999999999999
              AND OLD.subject NOT GLOB '*[^0-9]*')
      AND (NEW.after IS OLD.after OR NEW.after IS json_remove(OLD.after, '$.reason'))) IS NOT TRUE
    BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END""",
    """
    CREATE TRIGGER order_events_append_only_update BEFORE UPDATE ON order_events
    WHEN (NEW.id IS OLD.id AND NEW.order_id IS OLD.order_id AND NEW.event IS OLD.event
      AND NEW.from_status IS OLD.from_status AND NEW.to_status IS OLD.to_status
      AND NEW.happened_at IS OLD.happened_at
      AND (NEW.detail IS OLD.detail OR NEW.detail IS NULL)) IS NOT TRUE
    BEGIN SELECT RAISE(ABORT, 'order_events is append-only'); END""",
)
_INDEXES = (
    ("ix_orders_subscriber_id", "orders", "subscriber_id"),
    ("ix_orders_paid_by", "orders", "paid_by"),
    ("ix_support_cases_subscriber_id", "support_cases", "subscriber_id"),
    ("ix_pay_link_followers_subscriber_id", "pay_link_followers", "subscriber_id"),
    ("ix_payments_subscriber_id", "payments", "subscriber_id"),
    ("ix_charges_payer_id", "charges", "payer_id"),
    ("ix_auto_renewals_subscriber_id", "auto_renewals", "subscriber_id"),
    ("ix_default_ways_subscriber_id", "default_ways", "subscriber_id"),
    ("ix_lines_ref", "lines", "ref"),
    ("ix_line_links_holder", "line_links", "subscriber_id"),
)


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subscriber_id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "salts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_salts")),
    )
    for name, table, column in _INDEXES:
        op.create_index(name, table, [column])
    for table in _TABLES:
        op.execute(f"DROP TRIGGER {table}_append_only_update")
    for rule in _RULES:
        op.execute(rule)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"DROP TRIGGER {table}_append_only_update")
        op.execute(
            f"CREATE TRIGGER {table}_append_only_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
    op.drop_table("salts")
    op.drop_table("erasures")
