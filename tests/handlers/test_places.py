"""Time zones and quiet hours as people type them."""

import pytest
from babel import Locale

from bot.domain.preferences import QuietHours
from handlers.places import as_quiet_hours, as_zone, city_of


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("europe/lisbon", "Europe/Lisbon"),
        ("Lisbon", "Europe/Lisbon"),
        ("里斯本", "Europe/Lisbon"),
        ("北京", "Asia/Shanghai"),
        ("上海", "Asia/Shanghai"),
        ("舊金山", "America/Los_Angeles"),
        ("东京", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        ("纽约", "America/New_York"),
        ("San Francisco", "America/Los_Angeles"),
        ("UTC+8", "Etc/GMT-8"),
        ("UTC-5", "Etc/GMT+5"),
        ("+8", "Etc/GMT-8"),
        ("gmt +05:30", "Asia/Kolkata"),
        ("ＵＴＣ＋８", "Etc/GMT-8"),
        ("UTC+0", "Etc/UTC"),
    ],
)
def test_a_zone_is_known_by_its_name_its_city_or_its_offset(typed: str, zone: str) -> None:
    assert as_zone(typed) == zone


@pytest.mark.parametrize("typed", ["", "Atlantis", "UTC+99", "UTC+1:17", "8", "../etc/passwd"])
def test_an_unknown_place_is_not_guessed(typed: str) -> None:
    assert as_zone(typed) is None


def test_zones_are_called_by_their_city() -> None:
    assert city_of("Asia/Shanghai", Locale.parse("zh_Hans")) == "上海"
    assert city_of("America/New_York", Locale.parse("en")) == "New York"
    assert city_of("Etc/GMT-8", Locale.parse("en")) == "UTC+8"
    assert city_of("Etc/UTC", Locale.parse("en")) == "UTC"


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("22-8", (1320, 480)),
        ("22:30-07:00", (1350, 420)),
        ("22:30 – 7", (1350, 420)),
        ("22点到8点", (1320, 480)),
        ("22點到8點", (1320, 480)),
        ("24-8", (0, 480)),
        ("13 to 15", (780, 900)),
    ],
)
def test_two_times_are_quiet_hours(typed: str, minutes: tuple[int, int]) -> None:
    assert as_quiet_hours(typed) == QuietHours(*minutes)


@pytest.mark.parametrize("typed", ["", "22", "22-22", "25-8", "22:61-8", "ten to eight", "1-2-3"])
def test_what_is_no_two_times_is_not_made_into_any(typed: str) -> None:
    assert as_quiet_hours(typed) is None
