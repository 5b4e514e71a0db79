"""Help me choose, played in the chat: two questions at most, the cheapest, why, and the quote."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.line import UsageDay
from bot.services.requests import UsageRead
from handlers.screens.advice import ask_days, ask_trips
from tests.handlers.facts import EN, GB, LINE, ZH
from tests.handlers.reading import labels, seen
from tests.handlers.rehearsal import Person, Rehearsal


@pytest.fixture
async def ana(stage: Rehearsal) -> Person:
    """Somebody who reads English, with a line."""
    person = stage.person(1002, "en", "Ana")
    await person.links_the_line()
    return person


async def asks(person: Person) -> None:
    await person.sends("/renew")
    await person.presses("🧭")


def test_the_questions_are_short() -> None:
    assert labels(ask_days(ZH)) == [
        "3 天", "7 天", "14 天", "30 天", "📅 按日期", "📊 按我的用量", "◀ 返回",
    ]  # fmt: skip
    assert seen(ask_trips(EN, 14)).startswith("🧭 14 days: how many such trips in three months?")


async def test_a_week_is_covered_by_days_and_the_button_leads_to_its_quote(lin: Person) -> None:
    await asks(lin)
    await lin.presses("7 天")
    shown = await lin.presses("1")
    assert "最省：<b>日卡 7 天 = ¥105.00</b>" in shown
    assert "其次：月卡 = ¥199.00，贵 ¥94.00。" in shown
    assert "14 天起，月卡更省。" in shown
    assert "应付 <b>¥105.00</b>" in await lin.presses("日卡 × 7")


async def test_for_two_weeks_the_month_is_cheaper_and_it_says_until_when_it_was_not(
    ana: Person,
) -> None:
    await asks(ana)
    await ana.presses("14 days")
    shown = await ana.presses("1")
    assert "Cheapest: <b>Monthly = ¥199.00</b>" in shown
    assert "Next: Daily 14 days = ¥210.00, ¥11.00 more." in shown
    assert "Up to 13 days, Daily is cheaper." in shown
    assert "Total <b>¥199.00</b>" in await ana.presses("🗓 Monthly")


async def test_the_second_question_may_be_answered_by_typing(ana: Person) -> None:
    await asks(ana)
    await ana.sends("14 days")
    shown = await ana.sends("4")
    assert "4 trips of 14 days in three months" in shown
    assert "Cheapest: <b>Quarterly = ¥499.00</b>" in shown
    assert "One plan for the whole quarter costs less" in shown
    assert "Next: Monthly × 4 = ¥796.00, ¥297.00 more." in shown


async def test_dates_leave_out_the_days_that_the_line_has_already(lin: Person) -> None:
    """It has until the 8th of December, 15:00."""
    await asks(lin)
    await lin.presses("📅")
    shown = await lin.sends("12月3日-12月18日")
    assert "12月3日 – 12月18日（16 天）" in shown
    assert "其中 5 天由现有套餐覆盖" in shown
    assert "最省：<b>日卡 11 天 = ¥165.00</b>" in shown


async def test_a_trip_within_what_the_line_has_needs_nothing(lin: Person) -> None:
    await asks(lin)
    assert "无需购买" in await lin.sends("11月25日到28日")


async def test_for_a_later_trip_it_says_when_to_buy(ana: Person) -> None:
    await asks(ana)
    assert "Buy it on Jan 5" in await ana.sends("5-8 Jan")


async def test_dates_that_may_be_two_are_asked_back_with_an_example(ana: Person) -> None:
    await asks(ana)
    shown = await ana.sends("12/3-12/8")
    assert "I am not sure which days are meant. Please write them like 3 Dec – 18 Dec" in shown
    assert "3 Dec" in shown
    assert "Your trip: Dec 3 – Dec 8 (6 days)" in await ana.sends("3 Dec to 8 Dec")


@pytest.mark.parametrize("typed", ["0", "181", "2026-01-01 to 2026-12-31"])
async def test_a_trip_of_no_day_or_of_very_many_is_asked_again(ana: Person, typed: str) -> None:
    await asks(ana)
    assert "Please say from 1 to 180 days" in await ana.sends(typed)


async def test_a_sticker_is_answered_with_the_question(ana: Person) -> None:
    await asks(ana)
    assert "How many days is your trip?" in await ana.sends_sticker()


async def test_the_use_of_the_last_month_is_a_third_way_to_answer(
    stage: Rehearsal, lin: Person
) -> None:
    await asks(lin)
    assert "还没有这条线路的用量记录" in await lin.presses("📊")
    today = date(2026, 11, 22)
    used = [UsageDay(today - timedelta(days=back), GB) for back in (3, 4, 5, 20, 21)]
    read = UsageRead(LINE.id, lin.id, [*used, UsageDay(today - timedelta(days=9), 0)])
    await stage.happens(lambda unit: stage.use.take.on_usage(unit, read))
    shown = await lin.presses_data("v1:history")
    assert "30 天里有 5 天上网" in shown
    assert "日卡 2 天 + 日卡 3 天 = ¥75.00" in shown


async def test_a_forged_number_of_trips_is_not_reckoned(ana: Person) -> None:
    for data in ("v1:trips:9999:2", "v1:trips:7:99", "v1:trips:x:2", "v1:trip:0"):
        assert "How many days is your trip?" in await ana.presses_data(data)
