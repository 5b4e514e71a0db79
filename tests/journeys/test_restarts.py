"""The bot is taken away in the middle of each step, and goes on where it was."""

from tests.journeys.acts import (
    becomes_ready,
    confirms,
    deliveries,
    linked,
    texted_code,
    types_the_travel_number,
)
from tests.stage import Stage


async def restarts(stage: Stage) -> None:
    await stage.crashes()
    await stage.returns()


async def test_linking_goes_on_after_a_restart_at_every_step(stage: Stage) -> None:
    omar = stage.person(1003)
    await omar.sends("/start")
    await omar.presses("Another number")
    await restarts(stage)
    await omar.sends("+85261001003")
    await restarts(stage)
    await omar.sends(await texted_code(stage))
    assert "ICCID" in omar.sees_last
    await restarts(stage)
    await omar.sends("1003")
    assert "📶 LEB · •••• 1003" in omar.sees_last


async def test_a_renewal_goes_on_after_a_restart_at_every_step(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    await ana.sends("/renew")
    await restarts(stage)
    await ana.presses("Daily")
    await restarts(stage)
    await ana.sends("5")
    assert "Total ¥55.00" in ana.sees_last
    await restarts(stage)
    await ana.presses("Pay ")
    await restarts(stage)
    assert (await ana.pays_invoice())["outcome"] == "paid"
    await restarts(stage)
    await becomes_ready(stage, ana)
    assert "Your plan is ready" in ana.sees
    assert await deliveries(stage, ana.order_id()) == 1


async def test_what_was_sent_while_the_bot_was_away_is_answered_when_it_returns(
    stage: Stage,
) -> None:
    lin = await linked(stage)
    await stage.crashes()
    await stage.control("POST", "/users/1001/send", {"text": "/orders"})
    await stage.returns()
    await lin.looks()
    assert "还没有订单" in lin.sees_last


async def test_an_order_that_expired_while_the_bot_was_away_is_closed_when_it_returns(
    stage: Stage,
) -> None:
    ana = await linked(stage, 1002)
    await confirms(ana, "Monthly")
    await ana.presses("Pay ")
    await stage.crashes()
    await stage.control("POST", "/clock", {"advance_s": 3600})
    await stage.returns()
    await ana.looks()
    assert "is closed" in ana.sees_last


async def test_a_code_typed_after_a_restart_still_counts_its_tries(stage: Stage) -> None:
    omar = stage.person(1003)
    await types_the_travel_number(omar)
    wrong = "000000" if await texted_code(stage) != "000000" else "111111"
    for _ in range(3):
        await omar.sends(wrong)
    await restarts(stage)
    await omar.sends(wrong)
    assert "1 try left" in omar.sees_last
