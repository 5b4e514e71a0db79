"""The panel that drives the world outside the bot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from bot.sandbox.world import World
from tests.browser import DESKTOP, visitor
from tests.sandbox.page.scripted_bot import HOME, HOME_KEYBOARD, ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_the_panel_drives_the_world(
    browser: Browser, bot: ScriptedBot, address: str, world: World
) -> None:
    async with visitor(browser, screen=DESKTOP) as operator:
        await bot.is_greeted()
        await bot.says(HOME, reply_markup=HOME_KEYBOARD)
        await operator.opens(address, user="1001,9001")
        await operator.sees("12.4 GB / 20 GB")
        await operator.tells_the_world("Use 5 GB")
        await operator.sees("17.4 GB / 20 GB")
        before = world.clock.now()
        await operator.tells_the_world("Next reset")
        await operator.sees("0 GB / 20 GB")
        assert world.clock.now() - before > timedelta(hours=1)
        await bot.texts("+85261001003", "LEB code: 482913")
        await operator.sees("💬 LEB code: 482913")
        await operator.tells_the_world("Copy 482913")
        await operator.sees("Copied")
        await operator.tells_the_world("Kill")
        await operator.sees("Bot stopped")
        await operator.tells_the_world("Start")
        await expect(operator.page.get_by_role("button", name="Kill")).to_be_enabled()
        await operator.tells_the_world("Outage, next 5 calls")
        await operator.sees("Set: Outage, next 5 calls")
        await operator.page.locator("#world").evaluate("panel => panel.scrollTo(0, 0)")
        await operator.takes_picture("two-chats-and-the-world")
