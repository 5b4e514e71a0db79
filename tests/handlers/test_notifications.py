"""Notifications: the settings played in the chat, and what an alert says and offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts import Alert, LineFacts
from bot.domain.line import Msisdn
from bot.domain.preferences import AlertKind, Preferences, QuietHours
from bot.services.ports import FoundLine
from bot.services.requests import FindLine, LineFound
from handlers.screens.alerts import alert
from handlers.screens.notifications import alerts
from handlers.texts import Texts
from tests.handlers.facts import EN, ENDS_AT, LINE, NOW, READING, ZH, queued_plan
from tests.handlers.reading import labels, seen
from tests.handlers.rehearsal import FOUND, Person, Rehearsal

FACTS = LineFacts(LINE, NOW - timedelta(days=9), READING, ENDS_AT, None, [queued_plan()], False)


def told(
    t: Texts,
    kind: AlertKind,
    period: str = "",
    days: int = 0,
    *,
    several: bool = False,
    **facts: object,
) -> str:
    known = replace(FACTS, **facts)  # type: ignore[arg-type]
    screen = alert(t, known, Alert(kind, period, days), NOW, several=several)
    assert len(labels(screen)) == 2, "one useful button, and one to silence"
    return seen(screen)


# ── what an alert says ────────────────────────────────────────────────────────────────────────────


def test_eighty_percent_says_what_is_left_and_how_long_it_lasts() -> None:
    most = replace(READING, used_today_bytes=16_400_000_000)
    assert told(ZH, AlertKind.MOST_USED, reading=most) == (
        "📊 •••• 1001：今日高速已用 82 %\n"
        "剩余 3.6 GB · 约 9 小时后恢复\n"
        "📈 按今天的速度，高速大约可用到 18:10。\n"
        "2 分钟前更新"
    ).replace("2 分钟前更新", seen_age(ZH))
    assert "At this pace today's high speed lasts until about 18:10." in told(
        EN, AlertKind.MOST_USED, reading=most
    )


def seen_age(t: Texts) -> str:
    most = replace(READING, used_today_bytes=16_400_000_000)
    return told(t, AlertKind.MOST_USED, reading=most).rsplit("\n", 1)[-1]


def test_used_up_says_the_speed_that_is_left_and_when_it_comes_back() -> None:
    full = replace(READING, used_today_bytes=20 * 10**9, throttled=True)
    assert "现为 1 Mbps，仍可上网；00:00 恢复高速。" in told(ZH, AlertKind.ALL_USED, reading=full)
    unknown = replace(full, base_rate_kbps=None)
    assert "still online, slower" in told(EN, AlertKind.ALL_USED, reading=unknown)


@pytest.mark.parametrize(
    ("days", "words"), [(3, "ends in 3 days"), (1, "ends tomorrow"), (0, "ends today")]
)
def test_the_end_is_told_with_its_date(days: int, words: str) -> None:
    shown = told(EN, AlertKind.ENDING, days=days)
    assert words in shown
    assert "It runs until Dec 8 15:00" in shown


def test_the_end_and_the_next_beginning_are_told() -> None:
    assert "套餐已到期" in told(ZH, AlertKind.ENDED)
    assert "It runs until Jan 7 15:00" in told(EN, AlertKind.STARTED, "LEB-2611-AAAA")


def test_a_line_is_called_by_its_name_and_nothing_in_it_becomes_markup() -> None:
    named = replace(LINE, name="<b>Dad</b>")
    assert "<b>Dad</b>: your plan has ended" in told(EN, AlertKind.ENDED, line=named)


# ── settings ──────────────────────────────────────────────────────────────────────────────────────


async def held(stage: Rehearsal, person: Person) -> Preferences:
    async with stage.store.unit() as unit:
        return await unit.preferences.of(person.id)


async def opens(person: Person) -> str:
    await person.sends("/settings")
    return await person.presses("🔔")


async def test_news_and_offers_are_chosen(stage: Rehearsal, lin: Person) -> None:
    shown = await opens(lin)
    assert "提醒：全部开启" in shown
    assert "免打扰：22:00 至 08:00" in shown
    assert "时区：上海（与线路相同）" in shown
    await lin.presses("☑ 服务公告")
    await lin.presses("☐ 优惠活动")
    chosen = await held(stage, lin)
    assert (chosen.news, chosen.promotions) == (False, True)


async def test_a_double_tap_on_a_switch_leaves_it_as_it_was_wanted(
    stage: Rehearsal, lin: Person
) -> None:
    await opens(lin)
    data = lin.data("☑ 服务公告")
    await lin.presses_data(data)
    await lin.presses_data(data)
    assert not (await held(stage, lin)).news


async def test_quiet_hours_are_tapped_typed_or_none(stage: Rehearsal, lin: Person) -> None:
    await opens(lin)
    await lin.presses("🌙")
    await lin.presses("23:00–7:00")
    assert (await held(stage, lin)).quiet == QuietHours(23 * 60, 7 * 60)
    await lin.presses("🌙")
    assert "请发送起止时间" in await lin.sends("very late")
    assert "免打扰：22:30 至 07:00" in await lin.sends("22:30-07:00")
    await lin.presses("🌙")
    assert "免打扰：未设置" in await lin.presses("不设")


async def test_a_forged_button_sets_no_hours_and_no_zone(stage: Rehearsal, lin: Person) -> None:
    for data in ("v1:quiet:99999-1", "v1:quiet:x", "v1:zone:Moon/Base", "v1:prefer:root:1",
                 "v1:alertoff:everything:0"):  # fmt: skip
        await lin.presses_data(data)
    assert await held(stage, lin) == Preferences(lin.id)


async def test_a_zone_is_tapped_or_typed(stage: Rehearsal, lin: Person) -> None:
    await opens(lin)
    await lin.presses("🕓")
    assert "时区：东京" in await lin.presses("东京")
    await lin.presses("🕓")
    assert "没找到这个地方" in await lin.sends("Atlantis")
    assert "时区：里斯本" in await lin.sends("里斯本")
    assert (await held(stage, lin)).time_zone == "Europe/Lisbon"


async def test_an_alert_is_silenced_by_its_button_and_turned_on_again(
    stage: Rehearsal, lin: Person
) -> None:
    shown = await lin.presses_data("v1:+alertoff:ending:0")
    assert "✅ 已关闭" in shown
    assert "sendMessage" in lin.methods, "the alert itself stays"
    assert not (await held(stage, lin)).wants(AlertKind.ENDING, LINE.id)
    await lin.presses("☐ 即将到期")
    assert await held(stage, lin) == Preferences(lin.id)


async def test_with_several_lines_each_has_its_own_alerts(stage: Rehearsal, lin: Person) -> None:
    other = replace(FOUND, ref="ref-2", msisdn=Msisdn("+8613800001009"), iccid=None)
    await links(stage, lin, other)
    await opens(lin)
    await lin.presses("🔔 提醒")
    await lin.presses("按线路设置")
    assert "仅用于：•••• 1001" in await lin.presses("1001")
    await lin.presses("☑ 已到期")
    chosen = await held(stage, lin)
    assert [chosen.wants(AlertKind.ENDED, line_id) for line_id in (1, 2)] == [False, True]


async def links(stage: Rehearsal, person: Person, found: FoundLine) -> None:
    link = stage.use.of_dialogues.link
    answer = LineFound(FindLine(person.id, found.msisdn, None), found)
    await stage.happens(lambda unit: link.on_line_found(unit, answer))


async def test_the_alerts_of_somebody_elses_line_are_not_set(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    await omar.sends("/start")
    assert "not linked to your chat" in await omar.presses_data("v1:alertoff:ended:1")
    assert await held(stage, omar) == Preferences(omar.id)


@pytest.mark.parametrize("several", [True, False])
def test_the_alerts_take_four_rows_at_most(several: bool) -> None:
    assert len(alerts(EN, Preferences(1), LINE if several else None, several=several).keys) <= 4


# ── names ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_line_gets_a_name_which_home_shows(lin: Person) -> None:
    await lin.sends("/lines")
    await lin.presses("✏️")
    assert "1–20 个字" in await lin.sends("很" * 21)
    assert "1–20 个字" in await lin.sends_sticker()
    await lin.sends("<i>爸爸</i>")
    assert "● <i>爸爸</i>" in str(lin.saw[-1].parameters["reply_markup"])
    assert "LEB · &lt;i&gt;爸爸&lt;/i&gt; · 月卡" in await lin.sends("/start")
    await lin.sends("/lines")
    await lin.presses("✏️")
    await lin.presses("改回号码")
    assert "•••• 1001" in await lin.sends("/start")


async def test_a_typed_name_after_a_restart_still_finds_its_line(
    stage: Rehearsal, lin: Person
) -> None:
    await lin.sends("/lines")
    await lin.presses("✏️")
    await stage.restarts()
    await lin.sends("Tablet")
    assert "Tablet" in await lin.sends("/start")
