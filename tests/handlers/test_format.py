"""How quantities read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.fair_use import Forecast
from bot.domain.line import Msisdn
from bot.domain.money import Money
from handlers.screens import format as f
from tests.handlers.facts import EN, GB, NOW, ZH

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Money(19900, "CNY"), "¥199.00"),
        (Money(-2000, "CNY"), "−¥20.00"),
        (Money(0, "CNY"), "¥0.00"),
        (Money(123456, "USD"), "$1,234.56"),
        (Money(500, "JPY"), "¥500"),
        (Money(1500, "KWD"), "KWD1.500"),
    ],
)
def test_money_has_the_digits_of_its_currency(amount: Money, shown: str) -> None:
    assert f.money(EN, amount) == shown


@pytest.mark.parametrize(
    ("quantity", "shown"),
    [
        (0, "0 GB"),
        (1, "<1 MB"),
        (5_000_000, "5 MB"),
        (99_999_999, "99 MB"),
        (100_000_000, "0.1 GB"),
        (7_600_000_000, "7.6 GB"),
        (7_699_999_999, "7.6 GB"),
        (20 * GB, "20 GB"),
    ],
)
def test_data_is_in_decimal_gigabytes_rounded_down(quantity: int, shown: str) -> None:
    assert f.gigabytes(EN, quantity) == shown


@pytest.mark.parametrize(
    ("share", "filled", "percent"),
    [(0, 0, 0), (0.0001, 1, 1), (0.62, 6, 62), (0.9999, 9, 99), (1, 10, 100)],
)
def test_a_bar_is_empty_or_full_only_when_it_is(share: float, filled: int, percent: int) -> None:
    assert f.bar(share) == "▰" * filled + "▱" * (10 - filled)
    assert f.percent(share) == percent


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (timedelta(seconds=1), "1 分钟", "1 minute"),
        (timedelta(minutes=59), "59 分钟", "59 minutes"),
        (timedelta(minutes=61), "2 小时", "2 hours"),
        (timedelta(hours=9), "9 小时", "9 hours"),
        (timedelta(hours=49), "2 天", "2 days"),
    ],
)
def test_a_span_reads_in_its_largest_unit(length: timedelta, zh: str, en: str) -> None:
    assert (f.span(ZH, length), f.span(EN, length)) == (zh, en)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+8613800001001", "+86 138 •••• 1001"),
        ("+351912001002", "+351 •••• 1002"),
        ("+85261001003", "+852 •••• 1003"),
        ("+12025550123", "+1 202 •••• 0123"),
    ],
)
def test_a_number_shows_enough_to_know_ones_own(number: str, shown: str) -> None:
    assert f.masked(Msisdn(number)) == shown


def test_an_instant_is_the_readers_own_with_the_lines_zone_as_fallback() -> None:
    at = datetime(2026, 12, 7, 16, 30, tzinfo=UTC)
    stamp = int(at.timestamp())
    assert f.day(ZH, at, SHANGHAI) == f'<tg-time unix="{stamp}" format="D">12月8日</tg-time>'
    assert f.day(EN, at, SHANGHAI) == f'<tg-time unix="{stamp}" format="D">Dec 8</tg-time>'
    assert f.clock_time(at, SHANGHAI) == f'<tg-time unix="{stamp}" format="t">00:30</tg-time>'


def test_an_age_is_kept_true_by_the_reader_app() -> None:
    stamp = int((NOW - timedelta(minutes=2)).timestamp())
    shown = f.ago(ZH, NOW - timedelta(minutes=2), NOW)
    assert shown == f'<tg-time unix="{stamp}" format="r">2 分钟前</tg-time>'


@pytest.mark.parametrize(
    ("until", "unix", "by_the_lines_clock"),
    [
        ("2026-10-25T00:47:59+00:00", 1792888800, "01:40"),
        ("2026-10-25T01:47:59+00:00", 1792892400, "01:40"),  # the second 1 o'clock of 25 hours
        ("2026-03-29T01:10:00+00:00", 1774746600, "02:10"),  # a day of 23 hours has no 1 o'clock
    ],
)
def test_the_pace_names_an_instant_which_each_readers_app_shows_by_its_own_clock(
    until: str, unix: int, by_the_lines_clock: str
) -> None:
    ahead = Forecast(datetime.fromisoformat(until))
    shown = f.pace(EN, ahead, ZoneInfo("Europe/Lisbon"))
    assert f'<tg-time unix="{unix}" format="t">{by_the_lines_clock}</tg-time>' in shown
