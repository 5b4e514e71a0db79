"""A renewal from the plan to the ready line."""

import pytest

from tests.journeys.acts import becomes_ready, confirms, deliveries, linked
from tests.stage import Stage

PROVIDER_TOKEN = "1:SANDBOX"


@pytest.mark.parametrize(
    ("person_id", "plan", "pay", "total", "ready"),
    [
        (1001, ["月卡"], "支付", "¥179.00", "套餐已排期"),
        (1001, ["季卡"], "支付", "¥479.00", "套餐已排期"),
        (1001, ["日卡", "7 天"], "支付", "¥85.00", "套餐已排期"),
        (1002, ["Monthly"], "Pay", "¥179.00", "Your plan is ready"),
        (1002, ["Daily", "3 d"], "Pay", "¥25.00", "Your plan is ready"),
    ],
)
async def test_a_plan_is_bought_and_becomes_ready(
    stage: Stage, person_id: int, plan: list[str], pay: str, total: str, ready: str
) -> None:
    person = await linked(stage, person_id)
    await confirms(person, *plan)
    assert total in person.sees_last
    await person.presses(pay)
    order_id = person.order_id()
    if any("invoice" in message for message in person.received):
        assert (await person.pays_invoice())["outcome"] == "paid"
    await becomes_ready(stage, person)
    assert ready in person.sees
    assert await deliveries(stage, order_id) == 1


async def test_a_running_plan_is_not_cut_and_the_next_one_queues(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, "月卡")
    assert "开始 12月8日，当前套餐到期后" in lin.sees_last
    await lin.presses("支付")
    await becomes_ready(stage, lin)
    await lin.sends("/start")
    assert "到期 12月8日" in lin.sees_last
    assert "下一套餐 12月8日 开始" in lin.sees_last
    assert "余额 ¥57.00" in lin.sees_last


async def test_days_are_typed_and_paid_by_invoice(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    await confirms(ana, "Daily")
    await ana.sends("7")
    assert "Total ¥85.00" in ana.sees_last
    await ana.presses("Pay ")
    assert "Waiting for your payment" in ana.sees
    assert (await ana.pays_invoice())["outcome"] == "paid"
    assert "Paid" in ana.showing("🧾 Order")["text"]


async def test_the_provider_token_leaves_with_the_invoice_and_is_stored_nowhere(
    stage: Stage,
) -> None:
    ana = await linked(stage, 1002)
    await confirms(ana, "Monthly")
    await ana.presses("Pay ")
    sent = (await stage.control("GET", "/journal?method=sendInvoice"))["requests"]
    assert [call["parameters"]["provider_token"] for call in sent] == [PROVIDER_TOKEN]
    files = [stage.database, *stage.database.parent.glob(f"{stage.database.name}-wal")]
    assert not any(PROVIDER_TOKEN.encode() in file.read_bytes() for file in files)


async def test_the_card_is_edited_as_the_order_moves(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    card = lin.showing("🧾 订单 LEB")["message_id"]
    assert "激活中" in lin.showing("🧾 订单 LEB")["text"]
    await becomes_ready(stage, lin)
    moved = lin.showing("有效期 ")
    assert moved["message_id"] == card
    assert lin.received[-1]["message_id"] > card


async def test_five_taps_on_pay_at_once_are_one_order(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.taps("支付", times=5)
    order_id = lin.order_id()
    await becomes_ready(stage, lin)
    assert await deliveries(stage, order_id) == 1
    assert lin.sees.count("📅 套餐已排期") == 1
    await lin.sends("/start")
    assert "余额 ¥57.00" in lin.sees_last


async def test_five_taps_on_pay_at_once_send_one_invoice(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    await confirms(ana, "Monthly")
    await ana.taps("Pay ", times=5)
    assert sum("invoice" in message for message in ana.received) == 1


async def test_an_invoice_paid_twice_pays_once_and_the_second_charge_comes_back(
    stage: Stage,
) -> None:
    ana = await linked(stage, 1002)
    await confirms(ana, "Monthly")
    await ana.presses("Pay ")
    invoice = next(each for each in ana.received if "invoice" in each)["message_id"]
    await ana.pays_invoice("double-notice", invoice)
    order_id = ana.order_id()
    again = await ana.pays_invoice("paid", invoice)
    assert again["outcome"] == "refused"
    assert "already paid" in again["error_message"]
    await stage.advances(seconds=90)
    assert await deliveries(stage, order_id) == 1


async def test_an_unpaid_order_closes_after_thirty_minutes_uncharged(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    await confirms(ana, "Monthly")
    await ana.presses("Pay ")
    await stage.advances(minutes=31)
    await ana.looks()
    assert "is closed" in ana.sees_last
    assert "You were not charged" in ana.sees_last
    refused = await ana.pays_invoice()
    assert refused["outcome"] == "refused"
    assert "order again" in refused["error_message"]


async def test_a_cancelled_order_is_closed_and_can_be_ordered_again(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    await confirms(ana, "Monthly")
    await ana.presses("Pay ")
    await ana.presses("✖ Cancel")
    assert "is closed" in ana.sees
    await ana.presses("Order again")
    assert "Confirm your order" in ana.sees


async def test_thirty_minutes_without_activation_apologise_with_the_way_to_support(
    stage: Stage,
) -> None:
    await stage.control(
        "POST", "/carrier/faults", {"operation": "order", "times": 1, "kind": "never-activates"}
    )
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    await stage.advances(minutes=31)
    await lin.looks()
    assert "非常抱歉" in lin.sees
    assert "💬 客服" in lin.buttons


async def test_a_carrier_that_answers_late_is_not_ordered_from_twice(stage: Stage) -> None:
    await stage.control(
        "POST",
        "/carrier/faults",
        {"operation": "order", "times": 1, "kind": "timeout-after-accept"},
    )
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    order_id = lin.order_id()
    for _ in range(6):
        await stage.advances(minutes=2)
    await lin.looks()
    assert "套餐已排期" in lin.sees
    assert await deliveries(stage, order_id) == 1


async def test_a_rejected_order_gives_the_money_back(stage: Stage) -> None:
    await stage.control(
        "POST", "/carrier/faults", {"operation": "order", "times": 1, "kind": "reject"}
    )
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    await stage.advances(minutes=2)
    await lin.looks()
    assert "款项将全额退回" in lin.sees
    await lin.sends("/start")
    assert "余额 ¥236.00" in lin.sees_last


async def test_the_orders_stand_in_a_list_with_their_cards(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    order_id = lin.order_id()
    await lin.sends("/orders")
    assert f"{order_id} · 月卡 · ¥179.00" in lin.sees_last
    await lin.presses(order_id)
    assert "✅ 已支付" in lin.sees_last
    await lin.presses("◀ 订单")
    assert "第 1/1 页" in lin.sees_last
