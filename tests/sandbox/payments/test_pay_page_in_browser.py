"""The hosted pay page in a browser: paid by Alipay, and by a card whose bank asks its holder."""

from __future__ import annotations

import re

import aiohttp
import pytest
from playwright.async_api import Page, expect

from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.browser import Visitor, headless_chromium, visitor
from tests.sandbox.payments.shop import Shop, price, stripe_client
from tests.sandbox.telegram.sides import Control

pytestmark = pytest.mark.browser

ITEM = price(19_900, name="月卡 Monthly · 30 天")


async def test_a_person_pays_on_the_hosted_page() -> None:
    world = World()
    async with (
        serve(world) as url,
        aiohttp.ClientSession() as session,
        headless_chromium() as browser,
    ):
        shop = Shop(stripe_client(url, session), world.clock, Control(url, session))
        async with visitor(browser) as lin:
            await _pays_by_alipay(lin, shop, url)
        async with visitor(browser, colours="dark") as ana:
            await _pays_by_card(ana, shop, url)
        async with visitor(browser) as somebody:
            await _reads_what_is_kept(somebody, shop)
            await _changes_their_mind(somebody, shop, url)
            await _comes_too_late(somebody, shop)


async def _pays_by_alipay(lin: Visitor, shop: Shop, url: str) -> None:
    opened = await _opens(shop, url, "zh")
    page = lin.page
    await page.goto(opened)
    await lin.sees("付款给 LEB Card")
    await expect(page.locator(".bill-total")).to_have_text("¥199.00")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await lin.takes_picture("pay-card-zh")
    await page.get_by_role("radio", name="支付宝").check(force=True)
    await lin.takes_picture("pay-alipay-zh")
    await page.get_by_role("button", name="前往支付宝").click()
    code = page.get_by_role("img", name="支付宝付款二维码")
    await expect(code).to_be_visible()
    assert await code.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    await lin.takes_picture("pay-alipay-code-zh")
    await page.get_by_role("button", name="在支付宝中支付 ¥199.00").click()
    await lin.sees("付款成功")
    await lin.takes_picture("pay-paid-zh")
    await page.wait_for_url(re.compile(r"/\?as=1001&paid=cs_test_"))
    assert [charge["method"] for charge in await shop.charged()] == ["alipay"]


async def _pays_by_card(ana: Visitor, shop: Shop, url: str) -> None:
    opened = await _opens(shop, url, "en")
    page = ana.page
    await page.goto(opened)
    await _types_card(page, "4000000000000002", "123")
    await ana.sees("The bank declined this card.")
    await ana.takes_picture("pay-declined-en-dark")
    await _types_card(page, "4000002500003155", "1")
    await ana.sees("The CVC has 3 or 4 digits.")
    await _types_card(page, "4000002500003155", "123")
    await ana.sees("Confirm with your bank")
    await ana.takes_picture("pay-bank-en-dark")
    await page.get_by_role("button", name="Confirm payment").click()
    await ana.sees("Payment complete")
    assert len(await shop.charged()) == 2


async def _reads_what_is_kept(somebody: Visitor, shop: Shop) -> None:
    """Only a page that keeps the card says so."""
    said = somebody.page.get_by_text("will keep this card")
    kept: dict[str, str] = {"setup_future_usage": "off_session"}
    for asked, is_said in ((kept, True), ({}, False)):
        session = await shop.opens(
            allowed_payment_method_types=["card"], payment_intent_data=asked, locale="en"
        )
        await somebody.page.goto(session.url or "")
        await somebody.sees("Card number")
        await expect(said).to_have_count(int(is_said))


async def _changes_their_mind(somebody: Visitor, shop: Shop, url: str) -> None:
    page = somebody.page
    await page.goto(await _opens(shop, url, "en"))
    await page.get_by_role("radio", name="WeChat Pay").check(force=True)
    await page.get_by_role("button", name="Continue with WeChat Pay").click()
    await expect(page.get_by_role("img", name="WeChat Pay payment code")).to_be_visible()
    await somebody.takes_picture("pay-wechat-code-en")
    await page.get_by_role("button", name="Another way to pay").click()
    await page.get_by_role("link", name="Cancel and go back").click()
    await page.wait_for_url(f"{url}/?as=1001")
    assert len(await shop.charged()) == 2


async def _comes_too_late(late: Visitor, shop: Shop) -> None:
    session = await shop.opens(locale="en")
    await shop.control.advance(25 * 3600)
    await late.page.goto(session.url or "")
    await late.sees("This payment has expired")
    await expect(late.page.get_by_role("link", name="Back to LEB Card")).to_be_visible()
    await late.takes_picture("pay-expired-en")


async def _opens(shop: Shop, url: str, language: str) -> str:
    session = await shop.opens(
        line_items=[ITEM],
        allowed_payment_method_types=["card", "alipay", "wechat_pay"],
        payment_method_options={"wechat_pay": {"client": "web"}},
        success_url=f"{url}/?as=1001&paid={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{url}/?as=1001",
        locale=language,
    )
    return session.url or ""


async def _types_card(page: Page, number: str, cvc: str) -> None:
    await page.get_by_label("Card number").fill("")
    await page.get_by_label("Card number").press_sequentially(number)
    await page.get_by_label("Expiry").fill("12/34")
    await page.get_by_label("CVC").fill(cvc)
    await page.get_by_role("button", name="Pay ¥199.00").click()
