"""Stars of which no update told, found in Telegram's list over real HTTP."""

from __future__ import annotations

import pytest

from bot import reconciling
from bot.domain.ledger import clearing_of
from bot.domain.money import STARS
from bot.domain.order import OrderStatus
from bot.sandbox.cast import BOT_TOKEN
from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, confirms, deliveries, linked
from tests.journeys.test_platform_side import status
from tests.services.books import breaches
from tests.stage import Stage


async def is_charged(stage: Stage, outcome: str = "lost-notice") -> Subscriber:
    """A month, paid in Stars; by default nobody tells the bot."""
    lin = await linked(stage)
    await confirms(lin, "月卡", "换方式", "Telegram 星星", "支付 ⭐")
    await lin.pays_invoice(outcome)
    return lin


async def refunded_elsewhere(stage: Stage) -> None:
    """By the bot's own token, from somewhere else."""
    async with stage.session.post(f"/bot{BOT_TOKEN}/getStarTransactions") as answer:
        [paid] = (await answer.json())["result"]["transactions"]
    back = {"user_id": 1001, "telegram_payment_charge_id": paid["id"]}
    async with stage.session.post(f"/bot{BOT_TOKEN}/refundStarPayment", json=back) as answer:
        assert (await answer.json())["ok"]


async def test_a_lost_payment_is_found_delivered_and_reported_once(stage: Stage) -> None:
    lin = await is_charged(stage)
    assert await status(stage, lin.order_id()) is OrderStatus.AWAITING_PAYMENT
    report = await reconciling.reconcile(stage.database)
    lines = "\n".join(report.lines())
    assert f"✓ {lin.order_id()}, stars move " in lines
    assert ": unknown → order paid" in lines
    assert not report.needs_operator
    await becomes_ready(stage, lin)
    assert await deliveries(stage, lin.order_id()) == 1
    again = await reconciling.reconcile(stage.database)
    assert not any(each.differed for each in again.questions)
    assert breaches(stage.database) == {}


@pytest.mark.parametrize("outcome", ["paid", "double-notice"])
async def test_a_payment_that_was_told_differs_in_nothing(stage: Stage, outcome: str) -> None:
    lin = await is_charged(stage, outcome)
    await becomes_ready(stage, lin)
    report = await reconciling.reconcile(stage.database)
    assert not any(each.differed for each in report.questions)
    assert await deliveries(stage, lin.order_id()) == 1


async def test_a_payment_that_was_lost_for_good_is_found_when_the_order_has_closed(
    stage: Stage,
) -> None:
    lin = await is_charged(stage)
    await stage.crashes()
    await stage.control("POST", "/clock", {"advance_s": 3000})
    await stage.returns()
    await becomes_ready(stage, lin)
    assert await status(stage, lin.order_id()) is OrderStatus.FULFILLED
    assert await deliveries(stage, lin.order_id()) == 1


async def test_stars_given_back_by_somebody_else_take_the_order_back(stage: Stage) -> None:
    lin = await is_charged(stage, "paid")
    await becomes_ready(stage, lin)
    await refunded_elsewhere(stage)
    await becomes_ready(stage, lin)
    await reconciling.reconcile(stage.database)
    await becomes_ready(stage, lin)
    assert await status(stage, lin.order_id()) is OrderStatus.REFUNDED
    async with stage.bot.store.unit() as unit:
        assert not await unit.ledger.balance(clearing_of("stars"), STARS)
    assert breaches(stage.database) == {}


async def test_a_list_that_telegram_does_not_give_is_named_and_read_the_next_time(
    stage: Stage,
) -> None:
    lin = await is_charged(stage)
    fault = {"method": "getStarTransactions", "times": 1, "status": 400, "description": "Bad"}
    await stage.control("POST", "/faults", fault)
    report = await reconciling.reconcile(stage.database)
    assert "! no order, stars move list: Bad" in "\n".join(report.lines())
    assert report.needs_operator
    await reconciling.reconcile(stage.database)
    await becomes_ready(stage, lin)
    assert await status(stage, lin.order_id()) is OrderStatus.FULFILLED
