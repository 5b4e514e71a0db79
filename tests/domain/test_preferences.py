"""Quiet hours by the clocks of a zone, over midnight and over a change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.preferences import AlertKind, Preferences, QuietHours

NIGHT = QuietHours(22 * 60, 8 * 60)
SHANGHAI, LISBON, NEW_YORK = (
    ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Lisbon", "America/New_York")
)


@pytest.mark.parametrize(
    ("clock", "held", "over"),
    [
        ("2026-11-22T21:59", False, "2026-11-22T21:59"),
        ("2026-11-22T22:00", True, "2026-11-23T08:00"),
        ("2026-11-23T03:00", True, "2026-11-23T08:00"),
        ("2026-11-23T07:59", True, "2026-11-23T08:00"),
        ("2026-11-23T08:00", False, "2026-11-23T08:00"),
    ],
)
@pytest.mark.parametrize("zone", [SHANGHAI, LISBON, NEW_YORK])
def test_the_night_goes_over_midnight(clock: str, held: bool, over: str, zone: ZoneInfo) -> None:
    at = datetime.fromisoformat(clock).replace(tzinfo=zone).astimezone(UTC)
    assert NIGHT.hold(at, zone) is held
    shown = NIGHT.over_at(at, zone).astimezone(zone)
    assert shown.strftime("%Y-%m-%dT%H:%M") == over


def test_hours_within_a_day_do_not_go_over_midnight() -> None:
    noon = QuietHours(12 * 60, 14 * 60)
    at = datetime(2026, 11, 22, 12, 30, tzinfo=LISBON)
    assert noon.over_at(at, LISBON).astimezone(LISBON).hour == 14
    assert not noon.hold(datetime(2026, 11, 22, 3, tzinfo=LISBON), LISBON)


@pytest.mark.parametrize("minutes", [(0, 0), (600, 600), (-1, 5), (5, 1440)])
def test_what_is_no_span_of_a_day_is_refused(minutes: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no quiet hours"):
        QuietHours(*minutes)


@given(
    st.integers(0, 2 * 366 * 24 * 60),
    st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] != pair[1]),
    st.sampled_from(["Asia/Shanghai", "Europe/Lisbon", "America/New_York", "Africa/Cairo",
                     "Australia/Lord_Howe", "America/Santiago"]),
)  # fmt: skip
def test_after_the_quiet_hours_it_is_never_quiet(
    passed: int, minutes: tuple[int, int], name: str
) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=passed)
    quiet, zone = QuietHours(*minutes), ZoneInfo(name)
    over = quiet.over_at(at, zone)
    assert at <= over <= at + timedelta(hours=25)
    assert not quiet.hold(over, zone)


def test_to_be_told_again_of_every_line_ends_the_silence_of_each() -> None:
    silent = Preferences(1).silenced(AlertKind.ENDED).silenced(AlertKind.ENDED, 7)
    assert silent.told(AlertKind.ENDED) == Preferences(1)
    assert not silent.told(AlertKind.ENDED, 7).wants(AlertKind.ENDED, 7)
