"""A renewal as a person plays it: `python -m bot demo`, its page in a browser, and clicks."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import DESKTOP, headless_chromium, visitor
from tests.canaries import leaks_in

pytestmark = pytest.mark.browser

READY = re.compile(r"http://127\.0\.0\.1:\d+")
DEMO_STARTS_WITHIN_S = 60


@asynccontextmanager
async def demo(database: Path) -> AsyncIterator[str]:
    """The demo as a process of its own, on a free port; gives the address of its page. No secret
    may have come to stand in its log."""
    log = database.with_name("demo.log")
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", "--headless", "--port", "0"),
            *("--database", str(database), "--now", "2026-11-22T15:00:00+08:00"),
            stdout=PIPE,
            stderr=written,
            env={**os.environ, "LOG_LEVEL": "DEBUG"},
        )
    try:
        async with asyncio.timeout(DEMO_STARTS_WITHIN_S):
            yield await _address(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
    assert leaks_in(log.read_text("utf-8")) == []


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        if found := READY.search(line.decode()):
            return found[0]
    raise AssertionError("the demo ended before it was ready")


async def test_a_renewal_from_the_wallet_in_chinese_on_a_phone(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "bot.db") as address,
        headless_chromium() as browser,
        visitor(browser) as subscriber,
    ):
        await subscriber.opens(address, user=1001, language="zh")
        await subscriber.presses("开始")
        await subscriber.sees("先验证您的号码")
        await subscriber.takes_picture("renewal-1-welcome")
        await subscriber.presses("分享手机号")
        await subscriber.page.get_by_role("dialog").get_by_role("button", name="分享").click()
        await subscriber.sees("12.4 / 20 GB")
        await subscriber.takes_picture("renewal-2-home")
        await subscriber.presses("续费")
        await subscriber.sees("选择套餐")
        await subscriber.takes_picture("renewal-3-plans")
        await subscriber.presses("月卡")
        await subscriber.sees("确认订单")
        await subscriber.takes_picture("renewal-4-checkout")
        await subscriber.presses("支付 ¥179.00")
        await subscriber.sees("套餐已排期")
        await subscriber.takes_picture("renewal-5-ready")
        await subscriber.presses("首页")
        await subscriber.sees("余额 ¥57.00")
        await subscriber.tells_the_world("世界")
        await expect(subscriber.page.locator(".facts")).to_contain_text("排队中")
        await subscriber.takes_picture("renewal-6-network")


async def test_a_renewal_by_alipay_on_the_platforms_page(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "bot.db") as address,
        headless_chromium() as browser,
        visitor(browser) as subscriber,
    ):
        await subscriber.opens(address, user=1001, language="zh")
        await subscriber.presses("开始")
        await subscriber.presses("分享手机号")
        await subscriber.page.get_by_role("dialog").get_by_role("button", name="分享").click()
        await subscriber.sees("12.4 / 20 GB")
        for button in ("续费", "月卡", "换方式"):
            await subscriber.presses(button)
        await subscriber.sees("选择支付方式")
        await subscriber.takes_picture("alipay-1-methods")
        for button in ("支付宝", "支付 ¥179.00", "二维码"):
            await subscriber.presses(button)
        await subscriber.sees("用手机扫码")
        await subscriber.takes_picture("alipay-2-order")
        pay = subscriber.page.locator("#chats").get_by_role("link", name="去支付").last
        async with subscriber.page.context.expect_page() as opening:
            await pay.click()
        page = await opening.value
        await page.get_by_role("button", name="前往支付宝").click()
        await page.get_by_role("button", name="在支付宝中支付 ¥179.00").click()
        await expect(page.get_by_text("付款成功")).to_be_visible()
        await page.close()
        await subscriber.sees("套餐已排期")
        await subscriber.takes_picture("alipay-3-ready")


async def test_a_renewal_by_invoice_in_english_across_a_restart_of_the_bot(tmp_path: Path) -> None:
    async with (
        demo(tmp_path / "bot.db") as address,
        headless_chromium() as browser,
        visitor(browser, screen=DESKTOP, colours="dark") as subscriber,
    ):
        await subscriber.opens(address, user=1002)
        await subscriber.presses("Start")
        await subscriber.presses("Share my number")
        await subscriber.page.get_by_role("dialog").get_by_role("button", name="Share").click()
        await subscriber.sees("Your plan ended")
        for button in ("Renew", "Daily", "3 d", "Pay ¥25.00"):
            await subscriber.presses(button)
        invoice = subscriber.page.locator(".message", has=subscriber.page.locator(".invoice"))
        await expect(invoice).to_contain_text("¥25.00")
        await subscriber.tells_the_world("Kill")
        await subscriber.sees("Bot stopped")
        await subscriber.tells_the_world("Start")
        await subscriber.sees("Bot running")
        await invoice.get_by_role("button", name="Pay ¥25.00").click()
        sheet = subscriber.page.get_by_role("dialog")
        await sheet.get_by_role("button", name="Pay ¥25.00").click()
        await expect(sheet).to_contain_text("Payment complete")
        await sheet.get_by_role("button", name="OK").click()
        await subscriber.sees("Your plan is ready")
        await subscriber.takes_picture("renewal-by-invoice")
