"""What a person does in the chat: presses, shares, copies, edits, blocks, by mouse or keyboard."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser import Visitor
from tests.sandbox.page.scripted_bot import HOME, HOME_KEYBOARD, ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_a_button_turns_until_the_bot_answers_and_its_toast_passes_by(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await bot.says(HOME, reply_markup=HOME_KEYBOARD)
    await subscriber.opens(address)
    await subscriber.presses("Renew")
    await expect(subscriber.button("Renew")).to_have_attribute("aria-busy", "true")
    query = await bot.hears("callback_query")
    assert query["data"] == "v1:renew"
    await bot.does("answerCallbackQuery", callback_query_id=query["id"], text="Up to date")
    await subscriber.sees("Up to date")
    await expect(subscriber.button("Renew")).not_to_have_attribute("aria-busy", "true")
    await subscriber.takes_picture("home-with-toast")


async def test_an_alert_stays_until_it_is_read(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await bot.says(HOME, reply_markup=HOME_KEYBOARD)
    await subscriber.opens(address)
    await subscriber.presses("Orders")
    query = await bot.hears("callback_query")
    await bot.does(
        "answerCallbackQuery",
        callback_query_id=query["id"],
        text="This button has expired.",
        show_alert=True,
    )
    dialog = subscriber.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("This button has expired.")
    await subscriber.takes_picture("alert")
    await subscriber.page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()


async def test_sharing_the_phone_number_asks_first(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await subscriber.opens(address)
    share = {"text": "📱 Share my number", "request_contact": True, "style": "primary"}
    await bot.says(
        "First verify your number.",
        reply_markup={"keyboard": [[share]], "resize_keyboard": True},
    )
    await subscriber.presses("Share my number")
    dialog = subscriber.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("+8613800001001")
    await subscriber.takes_picture("share-contact")
    await subscriber.presses("Cancel")
    await subscriber.presses("Share my number")
    await dialog.get_by_role("button", name="Share").click()
    contact = (await bot.hears("message"))["contact"]
    assert contact["user_id"] == 1001
    assert contact["phone_number"].endswith("8613800001001")
    await bot.says("Thank you.", reply_markup={"remove_keyboard": True})
    await expect(subscriber.page.get_by_role("button", name="Share my number")).to_have_count(0)


async def test_copy_buttons_and_codes_reach_the_clipboard(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await subscriber.opens(address)
    button = {"text": "📋 Copy", "copy_text": {"text": "LEB-2611-8K3F"}}
    await bot.says("Order <code>8K3F</code>", reply_markup={"inline_keyboard": [[button]]})
    await subscriber.presses("Copy")
    await subscriber.sees("Copied")
    assert await subscriber.page.evaluate("navigator.clipboard.readText()") == "LEB-2611-8K3F"
    await subscriber.presses("8K3F")
    await subscriber.page.wait_for_function(
        "navigator.clipboard.readText().then((text) => text === '8K3F')"
    )


async def test_an_own_message_can_be_edited_and_the_bot_blocked(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await subscriber.opens(address)
    await subscriber.writes("helo")
    await bot.hears("message")
    await subscriber.presses("Edit")
    await subscriber.writes("hello")
    assert (await bot.hears("edited_message"))["text"] == "hello"
    await subscriber.presses("Attach")
    await subscriber.page.get_by_role("menuitem", name="Block the bot").click()
    await bot.hears("my_chat_member")
    await subscriber.presses("Unblock")
    await bot.hears("my_chat_member")
    await expect(subscriber.page.get_by_role("textbox")).to_be_visible()


async def test_the_menu_of_commands_and_the_typing_sign_follow_the_bot(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await subscriber.opens(address)
    await bot.does("setMyCommands", commands=[{"command": "usage", "description": "Data today"}])
    await subscriber.presses("Commands")
    item = subscriber.page.get_by_role("menuitem", name="/usage")
    await expect(item).to_contain_text("Data today")
    await expect(item).to_be_focused()
    await subscriber.takes_picture("commands")
    await item.click()
    assert (await bot.hears("message"))["text"] == "/usage"
    await bot.does("sendChatAction", chat_id=1001, action="typing")
    await subscriber.sees("typing…")
    await bot.says("12.4 of 20 GB")
    await expect(subscriber.page.get_by_text("typing…")).to_have_count(0)


async def test_everything_can_be_done_by_keyboard(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await bot.says(HOME, reply_markup=HOME_KEYBOARD)
    await subscriber.opens(address)
    keyboard = subscriber.page.keyboard
    await subscriber.button("Renew").focus()
    await keyboard.press("Tab")
    await expect(subscriber.button("Chart")).to_be_focused()
    await keyboard.press("Enter")
    query = await bot.hears("callback_query")
    assert query["data"] == "v1:chart"
    await bot.does("answerCallbackQuery", callback_query_id=query["id"])
    for _ in range(8):
        await keyboard.press("Tab")
        if await subscriber.page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    await keyboard.type("two lines")
    await keyboard.press("Shift+Enter")
    await keyboard.type("in one message")
    await keyboard.press("Enter")
    assert (await bot.hears("message"))["text"] == "two lines\nin one message"
