"""A line that is renewed by itself: agreed to, announced, paid, skipped, or told why not."""

from __future__ import annotations

import pytest

from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, confirms, deliveries, linked
from tests.journeys.test_hosted_payments import charges
from tests.journeys.test_kept_cards import keeps_a_card
from tests.stage import Stage


async def agrees(person: Subscriber, *presses: str) -> None:
    await person.sends("/autorenew")
    for label in presses:
        await person.presses(label)


async def days_pass(stage: Stage, person: Subscriber, days: int) -> None:
    """Day by day, as days pass: the network activates what was bought, the carrier is read."""
    for _ in range(days):
        await stage.advances(hours=24)
        await person.looks()


async def test_a_month_from_the_wallet_with_a_crash_in_between(stage: Stage) -> None:
    lin = await linked(stage)
    await agrees(lin, "月卡", "余额", "开启")
    assert "自动续费已开启" in lin.sees_last
    await days_pass(stage, lin, 13)
    assert "即将自动续费" in lin.sees
    await stage.crashes()
    await stage.returns()
    await days_pass(stage, lin, 2)
    await becomes_ready(stage, lin)
    assert "已自动续费" in lin.sees
    assert "套餐已排期" in lin.sees
    await lin.sends("/orders")
    assert "¥179.00" in lin.sees_last
    await days_pass(stage, lin, 20)
    assert "未能自动续费" not in lin.sees
    orders = (await stage.control("GET", "/carrier/orders"))["orders"]
    assert len(orders) == 1


async def test_by_a_kept_card_at_its_time(stage: Stage) -> None:
    ana = await keeps_a_card(stage)
    await agrees(ana, "Monthly", "Visa •• 4242", "Turn on")
    assert "Auto-renewal is on" in ana.sees_last
    await days_pass(stage, ana, 30)
    await becomes_ready(stage, ana)
    assert "Your line renews automatically soon" in ana.sees
    assert "Renewed automatically" in ana.sees
    assert [each["amount"] for each in await charges(stage)] == [179_00, 199_00]


@pytest.mark.parametrize(
    ("number", "ending", "told"),
    [
        ("4000000000000341", "0341", "Your bank declined the card"),
        ("4000002760003184", "3184", "only when you confirm it"),
    ],
)
async def test_a_card_that_is_refused_is_one_reminder_from_which_it_is_renewed_by_hand(
    stage: Stage, number: str, ending: str, told: str
) -> None:
    ana = await keeps_a_card(stage, number)
    await agrees(ana, "Monthly", f"Visa •• {ending}", "Turn on")
    await days_pass(stage, ana, 32)
    assert ana.sees.count("Not renewed automatically") == 1
    assert told in ana.sees
    assert len(await charges(stage)) == 1
    await ana.presses("🔄 Renew")
    assert "Choose a plan" in ana.sees_last


async def test_what_is_skipped_is_not_charged(stage: Stage) -> None:
    lin = await linked(stage)
    await agrees(lin, "月卡", "余额", "开启")
    await days_pass(stage, lin, 13)
    await lin.presses("跳过一次")
    assert "已跳过" in lin.sees_last
    await days_pass(stage, lin, 5)
    assert "已自动续费" not in lin.sees
    assert (await stage.control("GET", "/carrier/orders"))["orders"] == []


async def test_a_renewal_by_hand_meanwhile_moves_the_dates(stage: Stage) -> None:
    lin = await linked(stage)
    await agrees(lin, "季卡", "余额", "开启")
    await days_pass(stage, lin, 14)
    await confirms(lin, "月卡", "支付 ¥179.00")
    order_id = lin.order_id()
    await becomes_ready(stage, lin)
    await days_pass(stage, lin, 5)
    assert "已自动续费" not in lin.sees
    assert "未能自动续费" not in lin.sees
    assert await deliveries(stage, order_id) == 1
