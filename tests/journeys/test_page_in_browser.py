"""The sandbox's page, used as a person uses it, with a bot that does what the test says."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.browser import DESKTOP, Visitor, headless_chromium, visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

COMMUNICATION = "/tmf-api/communicationManagement/v4"
HOME = (
    "📶 <b>LEB · •••• 1001 · Monthly</b>\n"
    "High speed today   12.4 / 20 GB\n"
    "▰▰▰▰▰▰▱▱▱▱ 62 %\n"
    '7.6 GB left · resets <tg-time unix="1795363200" format="r">at 00:00</tg-time>\n'
    'Ends <tg-time unix="1796659200" format="D">8 December</tg-time> (16 days)\n'
    "Wallet ¥236.00 · 1 coupon"
)
HOME_KEYBOARD = {
    "inline_keyboard": [
        [{"text": "🔄 Renew", "callback_data": "v1:renew", "style": "primary"}],
        [
            {"text": "📊 Chart", "callback_data": "v1:chart"},
            {"text": "🧾 Orders", "callback_data": "v1:orders"},
        ],
    ]
}


class ScriptedBot:
    """A bot that says what the test says, by plain requests to the Bot API."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address
        self._offset = 0

    async def does(self, method: str, **parameters: Any) -> Any:
        """Call a method; gives its result and fails on a refusal."""
        url = f"{self._address}/bot{BOT_TOKEN}/{method}"
        async with self._session.post(url, json=parameters) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def says(self, text: str, chat_id: int = 1001, **more: Any) -> int:
        """Send a text in HTML; gives the message's id."""
        message = await self.does(
            "sendMessage", chat_id=chat_id, text=text, parse_mode="HTML", **more
        )
        message_id: int = message["message_id"]
        return message_id

    async def hears(self, kind: str) -> dict[str, Any]:
        """The next update of this kind; those before it are passed over."""
        while True:
            updates = await self.does("getUpdates", offset=self._offset, timeout=10)
            assert updates, f"no {kind} came"
            for update in updates:
                self._offset = update["update_id"] + 1
                if kind in update:
                    content: dict[str, Any] = update[kind]
                    return content

    async def texts(self, msisdn: str, content: str) -> None:
        """Have the carrier send a text to a line (TMF681)."""
        url = f"{self._address}/carrier{COMMUNICATION}/communicationMessage"
        body = {
            "messageType": "SMS",
            "content": content,
            "sender": {"name": "LEB"},
            "receiver": [{"phoneNumber": msisdn}],
        }
        async with self._session.post(url, json=body, headers={"apikey": "SANDBOX"}) as response:
            assert response.status == 201, await response.text()

    async def is_greeted(self, chat_id: int = 1001) -> None:
        """Let the person write first, without which a bot may not write."""
        url = f"{self._address}/sandbox/users/{chat_id}/send"
        async with self._session.post(url, json={"text": "/start"}) as response:
            assert response.status == 200, await response.text()
        await self.hears("message")


class Supervisor:
    """A process that is only said to run."""

    running = True

    async def kill(self) -> None:
        """End it."""
        self.running = False

    async def start(self) -> None:
        """Start it again."""
        self.running = True


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with headless_chromium() as running:
        yield running


@pytest.fixture
def world() -> World:
    """The cast's world on a Sunday afternoon in Shanghai, with a bot that can be killed."""
    afternoon = World(flood=False, supervisor=Supervisor())
    afternoon.clock.shift(now=datetime(2026, 11, 22, 7, tzinfo=UTC))
    return afternoon


@pytest_asyncio.fixture(loop_scope="module")
async def address(world: World) -> AsyncIterator[str]:
    async with serve(world) as serving:
        yield serving


@pytest_asyncio.fixture(loop_scope="module")
async def bot(address: str) -> AsyncIterator[ScriptedBot]:
    async with aiohttp.ClientSession() as session:
        yield ScriptedBot(session, address)


@pytest_asyncio.fixture(loop_scope="module")
async def subscriber(browser: Browser) -> AsyncIterator[Visitor]:
    async with visitor(browser) as somebody:
        yield somebody


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
    await bot.says("&lt;script&gt;1&lt;/script&gt;", reply_markup=_one_button(hostile))
    await expect(subscriber.button(hostile)).to_be_visible()
    await expect(subscriber.page.locator(".log img, .log script")).to_have_count(0)


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
        reply_markup=_one_button("Monthly"),
    )
    await expect(subscriber.message(home)).to_contain_text("Choose a plan")
    await expect(subscriber.message(home)).to_contain_text("edited")
    await expect(subscriber.button("Monthly")).to_be_focused()
    await bot.does("deleteMessage", chat_id=1001, message_id=home)
    await expect(subscriber.message(home)).to_have_count(0)


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


async def test_an_invoice_is_paid_on_its_sheet(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await subscriber.opens(address)
    await _invoice(bot)
    await subscriber.presses("Pay ¥179.00")
    sheet = subscriber.page.get_by_role("dialog")
    await expect(sheet).to_contain_text("Monthly plan")
    await subscriber.takes_picture("pay-sheet")
    await sheet.get_by_role("button", name="Pay ¥179.00").click()
    query = await bot.hears("pre_checkout_query")
    await bot.does("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
    await expect(sheet).to_contain_text("Payment complete")
    await subscriber.takes_picture("paid")
    await sheet.get_by_role("button", name="OK").click()
    await subscriber.sees("You successfully paid ¥179.00")
    assert (await bot.hears("message"))["successful_payment"]["total_amount"] == 17900


async def test_a_refused_payment_says_why_and_charges_nothing(
    subscriber: Visitor, bot: ScriptedBot, address: str, world: World
) -> None:
    await bot.is_greeted()
    await subscriber.opens(address)
    await _invoice(bot)
    await subscriber.presses("Pay ¥179.00")
    sheet = subscriber.page.get_by_role("dialog")
    await sheet.get_by_role("button", name="Pay ¥179.00").click()
    query = await bot.hears("pre_checkout_query")
    await bot.does(
        "answerPreCheckoutQuery",
        pre_checkout_query_id=query["id"],
        ok=False,
        error_message="The price has changed.",
    )
    await expect(sheet).to_contain_text("The price has changed.")
    assert world.telegram.bots[BOT_TOKEN].payments.charges == {}


async def test_the_next_payment_can_be_declined_on_the_panel(
    browser: Browser, bot: ScriptedBot, address: str
) -> None:
    async with visitor(browser, screen=DESKTOP) as subscriber:
        await bot.is_greeted()
        await subscriber.opens(address)
        await _invoice(bot)
        await subscriber.page.get_by_role("radio", name="Declined").check(force=True)
        await subscriber.presses("Pay ¥179.00")
        sheet = subscriber.page.get_by_role("dialog")
        await sheet.get_by_role("button", name="Pay ¥179.00").click()
        query = await bot.hears("pre_checkout_query")
        await bot.does("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
        await expect(sheet).to_contain_text("The card was declined")
        await expect(subscriber.page.get_by_role("radio", name="Normal")).to_be_checked()


async def test_the_next_notice_of_a_payment_can_come_twice(
    browser: Browser, bot: ScriptedBot, address: str
) -> None:
    async with visitor(browser, screen=DESKTOP) as subscriber:
        await bot.is_greeted()
        await subscriber.opens(address)
        await _invoice(bot)
        await subscriber.page.get_by_role("radio", name="Notice twice").check(force=True)
        await subscriber.presses("Pay ¥179.00")
        sheet = subscriber.page.get_by_role("dialog")
        await sheet.get_by_role("button", name="Pay ¥179.00").click()
        query = await bot.hears("pre_checkout_query")
        await bot.does("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
        first, second = [await bot.hears("message") for _ in range(2)]
        assert first["successful_payment"] == second["successful_payment"]
        await sheet.get_by_role("button", name="OK").click()
        await expect(subscriber.page.get_by_text("You successfully paid")).to_have_count(1)


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


async def test_relative_times_follow_the_clock(
    subscriber: Visitor, bot: ScriptedBot, address: str
) -> None:
    await bot.is_greeted()
    await bot.says(HOME)
    await subscriber.opens(address)
    await subscriber.sees("in 9 hours")
    await subscriber.presses("World")
    await subscriber.presses("+1 hour")
    await expect(subscriber.page.locator("time.moment").first).to_have_text("in 8 hours")
    await subscriber.presses("Next reset")
    await expect(subscriber.page.locator("time.moment").first).to_have_text("just now")
    await expect(subscriber.page.get_by_text("Sun, Nov 22")).to_have_count(1)


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
    await subscriber.presses("World")
    await expect(page.get_by_role("button", name="+1 hour")).to_be_visible()
    await subscriber.takes_picture("world-on-a-phone")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="+1 hour")).to_be_hidden()
    await expect(page.get_by_role("button", name="World")).to_be_focused()


async def test_the_panel_drives_the_world(
    browser: Browser, bot: ScriptedBot, address: str, world: World
) -> None:
    async with visitor(browser, screen=DESKTOP) as operator:
        await bot.is_greeted()
        await bot.says(HOME, reply_markup=HOME_KEYBOARD)
        await operator.opens(address, user="1001,9001")
        await operator.sees("12.4 GB / 20 GB")
        await operator.presses("Use 5 GB")
        await operator.sees("17.4 GB / 20 GB")
        await operator.presses("Next reset")
        await operator.sees("0 GB / 20 GB")
        assert world.clock.reading()["offset_s"] > 0
        await bot.texts("+85261001003", "LEB code: 482913")
        await operator.presses("Copy 482913")
        await operator.sees("Copied")
        await operator.presses("Kill")
        await operator.sees("Bot stopped")
        await operator.page.locator(".process").get_by_role("button", name="Start").click()
        await expect(operator.page.get_by_role("button", name="Kill")).to_be_enabled()
        await operator.presses("Outage, next 5 calls")
        await operator.sees("Set: Outage, next 5 calls")
        await operator.page.locator("#world").evaluate("panel => panel.scrollTo(0, 0)")
        await operator.takes_picture("two-chats-and-the-world")


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


def _one_button(label: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, "callback_data": "v1:one"}]]}


async def _invoice(bot: ScriptedBot) -> None:
    await bot.does(
        "sendInvoice",
        chat_id=1001,
        title="Monthly plan",
        description="30 days, each with 20 GB of high speed, then 1 Mbps.",
        payload="order:1",
        provider_token="SANDBOX",
        currency="CNY",
        prices=[{"label": "Monthly", "amount": 19900}, {"label": "NEW20", "amount": -2000}],
    )
