"""An operator announces, as a person at the page: composes, tests, schedules and watches."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot.demo import demo
from tests.browser import headless_chromium, visitor
from tests.journeys.conftest import SUNDAY_AFTERNOON

pytestmark = pytest.mark.browser

CROWD = 25


async def test_in_english_for_a_later_hour(tmp_path: Path) -> None:
    async with (
        demo(0, tmp_path / "bot.db", SUNDAY_AFTERNOON, print, CROWD) as address,
        headless_chromium() as browser,
        visitor(browser) as operator,
    ):
        await operator.opens(address, user=9001, language="en")
        await operator.presses("Start")
        await operator.writes("/language")
        await operator.presses("English")
        await operator.writes("/announce")
        await operator.sees("The announcement in English")
        await operator.takes_picture("announce-en-1-words")
        await operator.writes("Hello {name}, your plan {plan} has {days_left} days left.")
        await operator.sees("Send it to yourself once")
        await operator.takes_picture("announce-en-2-draft")
        await operator.presses("👥 Audience")
        await operator.sees("those who blocked the bot")
        await operator.takes_picture("announce-en-3-audience")
        await operator.presses("ends in ≤ 7 d")
        await operator.presses("🕒 Time")
        await operator.sees("quiet hours")
        await operator.takes_picture("announce-en-4-time")
        await operator.writes("15:59")
        await operator.sees("When:")
        await operator.presses("🧪 Test")
        await operator.sees("That is how it looks")
        await operator.takes_picture("announce-en-5-tested")
        await operator.presses("🚀 Send…")
        await operator.sees("Send it?")
        await operator.takes_picture("announce-en-6-confirm")
        await operator.button("🚀 Send").click()
        await operator.sees("Scheduled")
        await operator.takes_picture("announce-en-7-scheduled")
        await operator.tells_the_world("World")
        await operator.tells_the_world("+1 hour")
        await operator.opens(address, user=9001, language="en")
        await operator.sees("is through")
        await operator.takes_picture("announce-en-8-done")


async def test_in_chinese_at_once_with_a_button(tmp_path: Path) -> None:
    async with (
        demo(0, tmp_path / "bot.db", SUNDAY_AFTERNOON, print, CROWD) as address,
        headless_chromium() as browser,
        visitor(browser) as operator,
    ):
        await operator.opens(address, user=9001, language="zh")
        await operator.presses("开始")
        await operator.writes("/announce")
        await operator.sees("公告内容")
        await operator.takes_picture("announce-zh-1-words")
        await operator.writes("🎉 {name}，新套餐上线！")
        await operator.sees("请先发给自己测试一次")
        await operator.presses("🔘 按钮")
        await operator.sees("每行一个按钮")
        await operator.takes_picture("announce-zh-2-buttons")
        await operator.writes("看看月卡 | M30")
        await operator.sees("看看月卡 → M30")
        await operator.presses("👥 对象")
        await operator.sees("已屏蔽机器人")
        await operator.takes_picture("announce-zh-3-audience")
        await operator.presses("从未续费")
        await operator.presses("🧪 发给我")
        await operator.sees("效果如上")
        await operator.takes_picture("announce-zh-4-tested")
        await operator.presses("🚀 发送…")
        await operator.sees("确认发送")
        await operator.takes_picture("announce-zh-5-confirm")
        await operator.button("🚀 发送").click()
        await operator.sees("已发完")
        await operator.takes_picture("announce-zh-6-done")
        await operator.presses("↩︎ 撤回")
        await operator.sees("双向删除")
        await operator.takes_picture("announce-zh-7-recall")
        await operator.presses("↩︎ 撤回")
        await operator.sees("已撤回：2")
        await operator.takes_picture("announce-zh-8-recalled")


async def test_refused_by_telegram_it_is_corrected_watched_paused_and_resumed(
    tmp_path: Path,
) -> None:
    async with (
        demo(0, tmp_path / "bot.db", SUNDAY_AFTERNOON, print, 6 * CROWD) as address,
        headless_chromium() as browser,
        visitor(browser) as operator,
        aiohttp.ClientSession(address) as world,
    ):
        await operator.opens(address, user=9001, language="zh")
        await operator.presses("开始")
        await operator.writes("/announce")
        await operator.sees("公告内容")
        picture = {"photo": True, "caption": "<b>{name}</b>，看图", "parse_mode": "HTML"}
        await world.post("/sandbox/users/9001/send", json=picture)
        await operator.presses("🧪 发给我")
        await operator.sees("效果如上")
        refusal = {"status": 400, "description": "Bad Request: IMAGE_PROCESS_FAILED"}
        await world.post("/sandbox/faults", json={"method": "sendPhoto", "times": 99, **refusal})
        await operator.presses("🚀 发送…")
        await operator.sees("确认发送")
        await operator.button("🚀 发送").click()
        await operator.sees("已自动暂停")
        await operator.takes_picture("announce-zh-9-refused")
        await operator.presses("📣 打开公告")
        await operator.presses("✏️ 简体中文")
        await operator.sees("还没有人收到")
        await operator.writes("{name}，新套餐上线！")
        await operator.presses("▶ 继续")
        await operator.presses("⏸ 暂停")
        await operator.sees("已暂停")
        await operator.takes_picture("announce-zh-10-paused")
        await operator.presses("▶ 继续")
        await operator.sees("已发完")
        await operator.takes_picture("announce-zh-11-through")
