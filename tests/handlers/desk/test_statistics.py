"""The statistics: asked for, counted beside, shown where they are still waited for, and drawn."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from bot.domain.money import STARS, Money
from bot.domain.operator import Role
from bot.domain.statistics import Activation, Earned, Figures, Period, Statistics, period
from bot.runtime.codec import statistics_request_from_json
from bot.services.read_desk import Today
from bot.services.statistics_requests import (
    CountStatistics,
    StatisticsCounted,
    StatisticsNotCounted,
)
from handlers.renderers import RENDERERS
from handlers.screens.desk import home, statistics
from handlers.texts import Texts
from storage.statistics import count_statistics
from tests.handlers.desk.conftest import Appointed, loses_the_role
from tests.handlers.desk.test_lookup import renewed
from tests.handlers.facts import DAILY, EN, MONTHLY, NOW, WORDS, ZH, yuan
from tests.handlers.reading import labels, seen
from tests.handlers.rehearsal import Person, Rehearsal, Staged

SHANGHAI_ZONE = ZoneInfo("Asia/Shanghai")
PLANS = {"M30": MONTHLY, "D1": DAILY}
NOTHING = Figures([], 0, 0, Activation(None, None, 0))
WEEK = Statistics(
    so_far=Figures(
        [
            Earned("D1", False, 3, yuan(45)),
            Earned("M30", False, 12, yuan(2388)),
            Earned("M30", True, 1, yuan(-199)),
            Earned("X7", False, 1, Money(500, STARS)),
        ],
        new_lines=12,
        lost_lines=3,
        activation=Activation(half_s=40, most_s=180, late=1),
    ),
    before=Figures(
        [Earned("M30", False, 10, yuan(1990))], 9, 5, Activation(half_s=45, most_s=3_600, late=2)
    ),
    by_day=[[], *[[Earned("M30", False, 2, yuan(398))]] * 5, [Earned("M30", False, 1, yuan(199))]],
    active_lines=132,
    undelivered=0,
)


def over(days: int) -> Period:
    return period(NOW, days, SHANGHAI_ZONE)


def empty(days: int) -> Statistics:
    return Statistics(NOTHING, NOTHING, [[]] * days, 0, 0)


def shown(t: Texts, counted: Statistics, days: int) -> list[str]:
    screen = statistics.statistics(t, over(days), counted, PLANS, SHANGHAI_ZONE)
    return seen(screen).split("\n")


# ── in words ──────────────────────────────────────────────────────────────────────────────────────


def test_a_week_reads_in_chinese() -> None:
    assert shown(ZH, WEEK, 7) == [
        "📈 统计 · 近 7 天",
        "",
        "收入 ¥2,234.00",
        "比之前 7 天多 ¥244.00（12 %）",
        "收入 ⭐\N{NO-BREAK SPACE}500",
        "比之前 7 天多 ⭐\N{NO-BREAK SPACE}500",
        "续费 16 笔（之前 10）",
        "· 月卡 12 笔，¥2,388.00",
        "· 日卡 3 笔，¥45.00",
        "· X7 1 笔，⭐\N{NO-BREAK SPACE}500",
        "· 退回 1 笔，−¥199.00",
        "",
        "在用线路 132",
        "新增 12（之前 9）· 流失 3（之前 5）",
        "",
        "付款到开通：一半在 40 秒内，95 % 在 3 分钟内",
        "（之前：45 秒、1 小时）",
        "超过 30 分钟：1 笔",
        "已收款未交付 0",
        "",
        "11月22日 ¥199.00 · 1 笔",
        *[f"11月{day}日 ¥398.00 · 2 笔" for day in (21, 20, 19, 18, 17)],
        "11月16日 –",
        "收入：已开通续费的实付金额，减去退回的；充值在用掉时才计入。",
        "在用：在此购买的套餐尚未到期。新增：首次续费的线路。流失：到期 7 天仍未续费的线路。",
        "之前：11月9日至11月15日，截至同一时刻。",
        "每天从 Asia/Shanghai 的零点算起。",
    ]


def test_a_day_reads_in_english_beside_yesterday_by_the_same_time() -> None:
    today = replace(WEEK, so_far=WEEK.before, before=WEEK.so_far, by_day=[[]])
    words = shown(EN, today, 1)
    assert words[:5] == [
        "📈 Statistics · today",
        "",
        "Revenue ¥1,990.00",
        "¥244.00 (11 %) less than yesterday by this time",
        "Revenue ⭐\N{NO-BREAK SPACE}0",
    ]
    assert "· Monthly: 10, ¥1,990.00" in words
    assert "Before: Nov 21, up to this time of day." in words
    assert not any(line.startswith("Nov 22") for line in words)


@pytest.mark.parametrize(
    ("t", "words"),
    [(ZH, "没有收入，之前同期也没有。"), (EN, "No revenue, and none in the time before.")],
)
def test_where_nothing_was_sold_it_says_so(t: Texts, words: str) -> None:
    assert words in shown(t, empty(1), 1)
    told = shown(t, empty(30), 30)
    assert not any("None" in line for line in told)
    same = replace(empty(1), so_far=WEEK.before, before=WEEK.before)
    assert {"与昨天同一时刻持平", "the same as yesterday by this time"} & set(shown(ZH, same, 1))


@pytest.mark.parametrize("t", WORDS)
def test_the_words_fit_into_one_message_and_the_caption_under_one_picture(t: Texts) -> None:
    busy = replace(WEEK, by_day=[WEEK.so_far.earned] * 30)
    assert len("\n".join(shown(t, busy, 30))) < 4096
    assert len(statistics.picture_caption(t, over(30), busy, "CNY")) < 1024
    screen = statistics.statistics(t, over(30), busy, PLANS, SHANGHAI_ZONE)
    assert "· 30 " in labels(screen)[2]


@pytest.mark.parametrize("role", Role)
def test_the_desk_offers_the_statistics_to_those_who_may_read_them(role: Role) -> None:
    today = Today([yuan(0)], 0, 0, 0, 0, 0)
    offered = "📈 Statistics" in labels(home.desk(EN, role, today))
    assert offered == (role is not Role.SUPPORT)


# ── asked and counted ─────────────────────────────────────────────────────────────────────────────


def asked(staged: list[Staged]) -> CountStatistics:
    (request,) = [each for each in staged if each.method == "count_statistics"]
    return statistics_request_from_json(request.method, request.raw)


async def is_counted(stage: Rehearsal, request: CountStatistics) -> list[Staged]:
    """As the courier counts."""
    counted = await count_statistics(stage.path, request.period)
    answer = StatisticsCounted(request, counted)
    return await stage.happens(lambda unit: stage.use.statistics.on_counted(unit, answer))


async def test_a_press_is_answered_at_once_and_its_message_shows_what_was_counted(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    await renewed(stage, lin)
    owner = await appointed(Role.OWNER)
    await owner.sends("/desk")
    await owner.presses("Statistics")
    assert owner.methods == ["count_statistics", "answerCallbackQuery"]
    assert owner.saw[1].parameters["text"] == "Counting…"
    (told,) = await is_counted(stage, asked(owner.saw))
    assert (told.method, told.parameters["message_id"]) == ("editMessageText", 50)
    assert "Statistics · today" in told.text
    owner.saw = [told]
    await owner.presses("7 days")
    assert len(asked(owner.saw).period.days) == 7


async def test_who_has_gone_on_meanwhile_is_left_where_they_are(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    await owner.sends("/desk")
    await owner.presses("Statistics")
    day = asked(owner.saw)
    await owner.presses_data("v1:stats:7")
    assert await is_counted(stage, day) == []
    week = asked(owner.saw)
    await owner.presses_data("v1:desk")
    assert await is_counted(stage, week) == []


@pytest.mark.parametrize("press", ["v1:stats:1", "v1:statspic"])
async def test_whoever_has_lost_the_role_meanwhile_sees_nothing(
    stage: Rehearsal, appointed: Appointed, press: str
) -> None:
    owner = await appointed(Role.OWNER)
    await owner.sends("/desk")
    await owner.presses_data(press)
    request = asked(owner.saw)
    await loses_the_role(stage, owner)
    assert await is_counted(stage, request) == []
    failed = StatisticsNotCounted(request)
    assert await stage.happens(lambda u: stage.use.statistics.on_not_counted(u, failed)) == []


async def test_a_span_that_no_key_offers_is_a_day(stage: Rehearsal, appointed: Appointed) -> None:
    owner = await appointed(Role.OWNER)
    await owner.presses_data("v1:stats:3650")
    assert len(asked(owner.saw).period.days) == 1


@pytest.mark.parametrize(
    ("press", "method"), [("v1:stats:1", "editMessageText"), ("v1:statspic", "sendMessage")]
)
async def test_when_the_books_could_not_be_read_it_says_so_and_offers_to_try_again(
    stage: Rehearsal, appointed: Appointed, press: str, method: str
) -> None:
    owner = await appointed(Role.OWNER)
    await owner.presses_data(press)
    answer = StatisticsNotCounted(asked(owner.saw))
    (told,) = await stage.happens(lambda u: stage.use.statistics.on_not_counted(u, answer))
    assert told.method == method
    assert "could not be read just now. Nothing has changed" in told.text


# ── the picture ───────────────────────────────────────────────────────────────────────────────────


async def test_the_picture_comes_in_its_own_message_and_goes_with_a_tap(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    finance = await appointed(Role.FINANCE)
    await finance.presses_data("v1:statspic")
    (told,) = finance.saw = await is_counted(stage, asked(finance.saw))
    assert told.method == "sendPhoto"
    facts = told.parameters["photo"]["$file"]
    assert (facts["currency"], len(facts["days"])) == ("CNY", 30)
    assert "last 30 days" in told.parameters["caption"]
    await finance.presses("Close")
    assert ("deleteMessage", 50) in [
        (each.method, each.parameters.get("message_id")) for each in finance.saw
    ]


def drawn(facts: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(RENDERERS[facts["kind"]](facts))).convert("RGB")


def colours(facts: dict[str, Any]) -> set[Any]:
    pixels = drawn(facts).getcolors(maxcolors=10_000) or []
    return {colour for count, colour in pixels if count > 300}


@pytest.mark.parametrize(
    "counted",
    [
        empty(30),
        replace(empty(30), by_day=[[]] * 29 + [WEEK.so_far.earned]),
        replace(WEEK, by_day=[WEEK.so_far.earned] * 30),
        replace(empty(30), by_day=[[Earned("M30", True, 1, yuan(-199))]] * 30),
        replace(empty(30), by_day=[[Earned("M30", False, 99_999, yuan(19_900_000))]] * 30),
    ],
    ids=["nothing", "a day", "every day", "only refunds", "millions"],
)
def test_every_month_can_be_drawn(counted: Statistics) -> None:
    assert drawn(statistics.picture(over(30), counted, "CNY")).size == (960, 720)


def test_a_day_on_which_more_went_back_hangs_below_the_ground_in_another_colour() -> None:
    sold = replace(WEEK, by_day=[WEEK.before.earned] * 30)
    back = replace(WEEK, by_day=[*sold.by_day[:-2], [Earned("M30", True, 3, yuan(-600))], []])
    more = colours(statistics.picture(over(30), back, "CNY"))
    assert more - colours(statistics.picture(over(30), sold, "CNY"))


def test_stars_are_drawn_where_nothing_came_in_in_money() -> None:
    in_stars = Figures([Earned("X7", False, 1, Money(500, STARS))], 0, 0, NOTHING.activation)
    only = replace(empty(30), so_far=in_stars)
    assert statistics.picture(over(30), only, "CNY")["currency"] == STARS
    assert statistics.picture(over(7), WEEK, "CNY")["currency"] == "CNY"
