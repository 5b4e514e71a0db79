"""Paying an invoice on the page."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.world import World
from tests.browser import DESKTOP, Visitor, visitor
from tests.sandbox.page.scripted_bot import ScriptedBot

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="package")]


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
