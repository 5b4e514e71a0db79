"""What the page shows of a chat."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser import Visitor
from tests.sandbox.page.scripted_bot import HOME, HOME_KEYBOARD, ScriptedBot, one_button

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


async def test_start_greets_the_bot_and_its_answer_arrives(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await subscriber.opens(address)
    await subscriber.sees("No messages here yet")
    await subscriber.presses("Start")
    assert (await bot.hears("message"))["text"] == "/start"
    await bot.says("👋 <b>Welcome</b>")
    await subscriber.sees("Welcome")
    await expect(subscriber.page.get_by_text("No messages here yet")).to_be_hidden()


async def test_entities_stand_where_the_bot_put_them(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await subscriber.opens(address)
    shown = subscriber.message(
        await bot.says(
            "😀 <b>bold</b> <i>italic</i> <u>under</u> <s>struck</s> "
            "<tg-spoiler>secret</tg-spoiler> <code>LEB-2611</code>\n"
            '<a href="https://example.com/terms">terms</a> /usage '
            '<tg-time unix="1796659200" format="D">8 Dec</tg-time>\n'
            "<blockquote expandable>one\ntwo\nthree\nfour\nfive</blockquote>"
            '<pre><code class="language-json">{"a": 1}</code></pre>'
        )
    )
    for tag, text in {
        "strong": "bold",
        "em": "italic",
        "u": "under",
        "s": "struck",
        "code": "LEB-2611",
        "time.moment": "December 8, 2026",
        "pre": '{"a": 1}',
    }.items():
        await expect(shown.locator(tag)).to_have_text(text)
    link = shown.get_by_role("link", name="terms")
    await expect(link).to_have_attribute("href", "https://example.com/terms")
    await subscriber.takes_picture("entities")

    await shown.get_by_role("button", name="Reveal the spoiler").click()
    await expect(shown.locator(".spoiler")).to_have_class(re.compile("revealed"))
    more = shown.get_by_role("button", name="Show more")
    await more.click()
    await expect(shown.get_by_role("button", name="Show less")).to_have_attribute(
        "aria-expanded", "true"
    )
    await shown.get_by_text("/usage").click()
    assert (await bot.hears("message"))["text"] == "/usage"


async def test_markup_from_a_message_or_a_name_stays_text(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    await bot.is_greeted()
    await subscriber.opens(address)
    await subscriber.writes(hostile)
    assert (await bot.hears("message"))["text"] == hostile
    await bot.says("&lt;script&gt;1&lt;/script&gt;", reply_markup=one_button(hostile))
    await expect(subscriber.button(hostile)).to_be_visible()
    await expect(subscriber.page.locator(".log img, .log script")).to_have_count(0)


async def test_an_edit_changes_the_message_in_place_and_keeps_the_focus(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    home = await bot.says(HOME, reply_markup=HOME_KEYBOARD)
    await subscriber.opens(address)
    await subscriber.button("Renew").focus()
    await bot.does(
        "editMessageText",
        chat_id=1001,
        message_id=home,
        text="Choose a plan",
        reply_markup=one_button("Monthly"),
    )
    await expect(subscriber.message(home)).to_contain_text("Choose a plan")
    await expect(subscriber.message(home)).to_contain_text("edited")
    await expect(subscriber.button("Monthly")).to_be_focused()
    await bot.does("deleteMessage", chat_id=1001, message_id=home)
    await expect(subscriber.message(home)).to_have_count(0)


async def test_relative_times_follow_the_clock(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await bot.says(HOME)
    await subscriber.opens(address)
    await subscriber.sees("in 9 hours")
    await subscriber.tells_the_world("World")
    await subscriber.tells_the_world("+1 hour")
    await expect(subscriber.page.locator("time.moment").first).to_have_text("in 8 hours")
    await subscriber.tells_the_world("Next reset")
    await expect(subscriber.page.locator("time.moment").first).to_have_text("just now")
    await expect(subscriber.page.get_by_text("Sun, Nov 22")).to_have_count(1)


async def test_a_reload_shows_the_same_chat(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted(1002)
    home = await bot.says(HOME, 1002, reply_markup=HOME_KEYBOARD)
    await subscriber.opens(address, user=1002)
    await subscriber.page.reload()
    await expect(subscriber.message(home)).to_contain_text("12.4 / 20 GB")
    await expect(subscriber.page.get_by_label("You are")).to_have_value("1002")
    await bot.says("After the reload", 1002)
    await subscriber.sees("After the reload")


async def test_another_person_of_the_cast_has_another_chat(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await bot.says("For Lin Xiao only")
    await subscriber.opens(address)
    await subscriber.sees("For Lin Xiao only")
    await subscriber.page.get_by_label("You are").select_option("1002")
    await subscriber.sees("No messages here yet")
    await subscriber.presses("Start")
    assert (await bot.hears("message"))["from"]["id"] == 1002


async def test_pictures_and_documents_are_shown(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await subscriber.opens(address)
    await subscriber.presses("Attach")
    await subscriber.page.get_by_role("menuitem", name="Send a photo").click()
    photo = (await bot.hears("message"))["photo"][-1]["file_id"]
    shown = subscriber.message(
        (await bot.does("sendPhoto", chat_id=1001, photo=photo, caption="7 days"))["message_id"]
    )
    await expect(shown.get_by_role("img")).to_have_js_property("complete", value=True)
    assert await shown.get_by_role("img").evaluate("image => image.naturalWidth") > 0
    await expect(shown).to_contain_text("7 days")
    await bot.does("sendDocument", chat_id=1001, document=photo)
    await subscriber.sees("photo.png")


async def test_following_a_deep_link_starts_the_bot_with_what_it_names(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await subscriber.opens(address)
    shown = subscriber.message(
        await bot.says(
            "https://t.me/leb_card_bot?start=pay_abc-DEF_1 and "
            '<a href="https://t.me/leb_card_bot?start=plan_M30">a month</a> '
            "and https://t.me/leb_card_bot"
        )
    )
    for label, target in (("start=pay_abc-DEF_1", "pay_abc-DEF_1"), ("a month", "plan_M30")):
        await shown.get_by_role("button", name=label).click()
        assert (await bot.hears("message"))["text"] == f"/start {target}"
    assert await shown.get_by_role("link").count() == 1
