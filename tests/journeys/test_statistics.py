"""Statistics at the desk: a renewal is bought, and the figures show it."""

from __future__ import annotations

from tests.journeys.acts import appoints, becomes_ready, confirms, linked
from tests.stage import Stage


async def test_a_renewal_that_was_bought_stands_in_the_statistics_and_a_refund_takes_it_out(
    stage: Stage,
) -> None:
    owner = stage.person(9001)
    await owner.sends("/desk")
    await owner.presses("统计")
    assert "没有收入，之前同期也没有。" in owner.sees_last
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    order_id = lin.order_id()
    await becomes_ready(stage, lin)
    await owner.presses("今天")
    assert owner.toast == "正在统计…"
    assert "收入 ¥179.00" in owner.sees_last
    assert "· 月卡 1 笔，¥179.00" in owner.sees_last
    assert "新增 1（之前 0）" in owner.sees_last
    assert "付款到开通" in owner.sees_last
    await owner.presses("30 天走势图")
    assert owner.received[-1]["photo"]
    assert "11月22日 ¥179.00 · 1 笔" in owner.sees_last
    await owner.presses("收起")
    assert "photo" not in owner.received[-1]
    await owner.sends("/desk")
    assert "今日收入 ¥179.00" in owner.sees_last
    await owner.presses("查询")
    await owner.sends(order_id)
    await owner.presses("退款")
    await owner.presses("退款")
    await stage.advances(seconds=30)
    await owner.sends("/desk")
    await owner.presses("统计")
    assert "收入 ¥0.00" in owner.sees_last
    assert "· 退回 1 笔，−¥179.00" in owner.sees_last
    assert "新增 0（之前 0）" in owner.sees_last


async def test_a_key_that_was_shown_to_another_role_is_refused(stage: Stage) -> None:
    owner = stage.person(9001)
    support = await appoints(stage, owner, 9002, "市场")
    await support.sends("/desk")
    assert "📈 Statistics" in support.buttons
    await appoints(stage, owner, 9002, "客服")
    await support.presses("📈 Statistics")
    assert "Your role does not allow this" in support.sees
    await support.sends("/desk")
    assert "📈 Statistics" not in support.buttons
