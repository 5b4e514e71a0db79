"""Paying in Telegram Stars, over real HTTP: chosen, paid, delivered, given back."""

from __future__ import annotations

from typing import Any

from bot import refunding
from bot.sandbox.cast import BOT_TOKEN
from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, confirms, linked
from tests.services.books import breaches
from tests.stage import Stage

PRICE = "⭐\N{NO-BREAK SPACE}1,250"
STARS = ("月卡", "换方式", "Telegram 星星", "支付 ⭐")


async def transactions(stage: Stage) -> list[dict[str, Any]]:
    """As Telegram lists them to the bot."""
    async with stage.session.post(f"/bot{BOT_TOKEN}/getStarTransactions") as answer:
        listed: list[dict[str, Any]] = (await answer.json())["result"]["transactions"]
    return listed


async def refunds(stage: Stage, order_id: str) -> None:
    async for _line in refunding.refund(stage.database, order_id, "asked by phone"):
        pass


async def invoiced(stage: Stage) -> Subscriber:
    lin = await linked(stage)
    await confirms(lin, *STARS)
    return lin


async def test_a_month_is_paid_in_stars_delivered_and_given_back(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, "月卡", "换方式")
    assert f"用 Telegram 星星支付：{PRICE}" in lin.sees_last
    await lin.presses("Telegram 星星")
    assert f"应付 {PRICE}" in lin.sees_last
    assert "NEW20" not in lin.sees_last
    await lin.presses("支付 ⭐")
    await lin.pays_invoice()
    await becomes_ready(stage, lin)
    assert "套餐已排期" in lin.sees
    order_id = lin.order_id()
    (received,) = await transactions(stage)
    assert received["amount"] == 1250
    await refunds(stage, order_id)
    await becomes_ready(stage, lin)
    assert f"{PRICE} 已退回您的 Telegram 账户" in lin.sees
    back = [each for each in await transactions(stage) if "receiver" in each]
    assert [(each["id"], each["amount"]) for each in back] == [(received["id"], 1250)]
    assert breaches(stage.database) == {}


async def test_an_invoice_that_is_paid_is_not_paid_again(stage: Stage) -> None:
    lin = await invoiced(stage)
    await lin.pays_invoice()
    await lin.pays_invoice()
    await becomes_ready(stage, lin)
    assert len(await transactions(stage)) == 1
    assert breaches(stage.database) == {}


async def test_a_payment_told_twice_counts_once(stage: Stage) -> None:
    lin = await invoiced(stage)
    await lin.pays_invoice("double-notice")
    await becomes_ready(stage, lin)
    moves = await transactions(stage)
    assert ["receiver" in each for each in moves] == [False]
    assert breaches(stage.database) == {}
