"""Coupons, as a subscriber uses them."""

from tests.journeys.acts import becomes_ready, confirms, linked
from tests.stage import Stage


async def test_the_first_renewal_is_cheaper_by_itself_and_only_once(stage: Stage) -> None:
    lin = await linked(stage)
    assert "余额 ¥236.00 · 2 张优惠券" in lin.sees_last
    await confirms(lin, "月卡")
    for words in ("价格 ¥199.00", "优惠券 NEW20 −¥20.00", "应付 ¥179.00"):
        assert words in lin.sees_last
    await lin.presses("支付 ¥179.00")
    await becomes_ready(stage, lin)
    assert "套餐已排期" in lin.sees
    await lin.sends("/start")
    assert "余额 ¥57.00 · 1 张优惠券" in lin.sees_last
    await confirms(lin, "月卡")
    assert "应付 ¥199.00" in lin.sees_last


async def test_a_typed_code_is_paid_for_by_invoice_across_a_restart(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    await confirms(ana, "Daily", "3 d")
    assert "Coupon NEW20 −¥20.00" in ana.sees_last
    await ana.presses("🎟 Coupon")
    await stage.crashes()
    await stage.returns()
    await ana.sends("old5")
    assert "OLD5 ended on" in ana.sees_last
    await ana.sends("trip 10")
    assert "Coupon TRIP10 −¥4.50" in ana.sees_last
    await ana.presses("Pay ¥40.50")
    assert (await ana.pays_invoice())["outcome"] == "paid"
    await becomes_ready(stage, ana)
    assert "Your plan is ready" in ana.sees
    await ana.sends("/coupons")
    assert "TRIP10 −10 %" in ana.sees_last
    assert "NEW20" not in ana.sees_last
