"""The operator's account at the carrier is empty: nobody is refunded, everybody waits a little."""

from tests.journeys.acts import confirms, deliveries, linked
from tests.stage import Stage


async def test_orders_wait_until_the_operator_has_filled_the_account(stage: Stage) -> None:
    fault = {"operation": "order", "times": 4, "kind": "out-of-funds"}
    await stage.control("POST", "/carrier/faults", fault)
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    order_id = lin.order_id()
    for _ in range(4):
        await stage.advances(minutes=8)
    await lin.looks()
    assert "非常抱歉" in lin.sees
    assert "款项将全额退回" not in lin.sees
    assert await deliveries(stage, order_id) == 0
    for _ in range(6):
        await stage.advances(minutes=10)
    await lin.looks()
    assert "套餐已排期" in lin.sees
    assert await deliveries(stage, order_id) == 1
