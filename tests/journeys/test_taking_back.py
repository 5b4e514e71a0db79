"""A renewal that is cancelled before it begins, and refunds by the operator."""

from __future__ import annotations

import pytest

from bot import refunding
from bot.refunding import Refused
from storage.refunds import operators_view
from tests.journeys.acts import becomes_ready, confirms, linked
from tests.stage import Stage


async def refund(stage: Stage, order_id: str) -> str:
    """What the command prints."""
    return "\n".join([line async for line in refunding.refund(stage.database, order_id, "phone")])


async def mark_sent(stage: Stage, order_id: str) -> str:
    return "\n".join([line async for line in refunding.mark_sent(stage.database, order_id, None)])


async def states(stage: Stage, order_id: str) -> list[str]:
    """Of the order, in the carrier's own words."""
    orders = (await stage.control("GET", "/carrier/orders"))["orders"]
    return [order["state"] for order in orders if order_id in order["key"]]


@pytest.mark.parametrize(
    ("language", "plan", "pay", "cancel", "keep", "asked", "told", "home"),
    [
        ("简体中文", "月卡", "支付", "取消续费", "保留", "尚未开始，可免费取消",
         "续费已取消，款项将全额退回", "余额 ¥236.00"),
        ("繁體中文", "月卡", "付款", "取消續費", "保留", "尚未開始，可免費取消",
         "續費已取消，款項將全額退回", "餘額 ¥236.00"),
        ("English", "Monthly", "Pay", "Cancel renewal", "Keep it", "It has not begun",
         "The renewal is cancelled. Your money goes back to you in full.", "Balance ¥236.00"),
    ],
)  # fmt: skip
async def test_a_queued_renewal_is_cancelled_free_of_charge(
    stage: Stage, language: str, plan: str, pay: str, cancel: str, keep: str, asked: str,
    told: str, home: str,
) -> None:  # fmt: skip
    lin = await linked(stage)
    await lin.sends("/language")
    await lin.presses(language)
    await confirms(lin, plan)
    await lin.presses(pay)
    order_id = lin.order_id()
    await becomes_ready(stage, lin)
    await lin.presses(cancel)
    assert asked in lin.sees_last
    await lin.presses(keep)
    await lin.presses(cancel)
    await lin.presses(cancel)
    assert told in lin.sees_last
    assert await states(stage, order_id) == ["cancelled"]
    await lin.sends("/start")
    assert home in lin.sees_last
    assert not any(cancel in button for button in lin.buttons)


async def test_a_renewal_that_began_meanwhile_cannot_be_cancelled(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    await becomes_ready(stage, lin)
    await lin.presses("取消续费")
    await stage.advances(hours=17 * 24)
    await lin.presses("取消续费")
    assert "下一套餐已生效" in lin.sees_last
    assert "无法取消" in lin.sees


async def test_the_operator_refunds_a_running_plan_and_the_subscriber_is_told(
    stage: Stage,
) -> None:
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    order_id = lin.order_id()
    await becomes_ready(stage, lin)
    assert await refund(stage, order_id) == f"{order_id}: 179.00 CNY went back."
    await lin.looks()
    assert "我们已撤销此订单，款项将全额退回" in lin.sees_last
    assert await refund(stage, order_id) == f"{order_id}: 179.00 CNY went back."
    await lin.sends("/start")
    assert "余额 ¥236.00" in lin.sees_last


async def test_what_was_paid_by_invoice_is_owed_until_it_was_sent(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    await confirms(ana, "Monthly")
    await ana.presses("Pay ")
    await ana.pays_invoice()
    order_id = ana.order_id()
    await becomes_ready(stage, ana)
    said = await refund(stage, order_id)
    assert f"{order_id}: 179.00 CNY owed through invoice" in said
    assert f"python -m bot refund {order_id} --sent" in said
    await ana.looks()
    assert "Your money goes back to you in full" in ana.sees_last
    assert await mark_sent(stage, order_id) == f"{order_id}: 179.00 CNY booked as sent."
    await ana.looks()
    assert "Your money was sent back" in ana.sees_last
    async with operators_view(stage.database) as view:
        assert await view.owed() == []
    with pytest.raises(Refused, match="Nothing is owed"):
        await mark_sent(stage, order_id)


async def test_a_refund_left_for_a_bot_that_is_away_is_done_when_it_returns(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    order_id = lin.order_id()
    await becomes_ready(stage, lin)
    await stage.crashes()
    left = [line async for line in refunding.refund(stage.database, order_id, None, patience_s=0.2)]
    assert left == ["The bot has not answered. It will do this as soon as it runs."]
    await stage.returns()
    await lin.looks()
    assert "款项将全额退回" in lin.sees_last


async def test_an_order_without_money_is_not_refunded(stage: Stage) -> None:
    with pytest.raises(Refused, match="There is no order LEB-0000-0000"):
        await refund(stage, "LEB-0000-0000")
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("取消")
    with pytest.raises(Refused, match="is cancelled: it holds no money"):
        await refund(stage, lin.order_id())
