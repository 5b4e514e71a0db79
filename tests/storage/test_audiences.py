"""Whom an announcement is for: each audience is those whom its name promises, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.announcement import Announcement, Audience, AudienceKind, Category
from bot.domain.line import Iccid, Line, Msisdn, Reading, UsageDay
from bot.domain.order import OrderEvent
from bot.domain.preferences import Preferences
from bot.domain.subscriber import Subscriber
from bot.services.announcement_port import Candidate
from storage.unit import SqliteStore
from tests.storage.conftest import FOUND, NOON, order_of

NOBODY, MONTH, DAY, OVER, LONG_OVER = 1, 2, 3, 4, 5
"""People by what they have: no line, plans that run for 20 and for 2 days, ended 1 and 40 ago."""
ENDS = {MONTH: 20, DAY: 2, OVER: -1, LONG_OVER: -40}
EVERYBODY = {NOBODY, *ENDS}


def number(subscriber_id: int) -> str:
    return f"+861380000100{subscriber_id}"


@pytest.fixture
async def held(store: SqliteStore) -> dict[int, Line]:
    """The line of each of them; the zone of each is another."""
    zones = ["Asia/Shanghai", "Europe/Lisbon", "America/Lima", "Asia/Tokyo"]
    lines: dict[int, Line] = {}
    async with store.unit() as unit:
        for each in EVERYBODY:
            language = "zh_Hans" if each == MONTH else "en"
            unit.subscribers.add(Subscriber(each, f"P{each}", language, language_chosen=True), NOON)
        for (each, days), zone in zip(ENDS.items(), zones, strict=True):
            found = replace(
                FOUND,
                ref=f"carrier-{each}",
                msisdn=Msisdn(number(each)),
                iccid=Iccid(f"8986000000000000100{each}"),
                zone=zone,
            )
            lines[each] = await unit.lines.remember(found, NOON)
            unit.lines.link(lines[each].id, each, NOON)
            plan = "day" if each == DAY else "month"
            unit.readings.put(reading(lines[each], plan, NOON + timedelta(days=days)), NOON)
    return lines


def reading(line: Line, plan_code: str, valid_until: datetime) -> Reading:
    not_said = (None,) * 6
    return Reading(line.id, NOON, "tmf", plan_code, valid_until, *not_said)


async def candidates(
    store: SqliteStore, audience: Audience, category: Category = Category.NEWS
) -> list[Candidate]:
    announcement = Announcement(1, 9001, NOON, audience=audience, category=category)
    async with store.unit() as unit:
        return await unit.recipients.candidates(announcement, NOON, 100)


async def meant(
    store: SqliteStore, kind: AudienceKind, value: str = "", category: Category = Category.NEWS
) -> set[int]:
    """The same people are counted, all at once or one after another, and planned."""
    audience = Audience(kind, value)
    found = {each.chat_id for each in await candidates(store, audience, category) if each.is_meant}
    announcement = Announcement(1, 9001, NOON, audience=audience, category=category)
    async with store.unit() as unit:
        assert await unit.recipients.count(announcement, NOON, 100) == (len(found), None)
        number, to = 0, None
        for _ in EVERYBODY:
            page = replace(announcement, counted_to=to)
            some, to = await unit.recipients.count(page, NOON, 1)
            number += some
        assert (number, to) == (len(found), max(EVERYBODY))
    return found


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (AudienceKind.ALL, "", EVERYBODY),
        (AudienceKind.PLAN, "month", {MONTH}),
        (AudienceKind.PLAN, "day", {DAY}),
        (AudienceKind.ENDING, "1", set()),
        (AudienceKind.ENDING, "2", {DAY}),
        (AudienceKind.ENDING, "30", {DAY, MONTH}),
        (AudienceKind.LAPSED, "1", {OVER, LONG_OVER}),
        (AudienceKind.LAPSED, "30", {LONG_OVER}),
        (AudienceKind.LANGUAGE, "zh_Hans", {MONTH}),
        (AudienceKind.LANGUAGE, "en", EVERYBODY - {MONTH}),
        (AudienceKind.NUMBER, number(OVER), {OVER}),
        (AudienceKind.NUMBER, "+8613800009999", set()),
        (AudienceKind.NEVER_RENEWED, "", EVERYBODY),
    ],
)
async def test_an_audience_is_those_whom_its_name_promises(
    store: SqliteStore, held: dict[int, Line], kind: AudienceKind, value: str, expected: set[int]
) -> None:
    assert await meant(store, kind, value) == expected


async def test_a_country_is_where_the_line_was_last_used_within_thirty_days(
    store: SqliteStore, held: dict[int, Line]
) -> None:
    today = NOON.date()

    def used(days_ago: int, **countries: int) -> UsageDay:
        day = today - timedelta(days=days_ago)
        return UsageDay(day, sum(countries.values()), countries)

    async with store.unit() as unit:
        unit.readings.put_usage(held[MONTH].id, [used(9, TH=5), used(2, JP=3, KR=1), used(0, TH=0)])
        unit.readings.put_usage(held[DAY].id, [used(9, JP=5), used(0, TH=1)])
        unit.readings.put_usage(held[OVER].id, [used(31, JP=5)])
        assert await unit.recipients.countries() == ["JP", "KR", "TH"]
    assert await meant(store, AudienceKind.COUNTRY, "JP") == {MONTH}
    assert await meant(store, AudienceKind.COUNTRY, "KR") == {MONTH}
    assert await meant(store, AudienceKind.COUNTRY, "TH") == {DAY}
    assert await meant(store, AudienceKind.COUNTRY, "FR") == set()


async def test_no_country_is_known_before_the_carrier_has_named_one(store: SqliteStore) -> None:
    async with store.unit() as unit:
        assert await unit.recipients.countries() == []


async def test_whoever_paid_for_a_renewal_has_renewed_and_whoever_only_asked_has_not(
    store: SqliteStore, held: dict[int, Line]
) -> None:
    async with store.unit() as unit:
        for each, paid_at in ((MONTH, NOON), (DAY, None)):
            order = replace(order_of(held[each], f"LEB-2611-AAA{each}"), subscriber_id=each)
            await unit.orders.add(order)
            await unit.orders.move(replace(order, paid_at=paid_at), OrderEvent.CONFIRM, NOON)
    assert await meant(store, AudienceKind.NEVER_RENEWED) == EVERYBODY - {MONTH}


async def test_a_line_that_was_given_back_counts_for_nobody(
    store: SqliteStore, held: dict[int, Line]
) -> None:
    async with store.unit() as unit:
        unit.lines.unlink(held[MONTH].id, NOON)
    assert await meant(store, AudienceKind.PLAN, "month") == set()
    assert await meant(store, AudienceKind.NUMBER, number(MONTH)) == set()


async def test_of_two_lines_the_one_that_runs_makes_its_holder_no_lapsed_one(
    store: SqliteStore, held: dict[int, Line]
) -> None:
    async with store.unit() as unit:
        unit.lines.unlink(held[MONTH].id, NOON)
        unit.lines.link(held[MONTH].id, OVER, NOON)
    assert await meant(store, AudienceKind.LAPSED, "1") == {LONG_OVER}


async def test_who_blocked_the_bot_or_wants_no_news_is_left_out(
    store: SqliteStore, held: dict[int, Line]
) -> None:
    async with store.unit() as unit:
        unit.preferences.save(Preferences(MONTH, news=False))
        unit.preferences.save(Preferences(DAY, promotions=True))
        unit.subscribers.mark_blocked(OVER, NOON)
    assert await meant(store, AudienceKind.ALL) == EVERYBODY - {MONTH, OVER}
    assert await meant(store, AudienceKind.ALL, category=Category.PROMOTION) == {DAY}


async def test_each_reader_has_the_clock_of_their_own_line_or_the_one_they_chose(
    store: SqliteStore, held: dict[int, Line]
) -> None:
    async with store.unit() as unit:
        unit.preferences.save(Preferences(OVER, time_zone="Africa/Cairo"))
    found = await candidates(store, Audience(AudienceKind.ALL))
    assert {each.chat_id: each.zone for each in found} == {
        NOBODY: None,
        MONTH: "Asia/Shanghai",
        DAY: "Europe/Lisbon",
        OVER: "Africa/Cairo",
        LONG_OVER: "Asia/Tokyo",
    }
