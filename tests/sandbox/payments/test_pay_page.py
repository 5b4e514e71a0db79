"""What the hosted pay page asks and tells, without a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import bot.sandbox.payments
from bot.sandbox.payments import cards
from tests.sandbox.payments.shop import CANCEL_URL, Shop
from tests.sandbox.telegram.sides import Json

PAGE = Path(bot.sandbox.payments.__file__).parent / "page"
OK = {"number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}
ASKS_BANK = OK | {"number": "4000002500003155"}


class Payer:
    """Somebody at the page of one session."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self.address = address

    async def sees(self) -> Json:
        """What the page is told."""
        async with self._session.get(f"{self.address}/session") as answer:
            shown: Json = await answer.json()
            return shown

    async def does(self, what: str, **body: Any) -> tuple[int, Json]:
        """What the page posts, and what it is answered."""
        async with self._session.post(f"{self.address}/{what}", json=body) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def payer(shop: Shop, session: aiohttp.ClientSession) -> Payer:
    """Somebody who may pay by card or by Alipay."""
    opened = await shop.opens(allowed_payment_method_types=["card", "alipay"])
    return Payer(session, opened.url or "")


async def test_the_page_shows_what_is_paid_for(payer: Payer) -> None:
    shown = await payer.sees()
    assert (shown["stage"], shown["total"], shown["currency"]) == ("open", 19_900, "CNY")
    assert shown["methods"] == ["card", "alipay"]
    assert shown["items"] == [
        {"name": "月卡", "description": "30 天", "quantity": 1, "amount": 19_900}
    ]
    assert shown["cancel_url"] == CANCEL_URL
    assert shown["merchant"] == "LEB Card"


async def test_a_card_pays_and_leads_back_to_the_shop(payer: Payer) -> None:
    assert await payer.does("pay", method="card", card=OK) == (
        200,
        {"outcome": "paid", "problem": None},
    )
    shown = await payer.sees()
    assert shown["stage"] == "paid"
    assert shown["success_url"].endswith(f"session={shown['id']}")


async def test_a_declined_card_says_why_and_can_be_followed_by_another(payer: Payer) -> None:
    declined = OK | {"number": "4000000000000002"}
    assert (await payer.does("pay", method="card", card=declined))[1] == {
        "outcome": "declined",
        "problem": "generic_decline",
    }
    assert (await payer.does("pay", method="alipay"))[1]["outcome"] == "paid"


async def test_a_bank_that_asks_is_answered_yes(payer: Payer, shop: Shop) -> None:
    assert (await payer.does("pay", method="card", card=ASKS_BANK))[1]["outcome"] == "confirm"
    shown = await payer.sees()
    assert (shown["stage"], shown["card_ending"]) == ("confirm", "3155")
    assert await shop.charged() == []
    assert (await payer.does("confirm", approved=True))[1]["outcome"] == "paid"
    assert len(await shop.charged()) == 1


async def test_a_bank_that_asks_is_answered_no(payer: Payer, shop: Shop) -> None:
    await payer.does("pay", method="card", card=ASKS_BANK)
    assert (await payer.does("confirm", approved=False))[1] == {
        "outcome": "declined",
        "problem": "payment_intent_authentication_failure",
    }
    assert (await payer.sees())["stage"] == "open"
    assert await shop.charged() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "4111 1111 1111 1111"}, "number"),
        ({"expiry": "01/20"}, "expiry"),
        ({"expiry": "13/34"}, "expiry"),
        ({"cvc": "12"}, "cvc"),
    ],
)
async def test_a_wrong_field_of_the_card_is_named(payer: Payer, wrong: Json, field: str) -> None:
    answer = await payer.does("pay", method="card", card=OK | wrong)
    assert answer == (200, {"outcome": "invalid", "problem": field})


async def test_what_is_over_cannot_be_paid(payer: Payer, shop: Shop) -> None:
    await shop.control.advance(25 * 3600)
    assert (await payer.sees())["stage"] == "expired"
    assert (await payer.does("pay", method="alipay"))[0] == 409
    assert (await payer.does("confirm", approved=True))[0] == 409


async def test_only_what_is_offered_can_be_paid_with(payer: Payer) -> None:
    assert (await payer.does("pay", method="wechat_pay"))[0] == 409
    assert (await payer.does("pay", method="gold"))[0] == 400
    assert (await payer.does("pay", method="card"))[0] == 400


async def test_a_wallet_has_a_code_to_scan(payer: Payer, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{payer.address}/alipay.svg") as answer:
        assert answer.content_type == "image/svg+xml"
        assert "<path" in await answer.text()
    async with session.get(f"{payer.address}/wechat_pay.svg") as answer:
        assert answer.status == 404


async def test_an_unknown_session_is_a_page_that_says_so(
    url: str, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{url}/pay/cs_test_0") as answer:
        assert (answer.status, answer.content_type) == (404, "text/html")
    async with session.get(f"{url}/pay/cs_test_0/session") as answer:
        assert answer.status == 404


def test_both_languages_of_the_page_have_every_text() -> None:
    source = (PAGE / "texts.js").read_text("utf-8")
    blocks = re.findall(r"^  (zh|en): \{\n(.*?)^  \},", source, re.MULTILINE | re.DOTALL)
    words = {
        language: dict(re.findall(r'^    (\w+): "(.*)",$', block, re.MULTILINE))
        for language, block in blocks
    }
    assert words["zh"].keys() == words["en"].keys()
    for key, text in words["zh"].items():
        placeholders = set(re.findall(r"\{\w+\}", text))
        assert placeholders == set(re.findall(r"\{\w+\}", words["en"][key])), key
    scripts = (PAGE / "views.js").read_text("utf-8") + (PAGE / "pay.js").read_text("utf-8")
    assert set(re.findall(r'\bt\("(\w+)"', scripts)) <= words["en"].keys()
    failures = (cards.DECLINED, cards.LACKING_FUNDS, cards.NOT_CONFIRMED, cards.WALLET_DECLINED)
    problems = {f"problem_{failure.decline_code or failure.code}" for failure in failures}
    assert problems <= words["en"].keys()
