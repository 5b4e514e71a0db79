"""Dates as people type them."""

from datetime import date

import pytest

from handlers.trips import as_trip

TODAY = date(2026, 11, 22)
"""A Sunday."""
DECEMBER = (date(2026, 12, 3), 16)
"""The 3rd to the 18th."""


@pytest.mark.parametrize(
    "text",
    [
        "12月3日-12月18日",
        "12月3日到18日",
        "12月3号至12月18号",
        "12月3號至12月18號",
        "１２月３日～１８日",
        "2026年12月3日-12月18日",
        "12月3日——12月18日",
        "12月3日到2026年12月18日",
        "2026/12/3-2026/12/18",
        "2026.12.3 - 2026.12.18",
        "12.3-12.18",
        "12/3-12/18",
        "12/3 - 12/18",
        "2026-12-03 2026-12-18",
        "2026-12-3 to 2026-12-18",
        "3–18 Dec",
        "3-18 december",
        "3 Dec - 18 Dec",
        "Dec 3 to Dec 18",
        "Dec 3rd to 18th",
        "December 3 – 18.",
    ],
)
@pytest.mark.parametrize("month_first", [True, False])
def test_the_usual_forms_are_understood(text: str, month_first: bool) -> None:
    trip = as_trip(text, TODAY, month_first=month_first)
    assert trip is not None
    assert (trip.first, trip.days) == DECEMBER


@pytest.mark.parametrize(
    ("text", "first", "days"),
    [
        ("下周一到周五", date(2026, 11, 23), 5),
        ("下周五到周一", date(2026, 11, 27), 4),
        ("下週五到下禮拜一", date(2026, 11, 27), 4),
        ("next Mon to Fri", date(2026, 11, 23), 5),
        ("12月28日到1月3日", date(2026, 12, 28), 7),
        ("28 Dec - 3 Jan", date(2026, 12, 28), 7),
        ("1月5日-1月6日", date(2027, 1, 5), 2),
        ("20-25 Nov", date(2026, 11, 20), 6),
        ("10-12 Nov", date(2027, 11, 10), 3),
        ("28 Feb - 1 Mar", date(2027, 2, 28), 2),
    ],
)
def test_the_next_such_dates_are_meant(text: str, first: date, days: int) -> None:
    trip = as_trip(text, TODAY, month_first=False)
    assert trip is not None
    assert (trip.first, trip.days) == (first, days)


def test_what_may_be_two_dates_in_english_is_asked_back_and_not_in_chinese() -> None:
    assert as_trip("12/3-12/8", TODAY, month_first=False) is None
    trip = as_trip("12/3-12/8", TODAY, month_first=True)
    assert trip is not None
    assert (trip.first, trip.days) == (date(2026, 12, 3), 6)
    european = as_trip("3/12-18/12", TODAY, month_first=False)
    assert european is not None
    assert (european.first, european.days) == DECEMBER


@pytest.mark.parametrize(
    "text",
    [
        "", "14", "14 天", "Dec", "3 Dec", "31 Feb - 3 Mar", "30-31 Feb", "13/13-13/14",
        "2月30日到31日", "18 Dec - 3 Dec", "3-18", "2026-12-18 to 2026-12-03", "abc to def",
        "下周一", "9" * 500, "0/0-0/0", "99月99日-99月99日",
    ],
)  # fmt: skip
@pytest.mark.parametrize("month_first", [True, False])
def test_what_is_no_dates_is_not_made_into_any(text: str, month_first: bool) -> None:
    assert as_trip(text, TODAY, month_first=month_first) is None


@pytest.mark.parametrize(
    "text",
    [
        "2025-12-03 2025-12-10", "2025年12月3日到10日", "2026-11-01 2026-11-21",
        "2028-12-03 2028-12-10", "9999-12-30 9999-12-31", "12月3日到2028年1月5日",
        "2026-12/03 2026-12/10",
    ],
)  # fmt: skip
def test_what_is_over_or_years_ahead_is_asked_back(text: str) -> None:
    assert as_trip(text, TODAY, month_first=True) is None


def test_a_trip_that_ends_today_is_not_over() -> None:
    trip = as_trip("2026-11-20 2026-11-22", TODAY, month_first=True)
    assert trip is not None
    assert (trip.first, trip.days) == (date(2026, 11, 20), 3)
