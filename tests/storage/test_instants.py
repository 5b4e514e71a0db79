"""Instants survive the database exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.instants import from_micros, from_micros_or_none, to_micros, to_micros_or_none

zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(st.datetimes(timezones=zones).filter(lambda at: 2 <= at.year <= 9998))
def test_every_instant_comes_back_as_it_was_in_utc(at: datetime) -> None:
    back = from_micros(to_micros(at))
    assert back == at
    assert back.tzinfo is UTC


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_stored_instants_have_the_order_of_time(one: datetime, other: datetime) -> None:
    assert (one < other) == (to_micros(one) < to_micros(other))


def test_a_naive_datetime_is_no_instant() -> None:
    with pytest.raises(TypeError):
        to_micros(datetime(2026, 11, 22))  # noqa: DTZ001


def test_an_absent_instant_stays_absent() -> None:
    assert to_micros_or_none(None) is None
    assert from_micros_or_none(None) is None
