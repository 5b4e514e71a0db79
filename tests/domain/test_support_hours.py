"""When operators answer: what an operator may write, and what follows from it at each instant."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.support_hours import Span, SupportHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = SupportHours.parse("mon-fri 09:00-18:00, sat 10:00-14:00")


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (shanghai(23, 8, 59), False),
        (shanghai(23, 9), True),
        (shanghai(23, 17, 59), True),
        (shanghai(23, 18), False),
        (shanghai(28, 9), False),
        (shanghai(28, 13, 59), True),
        (shanghai(29, 12), False),
    ],
)
def test_they_are_open_by_weekday_and_clock_of_the_zone(at: datetime, is_open: bool) -> None:
    assert OFFICE.is_open(at, SHANGHAI) is is_open
    assert OFFICE.is_open(at.astimezone(UTC), SHANGHAI) is is_open


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (shanghai(23, 7), shanghai(23, 9)),
        (shanghai(23, 12), shanghai(23, 12)),
        (shanghai(27, 18), shanghai(28, 10)),
        (shanghai(28, 14), shanghai(30, 9)),
        (shanghai(29, 0), shanghai(30, 9)),
    ],
)
def test_the_next_opening_is_told_over_a_weekend_too(at: datetime, opens: datetime) -> None:
    assert OFFICE.opens_at(at, SHANGHAI) == opens


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    night = SupportHours.parse("fri 22:00-06:00")
    assert night.is_open(shanghai(27, 23), SHANGHAI)
    assert night.is_open(shanghai(28, 5, 59), SHANGHAI)
    assert not night.is_open(shanghai(28, 6), SHANGHAI)
    assert not night.is_open(shanghai(27, 5), SHANGHAI)
    assert night.opens_at(shanghai(28, 6), SHANGHAI) == shanghai(27, 22).replace(month=12, day=4)


def test_without_a_span_they_are_open_around_the_clock() -> None:
    assert SupportHours.parse("") == SupportHours()
    assert SupportHours().opens_at(shanghai(29, 3), SHANGHAI) == shanghai(29, 3)


def test_a_week_may_turn_over_its_end() -> None:
    weekend = SupportHours.parse("sat-mon 10:00-24:00")
    assert weekend.spans == (Span(5, 0, 600, 1440),)
    assert weekend.is_open(shanghai(23, 23, 59), SHANGHAI)
    assert not weekend.is_open(shanghai(24, 12), SHANGHAI)


def test_an_opening_that_the_clocks_skip_is_when_they_have_gone_forward() -> None:
    early = SupportHours.parse("02:30-05:00")
    before = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 01:30 in Berlin, half an hour before
    assert early.opens_at(before, BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong", ["9-18", "mon 25:00-26:00", "monday 09:00-18:00", "09:00-09:00", "mon-fri", "a"]
)
def test_what_is_written_otherwise_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"not as in|begins when"):
        SupportHours.parse(wrong)
