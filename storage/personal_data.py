"""The register of personal data: every table and column, what it tells of whom, how long it is
kept, and what becomes of it when a person has their data deleted.

`storage.forgetting` deletes by it, `storage.retention` keeps its times, `docs/privacy.md` is it in
a table, and tests hold all of them together: a column that is not classified fails the suite.

    personal        tells of a person by itself, or was written by or to them
    pseudonymous    leads to a person only together with something that is kept elsewhere
    plain           tells of nobody
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Table

from bot.domain.personal_data import About, Kept
from storage import (
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
    tables,
)


class Erased(StrEnum):
    """What becomes of a person's rows."""

    REMOVED = "removed"
    RENAMED = "the id gives way to a pseudonym"
    EMPTIED = "what is personal in it is emptied"
    SWEPT = "emptied as soon as it is decided or sent"
    KEPT = "kept as it is"


@dataclass(frozen=True, slots=True)
class Holding:
    """One table. Columns by name, with spaces between them."""

    table: Table
    about: About
    kept: Kept
    erased: Erased
    personal: str = ""
    pseudonymous: str = ""
    plain: str = ""
    person: str = ""
    """The columns that hold a person's id, by which their rows are found."""
    line: str = ""
    """The column that holds the line's id, where the rows belong to a line and not to a person."""
    emptied: str = ""
    """Of rows that stay: what is taken out besides."""

    @property
    def columns(self) -> list[str]:
        return [*self.personal.split(), *self.pseudonymous.split(), *self.plain.split()]


_r, _a, _t = runtime_tables, announcement_tables, tables
_KEPT, _REMOVED, _RENAMED = Erased.KEPT, Erased.REMOVED, Erased.RENAMED
_EMPTIED, _SWEPT = Erased.EMPTIED, Erased.SWEPT

_PEOPLE: Final = (
    Holding(
        _t.subscribers, About.PROFILE, Kept.UNTIL_ERASED, _REMOVED, person="id",
        personal="id name language language_chosen created_at blocked_at awaited_target",
        pseudonymous="default_line_id",
    ),
    Holding(
        preference_tables.preferences, About.SETTINGS, Kept.UNTIL_ERASED, _REMOVED,
        person="subscriber_id",
        personal="subscriber_id news promotions quiet_from_minute quiet_to_minute time_zone "
        "alert_most_used alert_all_used alert_ending alert_ended alert_started",
    ),
    Holding(
        preference_tables.muted_lines, About.SETTINGS, Kept.UNTIL_ERASED, _REMOVED,
        person="subscriber_id", personal="subscriber_id kind", pseudonymous="line_id",
    ),
    Holding(
        _t.lines, About.LINES, Kept.UNTIL_ERASED, _EMPTIED, line="id",
        personal="ref msisdn iccid status", pseudonymous="id", plain="zone created_at",
    ),
    Holding(
        _t.line_links, About.LINES, Kept.UNTIL_ERASED, _REMOVED, person="subscriber_id",
        personal="subscriber_id linked_at revoked_at name", pseudonymous="id line_id",
    ),
    Holding(
        _t.link_challenges, About.LINES, Kept.A_WEEK, _EMPTIED, person="subscriber_id",
        personal="subscriber_id msisdn code_hash line_ref iccid line_status zone code_proved_at",
        plain="id tries created_at expires_at closed_at",
    ),
    Holding(
        _t.readings, About.USAGE, Kept.UNTIL_ERASED, _REMOVED, line="line_id",
        personal="plan_code valid_until_at used_today_bytes high_speed_cap_bytes throttled "
        "base_rate_kbps next_reset_at wallet_minor wallet_currency",
        pseudonymous="line_id", plain="as_of_at source",
    ),
    Holding(
        _t.reading_requests, About.USAGE, Kept.UNTIL_ERASED, _REMOVED, line="line_id",
        pseudonymous="line_id", plain="asked_at",
    ),
    Holding(
        _t.usage_days, About.USAGE, Kept.A_SEASON, _REMOVED, line="line_id",
        personal="day used_bytes", pseudonymous="line_id",
    ),
    Holding(
        _t.usage_countries, About.USAGE, Kept.A_SEASON, _REMOVED, line="line_id",
        personal="day country used_bytes", pseudonymous="line_id",
    ),
    Holding(
        alert_tables.alerts_sent, About.USAGE, Kept.A_WEEK, _REMOVED, line="line_id",
        personal="kind period sent_at", pseudonymous="line_id",
    ),
)  # fmt: skip

_MONEY: Final = (
    Holding(
        _t.orders, About.BOOKS, Kept.FOR_THE_BOOKS, _RENAMED, person="subscriber_id paid_by",
        pseudonymous="id subscriber_id paid_by line_id for_order_id receipt_number",
        plain="buys plan_code plan_version periods days total_minor currency status created_at "
        "expires_at confirmed_at paid_at paid_with fulfilled_at starts_at ends_at delayed reason "
        "coupon_code discount_minor",
    ),
    Holding(
        _t.order_events, About.BOOKS, Kept.FOR_THE_BOOKS, _EMPTIED,
        personal="detail", pseudonymous="order_id",
        plain="id event from_status to_status happened_at",
    ),
    Holding(
        _t.cancellations, About.BOOKS, Kept.FOR_THE_BOOKS, _EMPTIED,
        personal="note", pseudonymous="order_id", plain="asked_by asked_at closed_at",
    ),
    Holding(
        _t.entitlements, About.BOOKS, Kept.FOR_THE_BOOKS, _KEPT,
        pseudonymous="order_id line_id", plain="plan_code starts_at ends_at",
    ),
    Holding(
        _t.payments, About.BOOKS, Kept.FOR_THE_BOOKS, _RENAMED, person="subscriber_id",
        personal="page_url card_id keeps_card", emptied="page_url card_id keeps_card",
        pseudonymous="id order_id subscriber_id page_ref",
        plain="method amount_minor currency status created_at changed_at processing_at",
    ),
    Holding(
        _t.charges, About.BOOKS, Kept.FOR_THE_BOOKS, _RENAMED, person="payer_id",
        pseudonymous="id payment_id order_id payer_id platform_ref",
        plain="amount_minor currency settlement charged_at",
    ),
    Holding(
        _t.refunds, About.BOOKS, Kept.FOR_THE_BOOKS, _KEPT,
        pseudonymous="key order_id charge_id platform_ref credit_note_number",
        plain="method amount_minor currency status reason created_at done_at",
    ),
    Holding(
        platform_tables.disputes, About.BOOKS, Kept.FOR_THE_BOOKS, _KEPT,
        pseudonymous="ref order_id charge_id", plain="amount_minor currency state opened_at",
    ),
    Holding(
        _t.accounts, About.BOOKS, Kept.FOR_THE_BOOKS, _KEPT,
        pseudonymous="code", plain="currency min_balance_minor",
    ),
    Holding(
        _t.journals, About.BOOKS, Kept.FOR_THE_BOOKS, _KEPT,
        pseudonymous="key order_id", plain="kind posted_at",
    ),
    Holding(
        _t.postings, About.BOOKS, Kept.FOR_THE_BOOKS, _KEPT,
        pseudonymous="journal_key account", plain="id currency amount_minor",
    ),
    Holding(
        _t.journal_seals, About.BOOKS, Kept.FOR_THE_BOOKS, _KEPT, pseudonymous="journal_key"
    ),
    Holding(
        coupon_tables.coupon_holds, About.BOOKS, Kept.FOR_THE_BOOKS, _RENAMED,
        person="subscriber_id", pseudonymous="order_id subscriber_id",
        plain="code once_a_subscriber held_at used_at",
    ),
    Holding(
        coupon_tables.coupon_redemptions, About.SETTINGS, Kept.UNTIL_ERASED, _REMOVED,
        person="subscriber_id", personal="subscriber_id code redeemed_at",
    ),
    Holding(
        coupon_tables.coupon_tries, About.MESSAGES, Kept.A_WEEK, _REMOVED,
        person="subscriber_id", personal="subscriber_id tried_at", plain="id",
    ),
    Holding(
        card_tables.kept_cards, About.CARDS, Kept.UNTIL_ERASED, _REMOVED, person="subscriber_id",
        personal="subscriber_id brand last_four expires_month expires_year kept_at removed_at",
        pseudonymous="id ref customer_ref",
    ),
    Holding(
        card_tables.default_ways, About.SETTINGS, Kept.UNTIL_ERASED, _REMOVED,
        person="subscriber_id", personal="subscriber_id method chosen_at",
        pseudonymous="line_id card_id",
    ),
    Holding(
        auto_renewal_tables.auto_renewals, About.SETTINGS, Kept.UNTIL_ERASED, _REMOVED,
        person="subscriber_id",
        personal="subscriber_id plan_code price_minor currency method agreed_at end_at "
        "announced_end_at announced_at announced_minor done_end_at",
        pseudonymous="line_id card_id order_id",
    ),
)  # fmt: skip

_SHARED_ORDERS: Final = (
    Holding(
        pay_link_tables.pay_links, About.MESSAGES, Kept.A_WEEK, _KEPT,
        pseudonymous="token_hash order_id", plain="made_at ended_at",
    ),
    Holding(
        pay_link_tables.pay_link_followers, About.MESSAGES, Kept.A_WEEK, _REMOVED,
        person="subscriber_id", personal="subscriber_id followed_at",
        pseudonymous="id token_hash",
    ),
    Holding(
        pay_link_tables.pay_link_tries, About.MESSAGES, Kept.A_WEEK, _REMOVED,
        person="subscriber_id", personal="subscriber_id tried_at", plain="id",
    ),
)  # fmt: skip

_TALK: Final = (
    Holding(
        support_tables.support_messages, About.SUPPORT, Kept.A_SEASON, _EMPTIED,
        personal="message_id kind words sent_at", pseudonymous="case_id",
        plain="id is_on_way passed_on_at",
    ),
    Holding(
        support_tables.support_topics, About.SUPPORT, Kept.UNTIL_ERASED, _REMOVED,
        person="subscriber_id", personal="subscriber_id", plain="group_id thread_id at",
    ),
    Holding(
        support_tables.support_cases, About.SUPPORT, Kept.FOR_GOOD, _RENAMED,
        person="subscriber_id", personal="subscriber_id", pseudonymous="order_id",
        plain="id why status at_desk opened_at closed_at asked_at answered_at",
    ),
    Holding(
        _r.inbox, About.MESSAGES, Kept.A_WEEK, _SWEPT, personal="payload",
        pseudonymous="source_id", plain="id source kind urgent received_at decided_at",
    ),
    Holding(
        _r.outbox, About.MESSAGES, Kept.A_WEEK, _SWEPT, personal="chat_id payload error",
        pseudonymous="slot",
        plain="id courier lane kind status attempts not_before_at created_at done_at",
    ),
    Holding(
        _r.dead_letters, About.MESSAGES, Kept.A_WEEK, _SWEPT, personal="payload error",
        pseudonymous="source_id", plain="id source kind reference failed_at",
    ),
    Holding(
        _r.chat_messages, About.MESSAGES, Kept.UNTIL_ERASED, _REMOVED, person="chat_id",
        personal="chat_id message_id shows subject shown_at", pseudonymous="slot",
    ),
    Holding(
        _r.conversations, About.MESSAGES, Kept.UNDER_WAY, _EMPTIED,
        personal="key state updated_at", plain="name",
    ),
    Holding(
        _r.timers, About.LINES, Kept.UNDER_WAY, _EMPTIED,
        pseudonymous="key payload", plain="kind due_at",
    ),
    Holding(
        _a.announcements, About.ANNOUNCEMENTS, Kept.FOR_GOOD, _RENAMED, person="created_by",
        personal="created_by audience_value",
        plain="id created_at status audience category silent tested starts_at local_time "
        "started_at ended_at doing planned_to trouble counted counted_to counted_at",
    ),
    Holding(
        _a.announcement_versions, About.NOBODY, Kept.FOR_GOOD, _KEPT,
        plain="announcement_id language content html file_id buttons position",
    ),
    Holding(
        _a.deliveries, About.ANNOUNCEMENTS, Kept.A_SEASON, _RENAMED, person="chat_id",
        personal="chat_id status afterwards message_id changed_at",
        plain="announcement_id todo not_before_at",
    ),
    Holding(
        _a.announcement_clicks, About.ANNOUNCEMENTS, Kept.FOR_GOOD, _RENAMED, person="chat_id",
        personal="chat_id clicked_at", plain="announcement_id button",
    ),
    Holding(
        _a.announcement_tallies, About.NOBODY, Kept.FOR_GOOD, _KEPT,
        plain="announcement_id name number",
    ),
)  # fmt: skip

_OPERATING: Final = (
    Holding(
        desk_tables.operators, About.DESK, Kept.FOR_GOOD, _RENAMED,
        person="subscriber_id granted_by", personal="subscriber_id granted_by",
        plain="id role granted_at revoked_at",
    ),
    Holding(
        desk_tables.audit, About.DESK, Kept.FOR_GOOD, _RENAMED, person="who",
        personal="who subject after", plain="id deed before done_at",
    ),
    Holding(
        desk_tables.maintenance, About.DESK, Kept.FOR_GOOD, _RENAMED, person="began_by",
        personal="began_by", plain="id began_at ended_at",
    ),
    Holding(
        desk_tables.pages, About.DESK, Kept.FOR_GOOD, _KEPT,
        pseudonymous="facts", plain="id what raised_at told_at",
    ),
    Holding(
        reconciliation_tables.reconciliations, About.NOBODY, Kept.A_WEEK, _KEPT,
        plain="id started_at finished_at",
    ),
    Holding(
        reconciliation_tables.questions, About.BOOKS, Kept.A_WEEK, _KEPT,
        pseudonymous="subject order_id",
        plain="round_id compared asked_at heard was became needs_operator",
    ),
    Holding(
        erasure_tables.erasures, About.MESSAGES, Kept.UNDER_WAY, _EMPTIED,
        personal="subscriber_id words", plain="asked_at",
    ),
    Holding(erasure_tables.salts, About.NOBODY, Kept.FOR_GOOD, _KEPT, plain="name salt"),
    Holding(platform_tables.cursors, About.NOBODY, Kept.FOR_GOOD, _KEPT, plain="name value"),
    Holding(_r.counters, About.NOBODY, Kept.FOR_GOOD, _KEPT, plain="name value"),
    Holding(
        _t.plans, About.NOBODY, Kept.FOR_GOOD, _KEPT,
        plain="code version cycle days price_minor currency high_speed_cap_bytes base_rate_kbps "
        "reset_zone countries names stars position live_from_at withdrawn_at",
    ),
    Holding(
        coupon_tables.coupons, About.NOBODY, Kept.FOR_GOOD, _KEPT,
        plain="code off_minor off_basis_points currency offered cycles first_renewal "
        "once_a_subscriber minimum_minor starts_at ends_at max_uses used created_at",
    ),
)  # fmt: skip

REGISTER: Final[Mapping[str, Holding]] = {
    each.table.name: each for each in (*_PEOPLE, *_MONEY, *_SHARED_ORDERS, *_TALK, *_OPERATING)
}
