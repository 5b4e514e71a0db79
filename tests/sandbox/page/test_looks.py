"""Narrow and wide, dark and light, Chinese and English."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.browser import Visitor, visitor
from tests.sandbox.page.scripted_bot import HOME, HOME_KEYBOARD, ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_a_phone_shows_the_world_as_a_sheet_and_nothing_sticks_out(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await bot.says(HOME + "\n" + "unbreakable" * 20, reply_markup=HOME_KEYBOARD)
    await subscriber.opens(address)
    page = subscriber.page
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert await page.evaluate("document.querySelector('.log').scrollWidth") == 390
    await expect(page.get_by_role("button", name="+1 hour")).to_be_hidden()
    await subscriber.tells_the_world("World")
    await expect(page.get_by_role("button", name="+1 hour")).to_be_visible()
    await subscriber.takes_picture("world-on-a-phone")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="+1 hour")).to_be_hidden()
    await expect(page.get_by_role("button", name="World")).to_be_focused()


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("沙盒", "世界", "林晓 的聊天")), ("en", ("Sandbox", "World", "Chat of 林晓"))],
)
async def test_the_page_speaks_chinese_and_english(
    browser: Browser, bot: ScriptedBot, address: str, language: str, words: tuple[str, str, str]
) -> None:
    title, world, chat = words
    async with visitor(browser, colours="dark") as subscriber:
        await bot.is_greeted()
        await bot.says(HOME, reply_markup=HOME_KEYBOARD)
        await subscriber.opens(address, language=language)
        page = subscriber.page
        await expect(page).to_have_title(title)
        await expect(page.get_by_role("button", name=world)).to_be_visible()
        label = chat.replace("林晓", "林晓 (Lin Xiao)")
        await expect(page.get_by_role("region", name=label)).to_be_visible()
        await subscriber.takes_picture(f"dark-{language}")
        await page.get_by_role("link", name="English" if language == "zh" else "中文").click()
        await expect(page).not_to_have_title(title)
