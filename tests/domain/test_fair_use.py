"""What a reading means under the fair-use terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.fair_use import (
    Allowance,
    Forecast,
    ServiceLevel,
    allowance_at,
    forecast,
    service_level,
)
from bot.domain.line import Line, LineStatus, Msisdn, Reading

GB = 10**9
MB = 10**6
AS_OF = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
"""23:00 in Shanghai, an hour before the reset."""
RESET = AS_OF + timedelta(hours=1)
LINE = Line(1, "ref", Msisdn("+8613800001001"), None, "Asia/Shanghai", LineStatus.ACTIVE)
READING = Reading(
    line_id=1,
    as_of=AS_OF,
    source="test",
    plan_code="M30",
    valid_until=AS_OF + timedelta(days=16),
    used_today_bytes=12 * GB,
    high_speed_cap_bytes=20 * GB,
    throttled=None,
    base_rate_kbps=1000,
    next_reset_at=None,
    wallet=None,
)
SOON = AS_OF + timedelta(minutes=1)


def test_what_is_left_is_the_cap_without_what_was_used() -> None:
    allowance = allowance_at(READING, LINE, SOON)
    assert allowance.remaining_high_speed_bytes == 8 * GB
    assert allowance.used_share == pytest.approx(0.6)


@given(st.integers(0, 10**13), st.integers(1, 10**12))
def test_what_is_left_is_never_negative_and_a_share_never_above_one(used: int, cap: int) -> None:
    allowance = Allowance(used, cap)
    assert allowance.remaining_high_speed_bytes == max(0, cap - used)
    assert allowance.used_share is not None
    assert 0 <= allowance.used_share <= 1
    assert (allowance.used_share == 1) == (allowance.remaining_high_speed_bytes == 0)


@pytest.mark.parametrize(("used", "cap"), [(None, 20 * GB), (12 * GB, None), (None, None)])
def test_what_was_not_reported_is_not_made_up(used: int | None, cap: int | None) -> None:
    allowance = Allowance(used, cap)
    assert (allowance.remaining_high_speed_bytes, allowance.used_share) == (None, None)


def test_a_reading_from_before_the_reset_says_nothing_of_today() -> None:
    last_moment = allowance_at(READING, LINE, RESET - timedelta(microseconds=1))
    assert last_moment.used_bytes == 12 * GB
    today = allowance_at(READING, LINE, RESET)
    assert (today.used_bytes, today.cap_bytes) == (None, 20 * GB)
    throttled = replace(READING, throttled=True)
    assert service_level(throttled, LINE, RESET) is ServiceLevel.UNKNOWN


def test_the_reset_is_that_of_the_lines_zone() -> None:
    in_new_york = replace(LINE, zone="America/New_York")
    assert allowance_at(READING, in_new_york, RESET).used_bytes == 12 * GB


@pytest.mark.parametrize(
    ("throttled", "used", "cap", "level"),
    [
        (True, 1 * GB, 20 * GB, ServiceLevel.THROTTLED),
        (False, 21 * GB, 20 * GB, ServiceLevel.HIGH_SPEED),
        (True, None, None, ServiceLevel.THROTTLED),
        (None, 19 * GB, 20 * GB, ServiceLevel.HIGH_SPEED),
        (None, 20 * GB, 20 * GB, ServiceLevel.THROTTLED),
        (None, None, 20 * GB, ServiceLevel.UNKNOWN),
        (None, 5 * GB, None, ServiceLevel.UNKNOWN),
    ],
)
def test_the_carriers_word_on_the_speed_counts_before_its_counters(
    throttled: bool | None, used: int | None, cap: int | None, level: ServiceLevel
) -> None:
    reading = replace(READING, throttled=throttled, used_today_bytes=used, high_speed_cap_bytes=cap)
    assert service_level(reading, LINE, SOON) is level


@pytest.mark.parametrize("throttled", [True, False, None])
def test_a_plan_that_is_over_is_ended_whatever_else_was_said(throttled: bool | None) -> None:
    reading = replace(READING, throttled=throttled, valid_until=SOON)
    assert service_level(reading, LINE, SOON) is ServiceLevel.ENDED
    assert service_level(reading, LINE, RESET + timedelta(days=3)) is ServiceLevel.ENDED


def day_so_far(used_gb: float, hour: float, day: str = "2026-11-22") -> tuple[Reading, datetime]:
    """A reading at that hour of the line's day, and its instant."""
    begun = datetime.fromisoformat(day).replace(tzinfo=LINE.reset_zone).astimezone(UTC)
    at = begun + timedelta(hours=hour)
    return replace(READING, as_of=at, used_today_bytes=round(used_gb * GB), throttled=None), at


def test_the_pace_of_the_day_says_how_long_the_high_speed_lasts() -> None:
    reading, at = day_so_far(12, 12)
    ahead = forecast(reading, LINE, at)
    assert ahead is not None
    assert ahead.until == at + timedelta(hours=8)
    slow, at = day_so_far(5, 12)
    assert forecast(slow, LINE, at) == Forecast(None), "it lasts to the reset"


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_forecast_counts_the_hours_that_a_day_truly_has(day: str, hours: int) -> None:
    lisbon = replace(LINE, zone="Europe/Lisbon")
    begun = datetime.fromisoformat(day).replace(tzinfo=lisbon.reset_zone).astimezone(UTC)
    at = begun + timedelta(hours=10)
    ends_with_the_day = round(20 * GB * 10 / hours)
    for used, lasts in ((ends_with_the_day - MB, True), (ends_with_the_day + MB, False)):
        reading = replace(READING, as_of=at, used_today_bytes=used, throttled=None)
        ahead = forecast(reading, lisbon, at)
        assert ahead is not None
        assert (ahead.until is None) is lasts


@pytest.mark.parametrize(
    "said",
    [
        {"used_today_bytes": None},
        {"high_speed_cap_bytes": None},
        {"used_today_bytes": 20 * GB},
        {"used_today_bytes": GB},
        {"throttled": True},
    ],
)
def test_what_cannot_be_said_honestly_is_not_forecast(said: dict[str, int | None]) -> None:
    reading, at = day_so_far(12, 12)
    assert forecast(replace(reading, **said), LINE, at) is None  # type: ignore[arg-type]
    early, early_at = day_so_far(12, 1.5)
    assert forecast(early, LINE, early_at) is None
    assert forecast(reading, LINE, at + timedelta(minutes=31)) is None
