"""Invoices, pre-checkout, charges, Stars."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.sandbox.world import World
from tests.sandbox.telegram.sides import BotSide, Control, Json, Phone, Refused, callback, inline

MONTHLY: Json = {
    "title": "Monthly plan",
    "description": "30 days",
    "payload": "order:1",
    "provider_token": "SANDBOX:PROVIDER",
    "currency": "CNY",
    "prices": [{"label": "M30", "amount": 19900}],
}
STARS = MONTHLY | {"provider_token": "", "currency": "XTR"}


async def invoice(bot: BotSide, invoice: Json = MONTHLY, **more: Any) -> Json:
    """Send an invoice to Lin."""
    sent: Json = await bot.call("sendInvoice", chat_id=1001, **invoice | more)
    await bot.forgets_updates()
    return sent


async def agreed(bot: BotSide, paying: asyncio.Task[Json]) -> Json:
    """Say yes to the checkout; the outcome."""
    query = await bot.next("pre_checkout_query")
    await bot.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
    return await paying


async def test_an_invoice_shows_its_total_and_a_pay_button(bot: BotSide, lin: Phone) -> None:
    sent = await invoice(bot)
    assert sent["invoice"]["total_amount"] == 19900
    assert sent["reply_markup"]["inline_keyboard"] == [[{"text": "Pay 199.00 CNY", "pay": True}]]


async def test_a_payment_goes_from_pre_checkout_to_successful_payment(
    world: World, bot: BotSide, lin: Phone
) -> None:
    await invoice(bot)
    paying = lin.paying()
    query = await bot.next("pre_checkout_query")
    assert (query["currency"], query["total_amount"]) == ("CNY", 19900)
    assert query["invoice_payload"] == "order:1"
    await bot.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
    outcome = await paying
    payment = (await bot.next("message"))["successful_payment"]
    assert outcome == {"outcome": "paid", "charge_id": payment["telegram_payment_charge_id"]}
    assert world.telegram.violations == []


async def test_the_pay_button_pays(bot: BotSide, lin: Phone) -> None:
    await invoice(bot)
    assert (await agreed(bot, lin.pressing("Pay")))["outcome"] == "paid"


async def test_an_invoice_may_be_paid_twice_each_time_with_its_own_charge(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await invoice(bot)
    first = await agreed(bot, lin.paying())
    await bot.forgets_updates()
    second = await agreed(bot, lin.paying())
    charges = (await control.get("charges"))["charges"]
    assert [charge["charge_id"] for charge in charges] == [first["charge_id"], second["charge_id"]]
    assert first["charge_id"] != second["charge_id"]


async def test_a_refusal_tells_the_person_why_and_charges_nothing(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await invoice(bot)
    paying = lin.paying()
    query = {"pre_checkout_query_id": (await bot.next("pre_checkout_query"))["id"]}
    with pytest.raises(Refused, match="error_message"):
        await bot.call("answerPreCheckoutQuery", **query, ok=False)
    await bot.call("answerPreCheckoutQuery", **query, ok=False, error_message="Sold out")
    assert await paying == {"outcome": "refused", "error_message": "Sold out"}
    assert (await control.get("charges"))["charges"] == []


async def test_a_checkout_unanswered_for_10_seconds_fails(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await invoice(bot)
    paying = lin.paying()
    query = await bot.next("pre_checkout_query")
    await control.advance(10)
    with pytest.raises(Refused, match="query is too old"):
        await bot.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
    assert await paying == {"outcome": "timeout"}


async def test_a_checkout_answered_within_10_seconds_goes_on(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await invoice(bot)
    paying = lin.paying()
    query = await bot.next("pre_checkout_query")
    await control.advance(9)
    await bot.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
    assert (await paying)["outcome"] == "paid"


async def test_a_cancelled_payment_asks_nobody(bot: BotSide, lin: Phone) -> None:
    await invoice(bot)
    assert await lin.paying(outcome="cancel") == {"outcome": "cancelled"}
    assert await bot.updates() == []


async def test_a_provider_may_decline_after_the_bot_agreed(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await invoice(bot)
    assert await agreed(bot, lin.paying(outcome="decline")) == {"outcome": "declined"}
    assert (await control.get("charges"))["charges"] == []


async def test_a_lost_notice_is_a_charge_that_the_bot_never_hears_of(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await invoice(bot)
    outcome = await agreed(bot, lin.paying(outcome="lost-notice"))
    assert await bot.updates() == []
    [charge] = (await control.get("charges"))["charges"]
    assert charge["charge_id"] == outcome["charge_id"]


async def test_a_double_notice_is_one_charge_told_twice(
    control: Control, bot: BotSide, lin: Phone
) -> None:
    await invoice(bot)
    await agreed(bot, lin.paying(outcome="double-notice"))
    first, second = await bot.updates()
    assert first["update_id"] != second["update_id"]
    assert first["message"] == second["message"]
    assert len((await control.get("charges"))["charges"]) == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"title": "x" * 33}, "INVOICE_TITLE_INVALID"),
        ({"description": "x" * 256}, "INVOICE_DESCRIPTION_INVALID"),
        ({"payload": "卡" * 43}, "INVOICE_PAYLOAD_INVALID"),
        ({"prices": [{"label": " ", "amount": 1}]}, "PRICE_LABEL_INVALID"),
        ({"prices": [{"label": "x", "amount": 0}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"prices": [{"label": "x", "amount": 10**9}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"prices": []}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"provider_token": ""}, "PAYMENT_PROVIDER_INVALID"),
        ({"currency": "yuan"}, "CURRENCY_INVALID"),
        ({"suggested_tip_amounts": [2, 1], "max_tip_amount": 5}, "SUGGESTED_TIP_AMOUNTS_INVALID"),
    ],
)
async def test_an_invoice_keeps_the_rules(
    bot: BotSide, lin: Phone, wrong: Json, reason: str
) -> None:
    with pytest.raises(Refused, match=f"^Bad Request: {reason}$"):
        await invoice(bot, **wrong)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"provider_token": "SANDBOX:PROVIDER"}, "PAYMENT_PROVIDER_INVALID"),
        ({"prices": MONTHLY["prices"] * 2}, "STARS_INVOICE_INVALID"),
        ({"max_tip_amount": 5}, "STARS_INVOICE_INVALID"),
    ],
)
async def test_an_invoice_in_stars_keeps_its_own_rules(
    bot: BotSide, lin: Phone, wrong: Json, reason: str
) -> None:
    with pytest.raises(Refused, match=f"^Bad Request: {reason}$"):
        await invoice(bot, STARS, **wrong)


async def test_an_invoices_keyboard_begins_with_pay(bot: BotSide, lin: Phone) -> None:
    pay = {"text": "Pay now", "pay": True}
    await invoice(bot, reply_markup=inline(pay, callback("Back", "back")))
    with pytest.raises(Refused, match="REPLY_MARKUP_BUY_EMPTY"):
        await invoice(bot, reply_markup=inline(callback("Back", "back"), pay))


async def test_stars_are_given_back_once_to_who_paid(
    world: World, control: Control, bot: BotSide, lin: Phone
) -> None:
    await invoice(bot, STARS)
    charge_id = (await agreed(bot, lin.paying()))["charge_id"]
    await bot.next("message")
    refund = {"user_id": 1001, "telegram_payment_charge_id": charge_id}
    for wrong in ({"user_id": 1002}, {"telegram_payment_charge_id": "other"}):
        with pytest.raises(Refused, match="CHARGE_NOT_FOUND"):
            await bot.call("refundStarPayment", **refund | wrong)
    await bot.call("refundStarPayment", **refund)
    told = (await bot.next("message"))["refunded_payment"]
    assert told["telegram_payment_charge_id"] == charge_id
    with pytest.raises(Refused, match="CHARGE_ALREADY_REFUNDED"):
        await bot.call("refundStarPayment", **refund)
    assert (await control.get("charges"))["charges"][0]["refunded"] is True
    moves = (await bot.call("getStarTransactions"))["transactions"]
    assert [("source" in move, "receiver" in move) for move in moves] == [
        (True, False),
        (False, True),
    ]
    assert world.telegram.violations == []


async def test_money_is_not_given_back_as_stars(bot: BotSide, lin: Phone) -> None:
    await invoice(bot)
    charge_id = (await agreed(bot, lin.paying()))["charge_id"]
    with pytest.raises(Refused, match="CHARGE_NOT_FOUND"):
        await bot.call("refundStarPayment", user_id=1001, telegram_payment_charge_id=charge_id)


async def test_an_invoice_link_is_paid(bot: BotSide, lin: Phone) -> None:
    link = await bot.call("createInvoiceLink", **STARS)
    await bot.forgets_updates()
    assert (await agreed(bot, lin.paying(link=link)))["outcome"] == "paid"


async def test_without_an_invoice_nothing_is_paid(lin: Phone) -> None:
    with pytest.raises(Refused, match="no such invoice"):
        await lin.paying()
