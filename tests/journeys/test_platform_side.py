"""What the payment platform does by itself: notices lost or doubled, refunds and disputes made
there, a refund that fails."""

from __future__ import annotations

import pytest

from bot import refunding
from bot.domain.ledger import CHARGEBACKS, REFUNDS_DUE, Account, clearing_of
from bot.domain.order import OrderStatus
from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, deliveries
from tests.journeys.test_hosted_payments import ALIPAY, charges, comes_to_pay, is_polled, pays
from tests.stage import Stage

PRICE = 179_00


async def buys(stage: Stage) -> tuple[Subscriber, str]:
    """Somebody whose line is ready, paid by Alipay; with the order."""
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await pays(stage)
    await is_polled(stage, lin)
    await becomes_ready(stage, lin)
    return lin, lin.order_id()


async def balance(stage: Stage, account: Account) -> int:
    async with stage.bot.store.unit() as unit:
        return (await unit.ledger.balance(account, "CNY")).minor


async def status(stage: Stage, order_id: str) -> OrderStatus:
    async with stage.bot.store.unit() as unit:
        order = await unit.orders.get(order_id)
    assert order is not None
    return order.status


async def test_a_refund_made_in_the_dashboard_takes_the_order_back(stage: Stage) -> None:
    lin, order_id = await buys(stage)
    [charge] = await charges(stage)
    await stage.control("POST", f"/payments/charges/{charge['id']}/refund", {})
    await stage.advances(minutes=2)
    await stage.advances(minutes=2)
    await lin.looks()
    assert await status(stage, order_id) is OrderStatus.REFUNDED
    assert "退款已发出" in lin.sees
    assert [await balance(stage, each) for each in (clearing_of("alipay"), REFUNDS_DUE)] == [0, 0]


async def test_a_part_refunded_in_the_dashboard_is_booked_and_leaves_the_order(
    stage: Stage,
) -> None:
    _, order_id = await buys(stage)
    [charge] = await charges(stage)
    await stage.control("POST", f"/payments/charges/{charge['id']}/refund", {"amount": 1000})
    await stage.advances(minutes=2)
    assert await status(stage, order_id) is OrderStatus.FULFILLED
    assert await balance(stage, clearing_of("alipay")) == 1000 - PRICE
    assert await balance(stage, Account("suspense")) == -1000


@pytest.mark.parametrize(
    ("verdict", "gone", "told"), [("won", 0, None), ("lost", -PRICE, "此笔付款已由银行退回")]
)
async def test_a_dispute_takes_the_money_until_it_is_won(
    stage: Stage, verdict: str, gone: int, told: str | None
) -> None:
    lin, order_id = await buys(stage)
    [charge] = await charges(stage)
    await stage.control("POST", f"/payments/charges/{charge['id']}/dispute", {})
    await stage.advances(minutes=2)
    assert await balance(stage, CHARGEBACKS) == -PRICE
    assert await status(stage, order_id) is OrderStatus.FULFILLED
    await lin.looks()
    assert "此笔付款在银行争议处理中" in lin.sees
    [dispute] = (await charges(stage))[0]["disputes"]
    await stage.control("POST", f"/payments/disputes/{dispute['id']}/close", {"outcome": verdict})
    await stage.advances(minutes=2)
    assert await balance(stage, CHARGEBACKS) == gone
    await lin.looks()
    assert "银行争议" not in lin.sees
    assert (told or "") in lin.sees


async def test_a_refund_that_failed_is_sent_by_an_operator_and_booked(stage: Stage) -> None:
    lin, order_id = await buys(stage)
    fault = {"kind": "refund-fails", "operation": "refund-create", "times": 1}
    await stage.control("POST", "/payments/faults", fault)
    said = [line async for line in refunding.refund(stage.database, order_id, None, 5)]
    assert any("owed through alipay" in line for line in said)
    await stage.advances(minutes=11)
    assert await status(stage, order_id) is OrderStatus.REVIEW
    await lin.looks()
    assert "人工核查" in lin.sees_last
    assert await balance(stage, REFUNDS_DUE) == PRICE
    said = [line async for line in refunding.refund(stage.database, order_id, None, 5)]
    assert said[-1] == f"  python -m bot refund {order_id} --sent"
    said = [line async for line in refunding.mark_sent(stage.database, order_id, None, 5)]
    assert said == [f"{order_id}: 179.00 CNY booked as sent."]
    assert await status(stage, order_id) is OrderStatus.REFUNDED
    assert await balance(stage, REFUNDS_DUE) == 0


async def test_a_pending_refund_is_followed_to_its_end(stage: Stage) -> None:
    _, order_id = await buys(stage)
    fault = {"kind": "refund-pending", "operation": "refund-create", "times": 1}
    await stage.control("POST", "/payments/faults", fault)
    async for _ in refunding.refund(stage.database, order_id, None, 5):
        pass
    await stage.advances(minutes=11)
    assert await status(stage, order_id) is OrderStatus.REFUNDING
    [refund] = (await charges(stage))[0]["refunds"]
    await stage.control(
        "POST", f"/payments/refunds/{refund['id']}/settle", {"outcome": "succeeded"}
    )
    await stage.advances(minutes=2)
    assert await status(stage, order_id) is OrderStatus.REFUNDED


async def test_a_refund_that_the_bank_sends_back_is_owed_again_and_said(stage: Stage) -> None:
    lin, order_id = await buys(stage)
    async for _ in refunding.refund(stage.database, order_id, None, 5):
        pass
    await stage.advances(minutes=2)
    assert await status(stage, order_id) is OrderStatus.REFUNDED
    [refund] = (await charges(stage))[0]["refunds"]
    await stage.control("POST", f"/payments/refunds/{refund['id']}/settle", {"outcome": "failed"})
    await stage.advances(minutes=2)
    await lin.looks()
    assert await status(stage, order_id) is OrderStatus.REVIEW
    assert "人工核查" in lin.sees_last
    assert await balance(stage, REFUNDS_DUE) == PRICE
    said = [line async for line in refunding.refund(stage.database, order_id, None, 5)]
    assert said[-1] == f"  python -m bot refund {order_id} --sent"
    async for _ in refunding.mark_sent(stage.database, order_id, None, 5):
        pass
    assert await status(stage, order_id) is OrderStatus.REFUNDED


@pytest.mark.parametrize("fault", [None, "notice-double", "notice-lost"])
async def test_a_webhook_is_the_fast_way_and_polling_the_sure_one(
    heard: Stage, fault: str | None
) -> None:
    if fault is not None:
        await heard.control("POST", "/payments/faults", {"kind": fault, "times": 1})
    lin = await comes_to_pay(heard, 1001, ALIPAY)
    await pays(heard)
    await is_polled(heard, lin)
    await becomes_ready(heard, lin)
    assert "套餐已排期" in lin.sees
    assert await deliveries(heard, lin.order_id()) == 1


async def test_what_was_paid_while_the_bot_was_away_past_the_orders_end_is_delivered(
    stage: Stage,
) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await stage.crashes()
    await pays(stage)
    await stage.control("POST", "/clock", {"advance_s": 2000})
    await stage.returns()
    await becomes_ready(stage, lin)
    assert "套餐已排期" in lin.sees
    assert await deliveries(stage, lin.order_id()) == 1
