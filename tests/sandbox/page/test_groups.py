"""An operator at the page: the group, its topics, and what is said in them."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from bot.sandbox.cast import OPERATORS_GROUP
from tests.browser import Visitor
from tests.sandbox.page.scripted_bot import ScriptedBot, one_button

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def opened(bot: ScriptedBot, name: str, **more: int) -> dict[str, int]:
    """A topic that the bot has opened: where to write in it."""
    topic = await bot.does("createForumTopic", chat_id=OPERATORS_GROUP, name=name, **more)
    return {"chat_id": OPERATORS_GROUP, "message_thread_id": topic["message_thread_id"]}


def named(topic: dict[str, int]) -> str:
    """How the page's address names the operator in the topic."""
    return f"9001@{OPERATORS_GROUP}/{topic['message_thread_id']}"


async def test_an_operator_finds_a_topic_and_answers_in_it(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted(9001)
    await bot.says("Good morning", 9001)
    lin = await opened(bot, "林晓 · •••• 1001")
    omar = await opened(bot, "Omar Haddad", icon_color=0xFF93B2)
    await bot.says("No data since noon.", **lin)
    await bot.says("Does it work in Jordan?", **omar)
    page = subscriber.page
    await subscriber.opens(address, user=9001)
    await subscriber.sees("Good morning")
    await subscriber.presses("Back to the chats")
    await expect(page.get_by_role("heading", name="LEB operators")).to_be_visible()
    await bot.says("Is anybody there?", **lin)
    row = page.get_by_role("button", name="林晓")
    await expect(row).to_contain_text("Is anybody there?")
    await expect(row.locator(".badge")).to_have_text("1")
    await subscriber.takes_picture("operator-chats")
    await row.click()
    await subscriber.sees("No data since noon.")
    await expect(page.locator(".log").get_by_text("in Jordan?")).to_have_count(0)
    await subscriber.writes("Please restart the phone.")
    said = (await bot.hears("message"))["forum_topic_created"]
    assert said["name"].startswith("林晓")
    heard = await bot.hears("message")
    while "text" not in heard:
        heard = await bot.hears("message")
    assert (heard["text"], heard["message_thread_id"]) == (
        "Please restart the phone.",
        lin["message_thread_id"],
    )
    await bot.does(
        "setMessageReaction",
        chat_id=OPERATORS_GROUP,
        message_id=heard["message_id"],
        reaction=[{"type": "emoji", "emoji": "👍"}],
    )
    await expect(subscriber.message(heard["message_id"]).locator(".reaction")).to_have_text("👍")
    await expect(page.locator(".sender").first).to_have_text("LEB Card")
    await bot.says("Works again, thank you!", **lin, reply_markup=one_button("Close"))
    await subscriber.sees("Works again")
    await subscriber.takes_picture("operator-topic")
    await page.reload()
    await subscriber.sees("Works again")


async def test_a_picture_goes_into_the_topic_with_its_words(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    topic = await opened(bot, "Pictures")
    await subscriber.opens(address, user=named(topic))
    page = subscriber.page
    for kind in ("a photo", "a video", "a voice note", "a file", "a sticker"):
        await page.get_by_role("textbox").first.fill(
            "" if kind == "a sticker" else f"This is {kind}"
        )
        await subscriber.presses("Attach")
        await page.get_by_role("menuitem", name=f"Send {kind}").click()
        if kind != "a sticker":
            await subscriber.sees(f"This is {kind}")
    await expect(page.locator(".is-video video")).to_have_js_property("videoWidth", 160)
    await expect(page.locator(".sticker")).to_be_visible()
    await subscriber.takes_picture("operator-attachments")
    heard = await bot.hears("message")
    while "photo" not in heard:
        heard = await bot.hears("message")
    assert (heard["caption"], heard["message_thread_id"]) == (
        "This is a photo",
        topic["message_thread_id"],
    )


async def test_topics_are_closed_and_deleted_and_the_bot_is_thrown_out(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    topic = await opened(bot, "Roaming")
    await subscriber.opens(address, user=named(topic))
    page = subscriber.page

    async def chooses(entry: str) -> None:
        await subscriber.presses("Attach")
        await page.get_by_role("menuitem", name=entry).click()

    await chooses("Close the topic")
    await subscriber.sees("The topic was closed")
    await expect(page.locator(".chat-status")).to_contain_text("closed")
    await chooses("Reopen the topic")
    await subscriber.sees("The topic was reopened")
    await chooses("Remove the bot")
    assert (await bot.hears("my_chat_member"))["new_chat_member"]["status"] == "kicked"
    await expect(page.locator(".chat-status")).to_contain_text("the bot is not in this group")
    await chooses("Take the bot back")
    await bot.hears("my_chat_member")
    await chooses("Delete the topic")
    await subscriber.sees("This topic was deleted")
    await expect(page.get_by_role("button", name="Roaming")).to_have_count(0)
    await page.get_by_role("button", name=re.compile("^General|General$")).click()
    await subscriber.writes("to all")
    await subscriber.sees("to all")


async def test_who_is_in_no_group_has_no_list(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await subscriber.opens(address)
    await subscriber.sees("/start")
    await expect(subscriber.page.get_by_role("button", name="Back to the chats")).to_be_hidden()
