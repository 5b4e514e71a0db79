"""Whom an announcement is for, as conditions on people; and the hours of each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    true,
)

from bot.domain.announcement import COUNTRY_COUNTS_FOR, Audience, AudienceKind, Category
from bot.domain.preferences import Preferences, QuietHours
from bot.services.announcement_port import Candidate
from storage.database import Row
from storage.instants import to_micros
from storage.preference_tables import preferences
from storage.statements import Statement
from storage.tables import line_links, lines, orders, readings, usage_countries
from storage.tables import subscribers as people

_held = and_(line_links.c.subscriber_id == people.c.id, line_links.c.revoked_at.is_(None))


def _line_is(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """One of the person's lines is so."""
    read = line_links.join(readings, readings.c.line_id == line_links.c.line_id)
    return exists(select(literal(1)).select_from(read).where(_held, *conditions))


def _last_used_in(country: ColumnElement[str], since: ColumnElement[str]) -> ColumnElement[bool]:
    """One of the person's lines was, on the last day of which the carrier said where."""
    seen = usage_countries.alias("seen")
    last_day = (
        select(func.max(seen.c.day))
        .where(seen.c.line_id == line_links.c.line_id, seen.c.used_bytes > 0)
        .scalar_subquery()
    )
    used = line_links.join(usage_countries, usage_countries.c.line_id == line_links.c.line_id)
    return exists(
        select(literal(1))
        .select_from(used)
        .where(
            _held,
            usage_countries.c.day >= since,
            usage_countries.c.day == last_day,
            usage_countries.c.country == country,
            usage_countries.c.used_bytes > 0,
        )
    )


_now: Final = bindparam("now", type_=Integer)
_value: Final = bindparam("value", type_=Text)
_edge: Final = bindparam("edge", type_=Integer)
_since: Final = bindparam("since", type_=Text)
_AUDIENCES: Final[dict[AudienceKind, ColumnElement[bool]]] = {
    AudienceKind.ALL: true(),
    AudienceKind.PLAN: _line_is(readings.c.plan_code == _value, readings.c.valid_until_at > _now),
    AudienceKind.ENDING: _line_is(
        readings.c.valid_until_at > _now, readings.c.valid_until_at <= _edge
    ),
    AudienceKind.LAPSED: and_(
        _line_is(readings.c.valid_until_at <= _edge),
        ~_line_is(readings.c.valid_until_at > _edge),
    ),
    AudienceKind.LANGUAGE: people.c.language == _value,
    AudienceKind.COUNTRY: _last_used_in(_value, _since),
    AudienceKind.NEVER_RENEWED: ~exists(
        select(literal(1)).where(
            orders.c.subscriber_id == people.c.id,
            orders.c.confirmed_at.is_not(None),
            orders.c.buys == "renewal",
            orders.c.paid_at.is_not(None),
        )
    ),
    AudienceKind.NUMBER: exists(
        select(literal(1))
        .select_from(line_links.join(lines, lines.c.id == line_links.c.line_id))
        .where(_held, lines.c.msisdn == _value)
    ),
}
_wants: Final = case(
    (bindparam("is_promotion", type_=Integer) == 1, func.coalesce(preferences.c.promotions, 0)),
    else_=func.coalesce(preferences.c.news, 1),
)
_reachable = and_(people.c.blocked_at.is_(None), _wants == 1)
_everybody = people.outerjoin(preferences, preferences.c.subscriber_id == people.c.id)
_first_line = (
    select(line_links.c.line_id)
    .where(_held)
    .order_by(line_links.c.id)
    .limit(1)
    .correlate(people)  # by itself it looks no further out than to the next statement
    .scalar_subquery()
)
LINE: Final = func.coalesce(people.c.default_line_id, _first_line)
"""The line that is spoken of to a person: their chosen one, else their first."""
_zone = select(lines.c.zone).where(lines.c.id == LINE).scalar_subquery()
HOURS: Final = (
    func.coalesce(preferences.c.time_zone, _zone),
    preferences.c.subscriber_id.is_not(None),
    preferences.c.quiet_from_minute,
    preferences.c.quiet_to_minute,
)
"""Of the person, as `zone_and_quiet` reads them."""


def _counted(is_meant: ColumnElement[bool]) -> Statement:
    page = (
        select(people.c.id, and_(_reachable, is_meant).label("is_meant"))
        .select_from(_everybody)
        .where(people.c.id > bindparam("after"))
        .order_by(people.c.id)
        .limit(bindparam("limit"))
        .subquery("page")
    )
    meant = func.coalesce(func.sum(page.c.is_meant, type_=Integer), 0)
    return Statement(select(meant, func.count(), func.max(page.c.id)))


_country = usage_countries.c.country
_known = select(func.min(_country).label("country")).cte("known", recursive=True)
_after = select(func.min(_country)).where(_country > _known.c.country).scalar_subquery()
_known = _known.union_all(select(_after).where(_known.c.country.is_not(None)))
COUNTRIES: Final = Statement(select(_known.c.country).where(_known.c.country.is_not(None)))
"""Those in which any line was used, each looked up after the one before it."""
COUNT: Final = {kind: _counted(is_meant) for kind, is_meant in _AUDIENCES.items()}
"""Of a page of people: how many are meant, how many were looked at, and the last one's id."""
CANDIDATES: Final = {
    kind: Statement(
        select(
            people.c.id,
            and_(_reachable, people.c.created_at <= bindparam("frozen_at"), is_meant),
            *HOURS,
        )
        .select_from(_everybody)
        .where(people.c.id > bindparam("after"))
        .order_by(people.c.id)
        .limit(bindparam("limit"))
    )
    for kind, is_meant in _AUDIENCES.items()
}


def values(audience: Audience, category: Category, now: datetime) -> dict[str, Any]:
    """The values of the conditions."""
    wanted: dict[str, Any] = {"is_promotion": int(category is Category.PROMOTION)}
    days = timedelta(days=audience.days)
    match audience.kind:
        case AudienceKind.PLAN:
            wanted |= {"value": audience.value, "now": to_micros(now)}
        case AudienceKind.ENDING:
            wanted |= {"now": to_micros(now), "edge": to_micros(now + days)}
        case AudienceKind.LAPSED:
            wanted |= {"edge": to_micros(now - days)}
        case AudienceKind.COUNTRY:
            since = (now - COUNTRY_COUNTS_FOR).date().isoformat()
            wanted |= {"value": audience.value, "since": since}
        case AudienceKind.LANGUAGE | AudienceKind.NUMBER:
            wanted |= {"value": audience.value}
        case AudienceKind.ALL | AudienceKind.NEVER_RENEWED:
            """Nothing else."""
    return wanted


def candidate(row: Row) -> Candidate:
    chat_id, is_meant, *hours = row
    return Candidate(chat_id, bool(is_meant), *zone_and_quiet(hours))


def zone_and_quiet(hours: Sequence[Any]) -> tuple[str | None, QuietHours | None]:
    """Of the columns `HOURS`: the zone, None without a line, and when not to disturb."""
    zone, has_chosen, quiet_from, quiet_to = hours
    if not has_chosen:
        return zone, Preferences(0).quiet
    return zone, None if quiet_from is None else QuietHours(quiet_from, quiet_to)
