"""Days of a plan: from one local midnight to the next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import after_days, day_start, days_left, local_day, next_reset

ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
        "America/Havana", "Asia/Beirut", "Africa/Cairo", "Asia/Tehran", "America/Sao_Paulo",
        "Pacific/Apia", "Pacific/Pago_Pago", "Pacific/Kiritimati", "Asia/Kathmandu",
    )
]  # fmt: skip
SHANGHAI, BERLIN, HAVANA = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZONES[4]

zones = st.sampled_from(ZONES)
instants = st.integers(946_684_800, 2_114_380_800).map(  # the years 2000 to 2036
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def length(day: date, zone: ZoneInfo) -> timedelta:
    return day_start(day + timedelta(days=1), zone) - day_start(day, zone)


def test_a_day_begins_at_local_midnight() -> None:
    assert day_start(date(2026, 11, 22), SHANGHAI) == utc(2026, 11, 21, 16)
    assert local_day(utc(2026, 11, 21, 16), SHANGHAI) == date(2026, 11, 22)
    assert local_day(utc(2026, 11, 21, 15, 59, 59), SHANGHAI) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)],
)
def test_a_day_has_23_or_25_hours_when_the_clocks_change(day: date, hours: int) -> None:
    assert length(day, BERLIN) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "day", "starts_at"),
    [
        ("America/Havana", date(2026, 3, 8), utc(2026, 3, 8, 5)),
        ("Asia/Beirut", date(2026, 3, 29), utc(2026, 3, 28, 22)),
        ("Africa/Cairo", date(2026, 4, 24), utc(2026, 4, 23, 22)),
    ],
)
def test_where_midnight_does_not_exist_the_day_begins_when_the_clocks_have_gone_forward(
    zone: str, day: date, starts_at: datetime
) -> None:
    there = ZoneInfo(zone)
    assert day_start(day, there) == starts_at
    assert starts_at.astimezone(there).hour == 1
    assert local_day(starts_at - timedelta(microseconds=1), there) == day - timedelta(days=1)
    assert next_reset(starts_at - timedelta(hours=3), there) == starts_at
    assert length(day, there) == timedelta(hours=23)


def test_where_midnight_happens_twice_the_day_begins_at_the_first() -> None:
    first = utc(2026, 11, 1, 4)
    assert day_start(date(2026, 11, 1), HAVANA) == first
    assert length(date(2026, 11, 1), HAVANA) == timedelta(hours=25)


def test_the_ends_of_the_world_are_25_hours_apart() -> None:
    noon = utc(2026, 11, 22, 10, 30)
    assert local_day(noon, ZoneInfo("Pacific/Kiritimati")) == date(2026, 11, 23)
    assert local_day(noon, ZoneInfo("Pacific/Pago_Pago")) == date(2026, 11, 21)


def test_a_day_that_a_country_skipped_has_no_length() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert length(date(2011, 12, 30), apia) == timedelta(0)
    assert local_day(next_reset(utc(2011, 12, 30, 9), apia), apia) == date(2011, 12, 31)


@given(instants, zones)
def test_every_instant_lies_in_its_day(at: datetime, zone: ZoneInfo) -> None:
    day = local_day(at, zone)
    assert day_start(day, zone) <= at < next_reset(at, zone)


@given(instants, zones)
def test_the_reset_is_the_first_instant_of_a_later_day(at: datetime, zone: ZoneInfo) -> None:
    reset = next_reset(at, zone)
    assert local_day(reset, zone) > local_day(at, zone)
    assert local_day(reset - timedelta(microseconds=1), zone) == local_day(at, zone)
    assert reset - at <= timedelta(hours=25)


@given(instants, zones, st.integers(0, 400))
def test_days_later_it_is_the_same_time_of_day_unless_that_does_not_exist(
    at: datetime, zone: ZoneInfo, days: int
) -> None:
    start, end = at.astimezone(zone), after_days(at, days, zone).astimezone(zone)
    expected = datetime.combine(start.date() + timedelta(days=days), start.time())
    skipped = end.replace(tzinfo=None) - expected
    assert skipped in {
        timedelta(0), timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
    }  # fmt: skip


def test_a_month_over_the_change_of_clocks_ends_at_the_same_time_of_day() -> None:
    bought = utc(2026, 10, 10, 8)
    assert after_days(bought, 30, BERLIN) == utc(2026, 11, 9, 9)


@pytest.mark.parametrize(
    ("end", "left"),
    [
        (utc(2026, 11, 22, 15, 59), 0),
        (utc(2026, 11, 22, 16), 1),
        (utc(2026, 12, 8, 7), 16),
        (utc(2026, 11, 1), 0),
    ],
)
def test_days_left_are_calendar_days_and_never_negative(end: datetime, left: int) -> None:
    assert days_left(utc(2026, 11, 22, 7), end, SHANGHAI) == left
