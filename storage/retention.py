"""What is kept no longer than it is needed: raw updates and sent messages hold personal data."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, Select, bindparam, delete, exists, func, select, tuple_, update

from bot.domain.forgetting import FIRST_PSEUDONYM
from bot.domain.personal_data import A_SEASON, A_WEEK
from bot.domain.support import CaseStatus
from storage.alert_tables import alerts_sent
from storage.announcement_tables import announcement_clicks as clicks
from storage.announcement_tables import announcements, deliveries
from storage.coupon_tables import coupon_tries
from storage.database import Database
from storage.instants import to_micros
from storage.pay_link_tables import pay_link_followers, pay_link_tries, pay_links
from storage.reconciliation_tables import questions, reconciliations
from storage.runtime_tables import dead_letters, inbox, outbox
from storage.statements import Statement
from storage.support_tables import support_cases, support_messages
from storage.tables import lines, link_challenges, usage_countries, usage_days

KEPT_FOR: Final = A_WEEK
CASES_KEPT_FOR: Final = A_SEASON
"""What a subscriber wrote to support, after the case was closed: it may be reopened."""
_BATCH: Final = 500
"""Rows a transaction: decisions wait behind it, so it is short."""

_old_events = select(inbox.c.id).where(inbox.c.decided_at < bindparam("before")).limit(_BATCH)
# The last effect stays: ids count on from it, and one that was given out is never given out again.
_old_effects = (
    select(outbox.c.id)
    .where(
        outbox.c.done_at < bindparam("before"),
        outbox.c.id < select(func.max(outbox.c.id)).scalar_subquery(),
    )
    .limit(_BATCH)
)
_old_letters = (
    select(dead_letters.c.id)
    .where(dead_letters.c.failed_at < bindparam("before"), dead_letters.c.payload != "")
    .limit(_BATCH)
)
_old_tries = (
    select(coupon_tries.c.id).where(coupon_tries.c.tried_at < bindparam("before")).limit(_BATCH)
)
# The last one stays: what the carrier still answers about a challenge names it by its id.
_old_challenges = (
    select(link_challenges.c.id)
    .where(
        link_challenges.c.expires_at < bindparam("before"),
        link_challenges.c.id < select(func.max(link_challenges.c.id)).scalar_subquery(),
    )
    .limit(_BATCH)
)
_question = (questions.c.round_id, questions.c.compared, questions.c.subject)
_old_questions = select(*_question).where(questions.c.asked_at < bindparam("before")).limit(_BATCH)
_old_rounds = (
    select(reconciliations.c.id)
    .where(
        reconciliations.c.finished_at < bindparam("before"),
        ~exists(select(1).where(questions.c.round_id == reconciliations.c.id)),
    )
    .limit(_BATCH)
)
_old_alerts = (
    select(alerts_sent.c.line_id).where(alerts_sent.c.sent_at < bindparam("before")).limit(_BATCH)
)
_old_case_messages = (
    select(support_messages.c.id)
    .join(support_cases, support_cases.c.id == support_messages.c.case_id)
    .where(
        support_cases.c.status == CaseStatus.CLOSED,
        support_cases.c.closed_at < bindparam("before"),
    )
    .limit(_BATCH)
)
_PURGE_CASES: Final = Statement(
    delete(support_messages)
    .where(support_messages.c.id.in_(_old_case_messages))
    .returning(support_messages.c.id)
)
_old_link_tries = (
    select(pay_link_tries.c.id).where(pay_link_tries.c.tried_at < bindparam("before")).limit(_BATCH)
)
_old_followers = (
    select(pay_link_followers.c.id)
    .where(pay_link_followers.c.followed_at < bindparam("before"))
    .limit(_BATCH)
)
_old_links = (
    select(pay_links.c.token_hash)
    .where(
        pay_links.c.made_at < bindparam("before"),
        ~exists(
            select(1).where(pay_link_followers.c.token_hash == pay_links.c.token_hash)
        ),
    )
    .limit(_BATCH)
)  # fmt: skip


def _removal(key: Column[Any], old: Select[Any]) -> Statement:
    """Removes the rows whose key is among the old ones."""
    return Statement(delete(key.table).where(key.in_(old)).returning(key))


_PURGES: Final = (
    _removal(inbox.c.id, _old_events),
    _removal(outbox.c.id, _old_effects),
    _removal(coupon_tries.c.id, _old_tries),
    # An order that somebody else may pay has long been closed or paid by then.
    _removal(pay_link_tries.c.id, _old_link_tries),
    _removal(pay_link_followers.c.id, _old_followers),
    _removal(pay_links.c.token_hash, _old_links),
    # A number that was typed may be anybody's: it counts for an hour, and is no use after that.
    _removal(link_challenges.c.id, _old_challenges),
    Statement(
        delete(questions)
        .where(tuple_(*_question).in_(_old_questions))
        .returning(questions.c.round_id)
    ),
    _removal(reconciliations.c.id, _old_rounds),
    # What an alert was about is over by then: an alert of it cannot come true again.
    Statement(
        delete(alerts_sent)
        .where(alerts_sent.c.line_id.in_(_old_alerts), alerts_sent.c.sent_at < bindparam("before"))
        .returning(alerts_sent.c.line_id)
    ),
    # A dead letter keeps its reference and its error for the operator, not what the person wrote.
    Statement(
        update(dead_letters)
        .where(dead_letters.c.id.in_(_old_letters))
        .values(payload="")
        .returning(dead_letters.c.id)
    ),
)


_delivery = (deliveries.c.announcement_id, deliveries.c.chat_id)
_old_deliveries = (
    select(*_delivery)
    .where(
        deliveries.c.announcement_id.in_(
            select(announcements.c.id).where(announcements.c.ended_at < bindparam("before"))
        )
    )
    .limit(_BATCH)
)
_click = (clicks.c.announcement_id, clicks.c.button, clicks.c.chat_id)
_old_clicks = (
    select(*_click)
    .where(clicks.c.chat_id < FIRST_PSEUDONYM, clicks.c.clicked_at < bindparam("before"))
    .limit(_BATCH)
)
_PURGES_OF_A_SEASON: Final = (
    _PURGE_CASES,
    # How many got it stays in the tallies.
    Statement(
        delete(deliveries)
        .where(tuple_(*_delivery).in_(_old_deliveries))
        .returning(deliveries.c.chat_id)
    ),
    # How many pressed a button is counted from these: they stay, and tell of nobody.
    Statement(
        update(clicks)
        .where(tuple_(*_click).in_(_old_clicks))
        .values(chat_id=FIRST_PSEUDONYM + func.abs(func.random() % (9 * FIRST_PSEUDONYM)))
        .returning(clicks.c.button)
    ),
)
_lines_after = (
    select(lines.c.id).where(lines.c.id > bindparam("after")).order_by(lines.c.id).limit(_BATCH)
)
_NEXT_LINES: Final = Statement(select(func.max(_lines_after.subquery().c.id)))
_OLD_USAGE: Final = tuple(
    Statement(
        delete(usage)
        .where(
            usage.c.line_id > bindparam("after"),
            usage.c.line_id <= bindparam("to"),
            usage.c.day < bindparam("first"),
        )
        .returning(usage.c.line_id)
    )
    for usage in (usage_days, usage_countries)
)


async def purge(database: Database, now: datetime) -> int:
    """Removes what has been kept for as long as the register says (`storage.personal_data`); how
    many rows.

    After a week decided events, ended effects, codes tried in vain, numbers typed to link, links by
    which somebody else could pay, reconciliations and what alerts were sent; dead letters are
    emptied. After a season what was written in a closed case, who got an announcement, and usage by
    day. What still waits stays, however old it is.
    """
    purged = 0
    for statements, kept in ((_PURGES, KEPT_FOR), (_PURGES_OF_A_SEASON, A_SEASON)):
        for statement in statements:
            purged += await _purge(database, statement, to_micros(now - kept))
    return purged + await _purge_usage(database, (now - A_SEASON).date())


async def _purge(database: Database, statement: Statement, before: int) -> int:
    purged, full = 0, True
    while full:
        async with database.transaction() as transaction:
            rows = await transaction.rows(statement, before=before)
        purged += len(rows)
        full = len(rows) >= _BATCH
    return purged


async def _purge_usage(database: Database, first: date) -> int:
    """By lines, as it is keyed: so many of them a transaction."""
    purged, after = 0, 0
    while True:
        async with database.transaction() as transaction:
            ((to,),) = await transaction.rows(_NEXT_LINES, after=after)
            if to is None:
                return purged
            for statement in _OLD_USAGE:
                rows = await transaction.rows(
                    statement, after=after, to=to, first=first.isoformat()
                )
                purged += len(rows)
        after = to
