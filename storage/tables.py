"""The schema, once: what Alembic compares and what every statement is written against.

Columns hold what the driver gives: integers and text. Instants (``_at``) are microseconds since the
epoch, UTC; money (``_minor``) is in the currency's minor unit; quantities (``_bytes``) are bytes.
The rules that no column can express stand in `storage.rules`.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Table,
)

from storage import (  # noqa: F401 - part of the one schema
    alert_tables,
    announcement_tables,
    auto_renewal_tables,
    card_tables,
    coupon_tables,
    desk_tables,
    erasure_tables,
    pay_link_tables,
    platform_tables,
    preference_tables,
    reconciliation_tables,
    runtime_tables,
    support_tables,
)
from storage.columns import int_column as _int
from storage.columns import metadata as metadata  # noqa: PLC0414 - read here, with every table
from storage.columns import partial_index as _partial
from storage.columns import text_column as _text

# ── people and lines ──────────────────────────────────────────────────────────────────────────────

subscribers = Table(
    "subscribers",
    metadata,
    _int("id", primary_key=True, comment="the Telegram user id, also the private chat's id"),
    _text("name"),
    _text("language", comment="the name of its catalogue, such as zh_Hans"),
    _int("language_chosen", comment="1 once chosen by hand: Telegram's own no longer changes it"),
    _int("default_line_id", ForeignKey("lines.id"), null=True),
    _int("created_at"),
    _int("blocked_at", null=True, comment="since when the bot is blocked: not written to"),
    _text("awaited_target", null=True, comment="where a deep link leads once a line is linked"),
)

lines = Table(
    "lines",
    metadata,
    _int("id", primary_key=True),
    _text("ref", comment="the carrier's own key"),
    _text("msisdn", unique=True),
    _text("iccid", null=True),
    _text("zone"),
    _text("status"),
    _int("created_at"),
    Index("ix_lines_ref", "ref"),
)

line_links = Table(
    "line_links",
    metadata,
    _int("id", primary_key=True),
    _int("line_id", ForeignKey("lines.id")),
    _int("subscriber_id", ForeignKey("subscribers.id")),
    _int("linked_at"),
    _int("revoked_at", null=True),
    _text("name", null=True, comment="what the subscriber calls the line"),
    _partial("ix_line_links_one_holder", "line_id", unique=True, where="revoked_at IS NULL"),
    _partial("ix_line_links_subscriber_id", "subscriber_id", where="revoked_at IS NULL"),
    Index("ix_line_links_line_id", "line_id"),
    Index("ix_line_links_holder", "subscriber_id"),
)

link_challenges = Table(
    "link_challenges",
    metadata,
    _int("id", primary_key=True),
    _int("subscriber_id", ForeignKey("subscribers.id")),
    _text("msisdn"),
    _text("code_hash", null=True, comment="null until a code was sent"),
    _text("line_ref", null=True, comment="set when the carrier knows the number"),
    _text("iccid", null=True),
    _text("zone", null=True),
    _text("line_status", null=True),
    _int("tries"),
    _int("code_proved_at", null=True),
    _int("created_at"),
    _int("expires_at"),
    _int("closed_at", null=True),
    Index("ix_link_challenges_subscriber", "subscriber_id", "created_at"),
    Index("ix_link_challenges_msisdn", "msisdn", "created_at"),
)

readings = Table(
    "readings",
    metadata,
    _int("line_id", ForeignKey("lines.id"), primary_key=True),
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
)

reading_requests = Table(
    "reading_requests",
    metadata,
    _int("line_id", ForeignKey("lines.id"), primary_key=True),
    _int("asked_at", comment="when the carrier was last asked: the cooldown's start"),
)

usage_days = Table(
    "usage_days",
    metadata,
    _int("line_id", primary_key=True),
    _text("day", primary_key=True, comment="ISO date in the line's zone"),
    _int("used_bytes"),
    sqlite_with_rowid=False,
)

usage_countries = Table(
    "usage_countries",
    metadata,
    _int("line_id", primary_key=True),
    _text("day", primary_key=True, comment="ISO date in the line's zone"),
    _text("country", primary_key=True, comment="ISO 3166-1 alpha-2, as far as the carrier says it"),
    _int("used_bytes"),
    Index("ix_usage_countries_country", "country"),
    sqlite_with_rowid=False,
)

# ── catalogue, orders, entitlements ───────────────────────────────────────────────────────────────

plans = Table(
    "plans",
    metadata,
    _text("code", primary_key=True),
    _int("version", primary_key=True),
    _text("cycle"),
    _int("days"),
    _int("price_minor"),
    _text("currency"),
    _int("high_speed_cap_bytes"),
    _int("base_rate_kbps"),
    _text("reset_zone"),
    _int("countries"),
    _text("names", comment="JSON: the short name by language"),
    _int("stars", null=True, comment="the price in Telegram Stars; null: they do not buy it"),
    _int("position", comment="order on the screen"),
    _int("live_from_at"),
    _int("withdrawn_at", null=True, comment="set on every version but the one on sale"),
    CheckConstraint("price_minor > 0", name="price_positive"),
    CheckConstraint("stars > 0", name="stars_positive"),
    _partial("ix_plans_on_sale", "code", unique=True, where="withdrawn_at IS NULL"),
)

_BUYS_ONE_THING = """
    buys = 'renewal' AND plan_code IS NOT NULL AND plan_version IS NOT NULL
      AND periods IS NOT NULL AND days IS NOT NULL AND for_order_id IS NULL
    OR buys = 'top_up' AND plan_code IS NULL AND plan_version IS NULL
      AND periods IS NULL AND days IS NULL AND coupon_code IS NULL"""

orders = Table(
    "orders",
    metadata,
    _text("id", primary_key=True),
    _int("subscriber_id", ForeignKey("subscribers.id")),
    _int("line_id", ForeignKey("lines.id")),
    _text("buys", comment="renewal or top_up"),
    _text("for_order_id", ForeignKey("orders.id"), null=True, comment="what a top-up is to pay"),
    _text("plan_code", null=True, comment="this and the next three: of a renewal, and only of one"),
    _int("plan_version", null=True),
    _int("periods", null=True),
    _int("days", null=True),
    _int("total_minor"),
    _text("currency"),
    _text("status"),
    _int("created_at"),
    _int("expires_at"),
    _int("confirmed_at", null=True, comment="null: never more than a quote"),
    _int("paid_at", null=True),
    _text("paid_with", null=True),
    _int("paid_by", ForeignKey("subscribers.id"), null=True, comment="if not by the subscriber"),
    _int("fulfilled_at", null=True),
    _int("starts_at", null=True),
    _int("ends_at", null=True),
    _int("delayed"),
    _int("receipt_number", null=True, unique=True),
    _text("reason", null=True),
    _text("coupon_code", null=True),
    _int("discount_minor", null=True, comment="what the coupon takes off the price to the total"),
    CheckConstraint("total_minor > 0", name="total_positive"),
    CheckConstraint(_BUYS_ONE_THING, name="buys_one_thing"),
    _partial(
        "ix_orders_subscriber", "subscriber_id", "created_at", where="confirmed_at IS NOT NULL"
    ),
    Index("ix_orders_subscriber_id", "subscriber_id"),
    Index("ix_orders_paid_by", "paid_by"),
    _partial("ix_orders_line", "line_id", where="status IN ('paid', 'fulfilling', 'review')"),
    _partial("ix_orders_paid", "paid_at", where="confirmed_at IS NOT NULL"),
)

order_events = Table(
    "order_events",
    metadata,
    _int("id", primary_key=True),
    _text("order_id", ForeignKey("orders.id")),
    _text("event"),
    _text("from_status", null=True),
    _text("to_status"),
    _int("happened_at"),
    _text("detail", null=True),
    Index("ix_order_events_order_id", "order_id"),
)

entitlements = Table(
    "entitlements",
    metadata,
    _text("order_id", ForeignKey("orders.id"), primary_key=True),
    _int("line_id", ForeignKey("lines.id")),
    _text("plan_code"),
    _int("starts_at"),
    _int("ends_at"),
    Index("ix_entitlements_line", "line_id", "ends_at"),
    Index("ix_entitlements_ends", "ends_at", "starts_at", "line_id"),
)

cancellations = Table(
    "cancellations",
    metadata,
    _text("order_id", ForeignKey("orders.id"), primary_key=True),
    _text("asked_by", comment="subscriber or operator"),
    _text("note", null=True, comment="an operator's own words"),
    _int("asked_at"),
    _int("closed_at", null=True, comment="null: the carrier's word is awaited"),
)

# ── money ─────────────────────────────────────────────────────────────────────────────────────────

_OPEN_PAYMENT = "status IN ('created', 'processing', 'closing')"

payments = Table(
    "payments",
    metadata,
    _text("id", primary_key=True),
    _text("order_id", ForeignKey("orders.id")),
    _int("subscriber_id", ForeignKey("subscribers.id")),
    _text("method"),
    _int("amount_minor"),
    _text("currency"),
    _text("status"),
    _int("created_at"),
    _int("changed_at", comment="when the status last changed"),
    _int("processing_at", null=True),
    _text("page_ref", null=True, comment="the hosted page: the platform's own key"),
    _text("page_url", null=True),
    _int("card_id", ForeignKey("kept_cards.id"), null=True, comment="the kept card: no page"),
    _int("keeps_card", null=True, comment="1: the payer agreed that the card is kept"),
    _partial("ix_payments_one_open", "order_id", unique=True, where=_OPEN_PAYMENT),
    _partial("ix_payments_open_method", "method", where=_OPEN_PAYMENT),
    _partial(
        "ix_payments_closed", "changed_at", where="status IN ('failed', 'cancelled', 'expired')"
    ),
    Index("ix_payments_order_id", "order_id"),
    Index("ix_payments_subscriber_id", "subscriber_id"),
)

charges = Table(
    "charges",
    metadata,
    _text("id", primary_key=True, comment="the platform's charge id: a charge counts once"),
    _text("payment_id", null=True),
    _text("order_id", null=True),
    _int("payer_id"),
    _int("amount_minor"),
    _text("currency"),
    _text("platform_ref"),
    _text("settlement"),
    _int("charged_at"),
    Index("ix_charges_order_id", "order_id"),
    Index("ix_charges_payer_id", "payer_id"),
)

refunds = Table(
    "refunds",
    metadata,
    _text("key", primary_key=True, comment="order:<id> or charge:<id>: refunded once"),
    _text("order_id", ForeignKey("orders.id")),
    _text("charge_id", null=True),
    _text("method"),
    _int("amount_minor"),
    _text("currency"),
    _text("status", comment="due, failed or done"),
    _text("reason"),
    _int("created_at"),
    _int("done_at", null=True),
    _int("credit_note_number", unique=True, comment="without gaps: no refund is ever removed"),
    _text("platform_ref", null=True, unique=True, comment="the platform's own key, once done"),
    Index("ix_refunds_order_id", "order_id"),
    _partial("ix_refunds_owed", "status", where="status IN ('due', 'failed')"),
)

accounts = Table(
    "accounts",
    metadata,
    _text("code", primary_key=True),
    _text("currency", primary_key=True),
    _int("min_balance_minor", null=True, comment="the balance may not fall below; null: it may"),
)

journals = Table(
    "journals",
    metadata,
    _text(
        "key",
        ForeignKey("journal_seals.journal_key", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    _text("kind"),
    _text("order_id", null=True),
    _int("posted_at"),
    Index("ix_journals_order_id", "order_id"),
    _partial("ix_journals_earning", "posted_at", where="kind IN ('activation', 'reversal')"),
)

postings = Table(
    "postings",
    metadata,
    _int("id", primary_key=True),
    _text("journal_key", ForeignKey("journals.key")),
    _text("account"),
    _text("currency"),
    _int("amount_minor"),
    ForeignKeyConstraint(["account", "currency"], ["accounts.code", "accounts.currency"]),
    CheckConstraint("amount_minor <> 0", name="amount_not_zero"),
    Index("ix_postings_account", "account", "currency", "amount_minor"),
    Index("ix_postings_journal_key", "journal_key"),
)

journal_seals = Table(
    "journal_seals",
    metadata,
    _text("journal_key", primary_key=True, comment="of a journal with postings: see the rules"),
)
