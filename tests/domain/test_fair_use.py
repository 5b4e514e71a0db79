"""What a reading means under the fair-use terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.fair_use import Allowance, ServiceLevel, allowance_at, service_level
from bot.domain.line import Line, LineStatus, Msisdn, Reading

GB = 10**9
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
