"""Home: what is left, and how old that knowledge is."""

from datetime import timedelta

import pytest

from bot.domain.fair_use import ServiceLevel
from handlers.screens.account import home
from handlers.texts import Texts
from tests.handlers.facts import (
    BRANDING,
    EN,
    ENDS_AT,
    GB,
    LINE,
    NOW,
    WORDS,
    ZH,
    account,
    queued_plan,
    reading,
)
from tests.handlers.reading import labels, seen


def test_home_in_chinese_answers_what_is_left() -> None:
    assert seen(home(ZH, account(), BRANDING)) == (
        "📶 LEB · •••• 1001 · 月卡\n"
        "今日高速 12.4 / 20 GB\n"
        "▰▰▰▰▰▰▱▱▱▱ 62 %\n"
        "剩余 7.6 GB · 约 9 小时后恢复\n"
        "到期 12月8日（16 天）\n"
        "余额 ¥236.00\n"
        "数据更新：2 分钟前"
    )


def test_home_in_english_answers_what_is_left() -> None:
    assert seen(home(EN, account(), BRANDING)) == (
        "📶 LEB · •••• 1001 · Monthly\n"
        "High speed today 12.4 / 20 GB\n"
        "▰▰▰▰▰▰▱▱▱▱ 62 %\n"
        "7.6 GB left · resets in about 9 hours\n"
        "Ends Dec 8 (16 days)\n"
        "Balance ¥236.00\n"
        "Updated 2 minutes ago"
    )


def test_throttled_says_still_online_and_when_high_speed_is_back() -> None:
    spent = reading(used_today_bytes=23 * GB, throttled=True)
    shown = seen(home(ZH, account(spent), BRANDING))
    assert "🐢 今日高速已用完，现为 1 Mbps，仍可上网；00:00 恢复" in shown
    assert "▰▰▰▰▰▰▰▰▰▰ 100 %" in shown


def test_throttled_without_a_reported_rate_names_none() -> None:
    spent = reading(used_today_bytes=20 * GB, throttled=True, base_rate_kbps=None)
    shown = seen(home(EN, account(spent), BRANDING))
    assert "you are still online" in shown
    assert "bps" not in shown


def test_ended_says_since_when_and_offers_renewal() -> None:
    ended = reading(valid_until=NOW - timedelta(days=3))
    screen = home(ZH, account(ended), BRANDING)
    assert "⛔ 套餐已于 11月19日 到期，续费后即可上网。" in seen(screen)
    assert "🔄 续费" in labels(screen)
    assert "今日高速" not in seen(screen)


def test_the_first_reading_is_awaited_without_numbers() -> None:
    shown = seen(home(EN, account(None), BRANDING))
    assert "⏳ Asking the network" in shown
    assert "GB" not in shown
    assert "Updated" not in shown


def test_a_number_not_reported_is_said_to_be_so() -> None:
    silent = reading(used_today_bytes=None, throttled=None)
    shown = seen(home(EN, account(silent), BRANDING))
    assert "High speed today: not reported by the network" in shown
    assert "▰" not in shown


def test_a_reading_from_before_the_reset_is_not_taken_for_today() -> None:
    yesterday = reading(as_of=NOW - timedelta(hours=20))
    shown = seen(home(ZH, account(yesterday), BRANDING))
    assert "今日高速：尚未读取（上次读数 12.4 / 20 GB）" in shown
    assert "数据更新：20 小时前" in shown
    assert "剩余" not in shown


@pytest.mark.parametrize("t", WORDS)
def test_the_plan_that_follows_shows_its_start(t: Texts) -> None:
    shown = seen(home(t, account(queued=[queued_plan()]), BRANDING))
    said = {"下一套餐 12月8日 开始", "下一方案 12月8日 開始", "Next plan starts Dec 8"}
    assert said & set(shown.split("\n"))


def test_the_bar_is_empty_or_full_only_when_it_is() -> None:
    nearly = reading(used_today_bytes=20 * GB - 1)
    assert "▰▰▰▰▰▰▰▰▰▱ 99 %" in seen(home(EN, account(nearly), BRANDING))
    barely = reading(used_today_bytes=1)
    assert "▰▱▱▱▱▱▱▱▱▱ 1 %" in seen(home(EN, account(barely), BRANDING))
    none = reading(used_today_bytes=0)
    assert "▱▱▱▱▱▱▱▱▱▱ 0 %" in seen(home(EN, account(none), BRANDING))


def test_only_who_has_several_lines_is_offered_another() -> None:
    assert "📱 切换线路" not in labels(home(ZH, account(), BRANDING))
    assert "📱 切换线路" in labels(home(ZH, account(lines=[LINE, LINE]), BRANDING))


def test_home_has_at_most_four_rows_and_one_primary_key() -> None:
    screen = home(EN, account(lines=[LINE, LINE]), BRANDING)
    assert len(screen.keys) <= 4
    assert [key.style for row in screen.keys for key in row].count("primary") == 1


def test_the_full_number_stands_nowhere_on_home() -> None:
    assert "13800001001" not in home(EN, account(), BRANDING).text.replace(" ", "")


def test_an_unknown_level_still_shows_what_is_known() -> None:
    unknown = account(reading(throttled=None, high_speed_cap_bytes=None))
    assert unknown.level is ServiceLevel.UNKNOWN
    shown = seen(home(EN, unknown, BRANDING))
    assert "High speed today 12.4 GB" in shown
    assert ENDS_AT.strftime("%b") in shown
