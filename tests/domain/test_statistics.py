"""What the figures mean: percentiles, days and the period before, revenue by currency."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import local_day
from bot.domain.money import STARS, Money
from bot.domain.statistics import (
    Activation,
    Earned,
    Span,
    activation,
    percentile,
    period,
    renewals,
    revenue,
    together,
)
from tests.domain.test_calendar import instants, zones

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)

seconds = st.lists(st.integers(0, 50), min_size=1, max_size=60)


@given(seconds, st.integers(1, 100))
def test_a_percentile_is_the_least_value_that_so_many_percent_are_not_above(
    values: list[int], percent: int
) -> None:
    found = percentile(Counter(values), percent)
    assert found in values
    enough = len(values) * percent / 100
    assert sum(value <= found for value in values) >= enough
    assert sum(value < found for value in values) < enough


@given(seconds, st.integers(1, 100))
def test_a_percentile_is_the_value_at_its_nearest_rank(values: list[int], percent: int) -> None:
    rank = math.ceil(len(values) * percent / 100)
    assert percentile(Counter(values), percent) == sorted(values)[rank - 1]


def test_nothing_has_no_percentile() -> None:
    assert percentile({}, 50) is None
    assert percentile({7: 0}, 95) is None


def test_activation_is_told_by_its_middle_its_slowest_twentieth_and_who_waited_too_long() -> None:
    took = {40: 90, 60: 5, 1_800: 4, 1_801: 1}
    assert activation(took, timedelta(minutes=30)) == Activation(half_s=40, most_s=60, late=1)
    assert activation({}, timedelta(minutes=30)) == Activation(None, None, 0)


@given(instants, st.sampled_from([1, 7, 30]), zones)
def test_the_days_of_a_period_follow_each_other_and_the_last_one_is_today(
    now: datetime, number: int, zone: ZoneInfo
) -> None:
    found = period(now, number, zone)
    assert len(found.days) == len(found.day_spans) == number
    assert found.days[-1] == local_day(now, zone)
    for earlier, later in zip(found.day_spans, found.day_spans[1:], strict=False):
        assert earlier.until == later.since
    for day, span in zip(found.days, found.day_spans, strict=True):
        assert local_day(span.since, zone) == day
        assert local_day(span.until - timedelta(microseconds=1), zone) == day
    assert found.day_spans[-1].since <= now < found.day_spans[-1].until
    assert found.so_far == Span(found.day_spans[0].since, now)
    assert found.before.since < found.before.until


def test_a_period_is_held_against_as_many_days_before_up_to_the_same_time_of_day() -> None:
    now = datetime(2026, 11, 26, 15, 30, tzinfo=SHANGHAI).astimezone(UTC)
    week = period(now, 7, SHANGHAI)
    assert week.days[0] == date(2026, 11, 20)
    assert week.before == Span(
        datetime(2026, 11, 13, tzinfo=SHANGHAI), datetime(2026, 11, 19, 15, 30, tzinfo=SHANGHAI)
    )
    today = period(now, 1, SHANGHAI)
    assert today.before.since == datetime(2026, 11, 25, tzinfo=SHANGHAI)
    assert now - today.before.until == 24 * HOUR


def test_days_on_which_the_clocks_change_have_23_and_25_hours() -> None:
    spring = period(datetime(2026, 3, 29, 12, tzinfo=UTC), 2, BERLIN).day_spans
    autumn = period(datetime(2026, 10, 25, 12, tzinfo=UTC), 2, BERLIN).day_spans
    assert [span.until - span.since for span in spring] == [24 * HOUR, 23 * HOUR]
    assert [span.until - span.since for span in autumn] == [24 * HOUR, 25 * HOUR]


def test_revenue_is_what_was_delivered_less_what_was_taken_back_by_currency() -> None:
    earned = [
        Earned("M30", False, 3, Money(59_700, "CNY")),
        Earned("M30", True, 1, Money(-19_900, "CNY")),
        Earned("D1", False, 2, Money(200, STARS)),
    ]
    assert revenue(earned) == {"CNY": Money(39_800, "CNY"), STARS: Money(200, STARS)}
    assert renewals(earned) == 5
    assert revenue([]) == {}


def test_what_several_days_earned_is_added_up_by_plan_and_currency() -> None:
    monday = [
        Earned("M30", False, 1, Money(19_900, "CNY")),
        Earned("D1", False, 1, Money(100, STARS)),
    ]
    tuesday = [
        Earned("M30", False, 2, Money(39_800, "CNY")),
        Earned("M30", True, 1, Money(-1, "CNY")),
    ]
    assert together([monday, [], tuesday]) == [
        Earned("D1", False, 1, Money(100, STARS)),
        Earned("M30", False, 3, Money(59_700, "CNY")),
        Earned("M30", True, 1, Money(-1, "CNY")),
    ]
