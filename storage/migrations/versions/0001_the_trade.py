"""The trade: people, lines, plans, orders and payments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "lines",
    "subscribers",
    "line_links",
    "link_challenges",
    "readings",
    "reading_requests",
    "usage_days",
    "plans",
    "orders",
    "order_events",
    "entitlements",
    "payments",
    "charges",
    "refunds",
)
"""In the order in which they refer to each other."""


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "lines",
        _int("id"),
        _text("ref"),
        _text("msisdn"),
        _text("iccid", null=True),
        _text("zone"),
        _text("status"),
        _int("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lines")),
        sa.UniqueConstraint("msisdn", name=op.f("uq_lines_msisdn")),
    )
    op.create_table(
        "subscribers",
        _int("id"),
        _text("name"),
        _text("language"),
        _int("language_chosen"),
        _int("default_line_id", null=True),
        _int("created_at"),
        _int("blocked_at", null=True),
        sa.ForeignKeyConstraint(
            ["default_line_id"], ["lines.id"], name=op.f("fk_subscribers_default_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
    )
    op.create_table(
        "line_links",
        _int("id"),
        _int("line_id"),
        _int("subscriber_id"),
        _int("linked_at"),
        _int("revoked_at", null=True),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_line_links_line_id")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_line_links_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_links")),
    )
    op.create_index(
        "ix_line_links_one_holder",
        "line_links",
        ["line_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index("ix_line_links_line_id", "line_links", ["line_id"])
    op.create_index(
        "ix_line_links_subscriber_id",
        "line_links",
        ["subscriber_id"],
        sqlite_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "link_challenges",
        _int("id"),
        _int("subscriber_id"),
        _text("msisdn"),
        _text("code_hash", null=True),
        _text("line_ref", null=True),
        _text("iccid", null=True),
        _text("zone", null=True),
        _text("line_status", null=True),
        _int("tries"),
        _int("code_proved_at", null=True),
        _int("created_at"),
        _int("expires_at"),
        _int("closed_at", null=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_link_challenges_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_challenges")),
    )
    op.create_index(
        "ix_link_challenges_subscriber", "link_challenges", ["subscriber_id", "created_at"]
    )
    op.create_table(
        "readings",
        _int("line_id"),
        _int("as_of_at"),
        _text("source"),
        _text("plan_code", null=True),
        _int("valid_until_at", null=True),
        _int("used_today_bytes", null=True),
        _int("high_speed_cap_bytes", null=True),
        _int("throttled", null=True),
        _int("base_rate_kbps", null=True),
        _int("next_reset_at", null=True),
        _int("wallet_minor", null=True),
        _text("wallet_currency", null=True),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_readings_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_readings")),
    )
    op.create_table(
        "reading_requests",
        _int("line_id"),
        _int("asked_at"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["lines.id"], name=op.f("fk_reading_requests_line_id")
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_reading_requests")),
    )
    op.create_table(
        "usage_days",
        _int("line_id"),
        _text("day"),
        _int("used_bytes"),
        sa.PrimaryKeyConstraint("line_id", "day", name=op.f("pk_usage_days")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "plans",
        _text("code"),
        _int("version"),
        _text("cycle"),
        _int("days"),
        _int("price_minor"),
        _text("currency"),
        _int("high_speed_cap_bytes"),
        _int("base_rate_kbps"),
        _text("reset_zone"),
        _int("countries"),
        _text("names"),
        _int("position"),
        _int("live_from_at"),
        _int("withdrawn_at", null=True),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_plans_price_positive")),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_plans")),
    )
    op.create_index(
        "ix_plans_on_sale",
        "plans",
        ["code"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "orders",
        _text("id"),
        _int("subscriber_id"),
        _int("line_id"),
        _text("plan_code"),
        _int("plan_version"),
        _int("periods"),
        _int("days"),
        _int("total_minor"),
        _text("currency"),
        _text("status"),
        _int("created_at"),
        _int("expires_at"),
        _int("confirmed_at", null=True),
        _int("paid_at", null=True),
        _text("paid_with", null=True),
        _int("fulfilled_at", null=True),
        _int("starts_at", null=True),
        _int("ends_at", null=True),
        _int("delayed"),
        _int("receipt_number", null=True),
        _text("reason", null=True),
        sa.CheckConstraint("total_minor > 0", name=op.f("ck_orders_total_positive")),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_orders_line_id")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_orders_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_orders_receipt_number")),
    )
    op.create_index(
        "ix_orders_line",
        "orders",
        ["line_id"],
        sqlite_where=sa.text("status IN ('paid', 'fulfilling', 'review')"),
    )
    op.create_index(
        "ix_orders_subscriber",
        "orders",
        ["subscriber_id", "created_at"],
        sqlite_where=sa.text("confirmed_at IS NOT NULL"),
    )
    op.create_table(
        "order_events",
        _int("id"),
        _text("order_id"),
        _text("event"),
        _text("from_status", null=True),
        _text("to_status"),
        _int("happened_at"),
        _text("detail", null=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_events")),
    )
    op.create_index("ix_order_events_order_id", "order_events", ["order_id"])
    op.create_table(
        "entitlements",
        _text("order_id"),
        _int("line_id"),
        _text("plan_code"),
        _int("starts_at"),
        _int("ends_at"),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_entitlements_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_entitlements_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_entitlements")),
    )
    op.create_index("ix_entitlements_line", "entitlements", ["line_id", "ends_at"])
    op.create_table(
        "payments",
        _text("id"),
        _text("order_id"),
        _int("subscriber_id"),
        _text("method"),
        _int("amount_minor"),
        _text("currency"),
        _text("status"),
        _int("created_at"),
        _int("changed_at"),
        _int("processing_at", null=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payments_order_id")),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_payments_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_index(
        "ix_payments_one_open",
        "payments",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('created', 'processing')"),
    )
    op.create_index("ix_payments_order_id", "payments", ["order_id"])
    op.create_table(
        "charges",
        _text("id"),
        _text("payment_id", null=True),
        _text("order_id", null=True),
        _int("payer_id"),
        _int("amount_minor"),
        _text("currency"),
        _text("platform_ref"),
        _text("settlement"),
        _int("charged_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
    )
    op.create_index("ix_charges_order_id", "charges", ["order_id"])
    op.create_table(
        "refunds",
        _text("key"),
        _text("order_id"),
        _text("charge_id", null=True),
        _text("method"),
        _int("amount_minor"),
        _text("currency"),
        _text("status"),
        _text("reason"),
        _int("created_at"),
        _int("done_at", null=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_refunds")),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
