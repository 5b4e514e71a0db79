"""What `storage.own_data` reads of one subscriber."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BindParameter, and_, bindparam, select

from storage.announcement_tables import announcement_clicks as clicks
from storage.announcement_tables import deliveries
from storage.auto_renewal_tables import auto_renewals
from storage.card_tables import default_ways, kept_cards
from storage.coupon_tables import coupon_holds, coupon_redemptions
from storage.preference_tables import muted_lines, preferences
from storage.statements import Statement
from storage.support_tables import support_cases, support_messages
from storage.tables import (
    charges,
    journals,
    line_links,
    lines,
    order_events,
    orders,
    payments,
    postings,
    readings,
    refunds,
    subscribers,
    usage_countries,
    usage_days,
)

_me: Final[BindParameter[int]] = bindparam("subscriber_id")
PERSON: Final = Statement(select(subscribers).where(subscribers.c.id == _me))
SETTINGS: Final = Statement(select(preferences).where(preferences.c.subscriber_id == _me))
MUTED: Final = Statement(
    select(lines.c.msisdn, muted_lines.c.kind)
    .join(lines, lines.c.id == muted_lines.c.line_id)
    .where(muted_lines.c.subscriber_id == _me)
)
LINKS: Final = Statement(
    select(
        lines.c.id, lines.c.msisdn, lines.c.iccid, lines.c.zone, lines.c.status,
        line_links.c.name, line_links.c.linked_at, line_links.c.revoked_at,
    )
    .join(lines, lines.c.id == line_links.c.line_id)
    .where(line_links.c.subscriber_id == _me)
    .order_by(line_links.c.id)
)  # fmt: skip
READING: Final = Statement(select(readings).where(readings.c.line_id == bindparam("line_id")))
USAGE: Final = Statement(
    select(usage_days.c.day, usage_days.c.used_bytes)
    .where(
        usage_days.c.line_id == bindparam("line_id"),
        usage_days.c.day.between(bindparam("first"), bindparam("last")),
    )
    .order_by(usage_days.c.day)
)
USAGE_COUNTRIES: Final = Statement(
    select(usage_countries.c.day, usage_countries.c.country, usage_countries.c.used_bytes)
    .where(
        usage_countries.c.line_id == bindparam("line_id"),
        usage_countries.c.day.between(bindparam("first"), bindparam("last")),
    )
    .order_by(usage_countries.c.day, usage_countries.c.country)
)
WALLET: Final = Statement(
    select(
        journals.c.posted_at, journals.c.kind, journals.c.order_id, postings.c.amount_minor,
        postings.c.currency,
    )
    .join(journals, journals.c.key == postings.c.journal_key)
    .where(
        postings.c.account == bindparam("account"),
        journals.c.posted_at >= bindparam("since"),
        journals.c.posted_at < bindparam("until"),
    )
    .order_by(postings.c.id)
)  # fmt: skip
RENEWALS: Final = Statement(
    select(auto_renewals, kept_cards.c.brand, kept_cards.c.last_four, lines.c.msisdn)
    .join(lines, lines.c.id == auto_renewals.c.line_id)
    .outerjoin(kept_cards, kept_cards.c.id == auto_renewals.c.card_id)
    .where(auto_renewals.c.subscriber_id == _me)
)
WAYS: Final = Statement(
    select(default_ways.c.method, kept_cards.c.brand, kept_cards.c.last_four, lines.c.msisdn)
    .join(lines, lines.c.id == default_ways.c.line_id)
    .outerjoin(kept_cards, kept_cards.c.id == default_ways.c.card_id)
    .where(default_ways.c.subscriber_id == _me)
)
ORDERS: Final = Statement(
    select(orders, lines.c.msisdn)
    .join(lines, lines.c.id == orders.c.line_id)
    .where(orders.c.subscriber_id == _me)
    .order_by(orders.c.created_at, orders.c.id)
)
_of_mine = orders.c.subscriber_id == _me
EVENTS: Final = Statement(
    select(order_events.c.order_id, order_events.c.event, order_events.c.to_status,
           order_events.c.happened_at)
    .join(orders, orders.c.id == order_events.c.order_id)
    .where(_of_mine).order_by(order_events.c.id)
)  # fmt: skip
PAYMENTS: Final = Statement(
    select(
        payments.c.order_id, payments.c.method, kept_cards.c.brand, kept_cards.c.last_four,
        payments.c.amount_minor, payments.c.currency, payments.c.status, payments.c.created_at,
    )
    .outerjoin(kept_cards, kept_cards.c.id == payments.c.card_id)
    .where(payments.c.subscriber_id == _me)
    .order_by(payments.c.created_at, payments.c.id)
)  # fmt: skip
CHARGES: Final = Statement(
    select(charges.c.order_id, charges.c.id, charges.c.amount_minor, charges.c.currency,
           charges.c.charged_at)
    .where(charges.c.payer_id == _me).order_by(charges.c.charged_at, charges.c.id)
)  # fmt: skip
REFUNDS: Final = Statement(
    select(
        refunds.c.order_id, refunds.c.method, refunds.c.amount_minor, refunds.c.currency,
        refunds.c.status, refunds.c.created_at, refunds.c.done_at, refunds.c.credit_note_number,
    )
    .join(orders, orders.c.id == refunds.c.order_id)
    .where(_of_mine).order_by(refunds.c.credit_note_number)
)  # fmt: skip
COUPONS: Final = Statement(
    select(coupon_holds.c.code, coupon_holds.c.order_id, coupon_holds.c.held_at,
           coupon_holds.c.used_at)
    .where(coupon_holds.c.subscriber_id == _me).order_by(coupon_holds.c.held_at)
)  # fmt: skip
CODES: Final = Statement(
    select(coupon_redemptions.c.code, coupon_redemptions.c.redeemed_at)
    .where(coupon_redemptions.c.subscriber_id == _me)
    .order_by(coupon_redemptions.c.redeemed_at)
)
CARDS: Final = Statement(
    select(
        kept_cards.c.brand, kept_cards.c.last_four, kept_cards.c.expires_month,
        kept_cards.c.expires_year, kept_cards.c.kept_at, kept_cards.c.removed_at,
    )
    .where(kept_cards.c.subscriber_id == _me).order_by(kept_cards.c.id)
)  # fmt: skip
ANNOUNCEMENTS: Final = Statement(
    select(deliveries.c.announcement_id, deliveries.c.status, deliveries.c.changed_at,
           clicks.c.clicked_at)
    .outerjoin(
        clicks,
        and_(clicks.c.announcement_id == deliveries.c.announcement_id,
             clicks.c.chat_id == deliveries.c.chat_id),
    )
    .where(deliveries.c.chat_id == _me)
    .order_by(deliveries.c.announcement_id)
)  # fmt: skip
CASES: Final = Statement(
    select(support_cases).where(support_cases.c.subscriber_id == _me).order_by(support_cases.c.id)
)
WRITTEN: Final = Statement(
    select(support_messages.c.case_id, support_messages.c.kind, support_messages.c.words,
           support_messages.c.sent_at)
    .join(support_cases, support_cases.c.id == support_messages.c.case_id)
    .where(support_cases.c.subscriber_id == _me)
    .order_by(support_messages.c.id)
)  # fmt: skip
