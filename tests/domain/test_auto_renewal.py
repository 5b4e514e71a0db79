"""The calendar of an auto-renewal: when it is announced, charged, missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.auto_renewal import NOTICE, AutoRenewal, Turn
from bot.domain.money import Money
from bot.domain.payment import PaymentMethod, Way

END = datetime(2026, 12, 8, 7, tzinfo=UTC)
PRICE = Money(19_900, "CNY")
AGREED = AutoRenewal(1, 7001, "M30", PRICE, Way(PaymentMethod.WALLET), END - timedelta(days=16))
RUNNING = replace(AGREED, end_at=END)


def before(**length: float) -> datetime:
    return END - timedelta(**length)


def announced(at: datetime) -> AutoRenewal:
    return RUNNING.announced(PRICE, at)


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        (before(days=3, seconds=1), Turn.WAIT),
        (before(days=3), Turn.ANNOUNCE),
        (before(days=1), Turn.ANNOUNCE),
        (before(hours=23), Turn.MISS),
        (END, Turn.MISS),
    ],
)
def test_it_is_announced_three_days_before_or_as_late_as_a_charge_can_follow(
    now: datetime, turn: Turn
) -> None:
    assert RUNNING.turn(now) is turn


@pytest.mark.parametrize(
    ("announced_at", "now", "turn"),
    [
        (before(days=3), before(days=1, seconds=1), Turn.WAIT),
        (before(days=3), before(days=1), Turn.CHARGE),
        (before(days=1, hours=6), before(hours=7), Turn.WAIT),
        (before(days=1, hours=6), before(hours=6), Turn.CHARGE),
        (before(days=3), END, Turn.MISS),
    ],
)
def test_it_is_charged_a_day_before_the_end_and_a_day_after_its_announcement(
    announced_at: datetime, now: datetime, turn: Turn
) -> None:
    assert announced(announced_at).turn(now) is turn


def test_a_reminder_is_due_when_an_announcement_would_be() -> None:
    only_reminded = replace(RUNNING, way=None)
    assert only_reminded.turn(before(days=4)) is Turn.WAIT
    assert only_reminded.turn(before(days=3)) is Turn.REMIND
    assert only_reminded.charge_at is None


def test_what_is_done_for_a_period_is_done_once_and_the_next_one_begins_anew() -> None:
    done = announced(before(days=3)).ordered("LEB-1")
    assert done.turn(before(hours=1)) is Turn.WAIT
    later = END + timedelta(days=30)
    following = done.until(later, before(hours=1))
    assert following.turn(later - timedelta(days=3)) is Turn.ANNOUNCE
    assert following.until(END, before(hours=1)).turn(before(hours=1)) is Turn.WAIT


def test_an_end_that_moves_a_little_is_the_same_period() -> None:
    done = announced(before(days=3)).done()
    moved = done.until(END + timedelta(hours=11), before(days=1))
    assert moved.turn(before(hours=5)) is Turn.WAIT


def test_an_end_that_has_come_is_remembered_and_one_that_fell_away_is_not() -> None:
    assert RUNNING.until(None, END).end_at == END
    assert RUNNING.until(None, before(days=5)).end_at is None
    assert RUNNING.until(None, before(days=5)).turn(before(days=5)) is Turn.WAIT


def test_what_is_agreed_to_within_the_last_day_begins_with_the_next_period() -> None:
    late = replace(RUNNING, agreed_at=before(hours=23)).begun()
    assert late.turn(before(hours=22)) is Turn.WAIT
    assert late.until(END + timedelta(days=30), before(hours=22)).turn(END) is Turn.WAIT
    assert replace(RUNNING, agreed_at=before(days=2)).begun().turn(before(days=2)) is Turn.ANNOUNCE


@given(
    st.lists(st.floats(0.01, 30), min_size=1, max_size=40),
    st.floats(-2, 20),
)
def test_however_time_passes_a_charge_has_been_announced_a_day_before_and_comes_once(
    waits_in_days: list[float], days_left: float
) -> None:
    now = before(days=days_left)
    renewal, charged = RUNNING, 0
    for wait in waits_in_days:
        now += timedelta(days=wait)
        renewal = renewal.until(END if now < END else None, now)
        match renewal.turn(now):
            case Turn.ANNOUNCE:
                renewal = renewal.announced(PRICE, now)
            case Turn.CHARGE:
                charged += 1
                assert renewal.announced_at is not None
                assert now - renewal.announced_at >= NOTICE
                assert now < END
                renewal = renewal.ordered("LEB-1")
            case Turn.MISS:
                renewal = renewal.done()
        following = renewal.next_turn_at(now)
        assert following is None or following >= now
    assert charged <= 1
