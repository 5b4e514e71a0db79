"""Money that is put into the wallet, and what is bought with it."""

from __future__ import annotations

import pytest

from bot import refunding
from bot.refunding import Refused
from tests.journeys.acts import becomes_ready, confirms, deliveries, linked
from tests.journeys.test_hosted_payments import charges, is_polled, page_of, pays
from tests.stage import Stage


async def refund(stage: Stage, order_id: str) -> str:
    return "\n".join([line async for line in refunding.refund(stage.database, order_id, None)])


async def test_what_is_missing_for_a_plan_is_topped_up_by_alipay_and_the_plan_bought(
    stage: Stage,
) -> None:
    lin = await linked(stage)
    await confirms(lin, "季卡")
    assert "余额不足：现有 ¥236.00，差 ¥243.00" in lin.sees_last, "NEW20 is taken off"
    for label in ("补足差额", "换方式", "支付宝", "支付 "):
        await lin.presses(label)
    top_up = lin.order_id()
    assert (await page_of(stage))["amount_total"] == 24300
    assert (await pays(stage))["outcome"] == "paid"
    await is_polled(stage, lin)
    assert "充值成功：¥243.00" in lin.sees_last
    assert "现余额 ¥479.00" in lin.sees_last
    await lin.presses("返回订单")
    assert "支付方式：余额（¥479.00）" in lin.sees_last
    await lin.presses("支付 ")
    plan = lin.order_id()
    await becomes_ready(stage, lin)
    assert "套餐已排期" in lin.sees
    assert (await deliveries(stage, plan), await deliveries(stage, top_up)) == (1, 0)
    await lin.sends("/start")
    assert "余额 ¥0.00" in lin.sees_last


async def test_a_typed_amount_is_paid_by_invoice_and_a_day_bought_with_it(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    await ana.sends("/topup")
    await ana.sends("¥3")
    assert "from ¥10.00 to ¥2,000.00" in ana.sees_last
    await ana.sends("88.50元")
    for label in ("Pay another way", "Card, in Telegram", "Pay ¥88.50"):
        await ana.presses(label)
    assert (await ana.pays_invoice(outcome="double-notice"))["outcome"] == "paid"
    assert "Topped up: ¥88.50" in ana.sees
    await confirms(ana, "Daily", "1 d")
    assert "Pay with: wallet balance (¥88.50)" in ana.sees_last
    await ana.presses("Pay ")
    await becomes_ready(stage, ana)
    assert "Your plan is ready" in ana.sees
    await ana.sends("/orders")
    assert "Wallet top-up · ¥88.50" in ana.sees_last


async def test_a_bot_that_was_away_while_the_money_came_fills_the_wallet_once(
    stage: Stage,
) -> None:
    lin = await linked(stage)
    await lin.presses("充值")
    for label in ("¥50.00", "换方式", "支付宝", "支付 "):
        await lin.presses(label)
    await stage.crashes()
    assert (await pays(stage))["outcome"] == "paid"
    await stage.returns()
    await stage.advances(minutes=11)
    await lin.looks()
    assert lin.sees.count("充值成功：¥50.00") == 1
    await lin.sends("/start")
    assert "余额 ¥286.00" in lin.sees_last
    assert len(await charges(stage)) == 1


async def test_a_page_that_was_paid_after_the_line_was_unlinked_is_given_back(
    stage: Stage,
) -> None:
    lin = await linked(stage)
    await lin.presses("充值")
    for label in ("¥50.00", "换方式", "支付宝", "支付 "):
        await lin.presses(label)
    await lin.sends("/lines")
    await lin.presses("解绑")
    await lin.presses("解绑")
    assert (await pays(stage))["outcome"] == "paid"
    await is_polled(stage, lin)
    assert "该线路已与您解绑" in lin.sees
    await stage.advances(seconds=30)
    await lin.looks()
    assert "退款已发出" in lin.sees_last


async def test_the_operator_gives_back_what_the_wallet_holds_and_no_more(stage: Stage) -> None:
    lin = await linked(stage)
    await lin.presses("充值")
    for label in ("¥50.00", "换方式", "支付宝", "支付 "):
        await lin.presses(label)
    order_id = lin.order_id()
    await pays(stage)
    await is_polled(stage, lin)
    await confirms(lin, "月卡")
    await lin.presses("换方式")
    await lin.presses("余额")
    await lin.presses("支付 ")
    await becomes_ready(stage, lin)
    await confirms(lin, "日卡", "7 天")
    await lin.presses("换方式")
    await lin.presses("余额")
    await lin.presses("支付 ")
    with pytest.raises(Refused, match=r"which holds 12\.50 CNY now: it is spent"):
        await refund(stage, order_id)
    await lin.sends("/topup")
    for label in ("¥50.00", "支付 "):
        await lin.presses(label)
    await pays(stage)
    await is_polled(stage, lin)
    await refund(stage, order_id)
    await stage.advances(seconds=30)
    assert await refund(stage, order_id) == f"{order_id}: 50.00 CNY went back."
    await lin.sends("/start")
    assert "余额 ¥12.50" in lin.sees_last
