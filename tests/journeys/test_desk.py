"""Operators at the desk while subscribers are at the counter: a new price, a refund."""

from __future__ import annotations

from storage.database import open_reader
from tests.journeys.acts import appoints, becomes_ready, confirms, linked
from tests.stage import Stage

_HELD = "SELECT sum(amount_minor) FROM postings WHERE account = :account AND currency = 'CNY'"


async def held(stage: Stage, account: str) -> int:
    """In minor units."""
    async with open_reader(stage.database) as reader:
        ((minor,),) = await reader.execute(_HELD, account=account)
    return minor or 0


async def carrier_says(stage: Stage, order_id: str) -> list[str]:
    """How the order stands there."""
    orders = (await stage.control("GET", "/carrier/orders"))["orders"]
    return [order["state"] for order in orders if order_id in order["key"]]


async def test_a_new_price_is_shown_to_whoever_has_a_quote_open_before_they_pay_it(
    stage: Stage,
) -> None:
    lin, owner = await linked(stage), stage.person(9001)
    await confirms(lin, "月卡")
    assert "支付 ¥179.00" in lin.buttons[0]
    await owner.sends("/desk")
    await owner.presses("套餐")
    await owner.presses("M30")
    await owner.presses("修改")
    await owner.sends("price 209")
    assert "199.00 → 209.00" in owner.sees_last
    await owner.presses("上架")
    await lin.presses("支付 ¥179.00")
    assert "价格有变动，现为 ¥189.00；未扣款。" in lin.sees_last
    assert "支付 ¥189.00" in lin.buttons[0]
    assert await held(stage, "deferred") == 0
    await lin.presses("支付 ¥189.00")
    await becomes_ready(stage, lin)
    assert "套餐已排期" in lin.sees
    assert await held(stage, "revenue") == 20_900
    assert await held(stage, "discounts") == -2_000
    await lin.sends("/start")
    assert "余额 ¥47.00" in lin.sees_last


async def test_a_refund_from_the_desk_asks_twice_goes_back_and_is_told(stage: Stage) -> None:
    lin, owner = await linked(stage), stage.person(9001)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    order_id = lin.order_id()
    await becomes_ready(stage, lin)
    support = await appoints(stage, owner, 9002, "客服")
    await support.sends("/desk")
    await support.presses("Look up")
    await support.sends(order_id)
    await support.presses("Refund")
    assert "Refund ¥179.00?" in support.sees_last
    assert await held(stage, "revenue") == 19_900
    await support.presses("Refund it")
    assert "State: refunded" in support.sees_last
    assert "Reason: taken back by an operator" in support.sees_last
    await lin.looks()
    assert "款项将全额退回" in lin.sees_last
    assert "款项已回到线路余额" in lin.sees_last
    assert await carrier_says(stage, order_id) == ["cancelled"]
    assert [await held(stage, each) for each in ("revenue", "deferred", "discounts")] == [0, 0, 0]
    await lin.sends("/start")
    assert "余额 ¥236.00" in lin.sees_last
    await owner.sends("/desk")
    await owner.presses("审计")
    assert order_id in owner.sees_last


async def test_support_cannot_refund_more_than_the_limit_and_an_owner_can(stage: Stage) -> None:
    ana, owner = await linked(stage, 1002), stage.person(9001)
    await confirms(ana, "Quarterly")
    await ana.presses("Pay ¥479.00")
    await ana.pays_invoice()
    order_id = ana.order_id()
    await becomes_ready(stage, ana)
    support = await appoints(stage, owner, 9002, "客服")
    await support.sends("/desk")
    await support.presses("Look up")
    await support.sends(order_id)
    assert not any("Refund" in button for button in support.buttons)
    await owner.sends("/desk")
    await owner.presses("查询")
    await owner.sends(order_id)
    await owner.presses("退款")
    await owner.presses("退款")
    await ana.looks()
    assert "Your money goes back to you in full." in ana.sees_last
    assert [await held(stage, each) for each in ("revenue", "deferred")] == [0, 0]
    assert await held(stage, "refunds_due") == 47_900
