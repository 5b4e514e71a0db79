"""Alerts over real HTTP, as the network counts and the clock runs."""

from tests.journeys.acts import linked
from tests.stage import Stage

MSISDN = "+8613800001001"
GB = 10**9


async def test_heavy_use_is_told_at_eighty_percent_and_silenced_by_its_button(
    stage: Stage,
) -> None:
    lin = await linked(stage)
    await stage.control("POST", f"/carrier/lines/{MSISDN}/use", {"bytes": 5 * GB})
    await stage.advances(hours=4)
    await lin.looks()
    assert "📊 •••• 1001：今日高速已用 87 %" in lin.sees_last
    assert "剩余 2.6 GB" in lin.sees_last
    await lin.presses("不再提醒")
    assert "✅ 已关闭" in lin.sees_last
    assert "☐ 用到 80 %" in lin.buttons
    await stage.control("POST", f"/carrier/lines/{MSISDN}/use", {"bytes": 3 * GB})
    await stage.advances(hours=2)
    await lin.looks()
    assert "今日高速已用完" in lin.sees_last


async def test_the_end_is_told_three_days_before_and_leads_to_a_renewal(stage: Stage) -> None:
    lin = await linked(stage)
    for _ in range(14):
        await stage.advances(hours=24)
    await lin.looks()
    told = [each for each in lin.received if "还有 3 天到期" in str(each.get("text"))]
    assert len(told) == 1
    await lin.presses("🔄 续费", told[0]["message_id"])
    assert "选择套餐" in lin.sees_last


async def test_nothing_is_told_at_night(stage: Stage) -> None:
    lin = await linked(stage)
    await stage.advances(hours=7.5)
    before = len(lin.received)
    await stage.control("POST", f"/carrier/lines/{MSISDN}/use", {"bytes": 9 * GB})
    await stage.advances(hours=1)
    await lin.looks()
    assert len(lin.received) == before
    await stage.advances(hours=10)
    await lin.looks()
    assert len(lin.received) == before, "the reset came meanwhile: it is not true any more"
