"""Paying on the platform's own page: by card in English, by Alipay in Chinese."""

from __future__ import annotations

from typing import Any

import pytest

from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, confirms, deliveries, linked
from tests.stage import Stage

ALIPAY = ("月卡", "换方式", "支付宝", "支付 ")
CARD = ("Monthly", "Pay another way", "Bank card", "Pay ¥")


async def page_of(stage: Stage) -> dict[str, Any]:
    """The newest page at the platform."""
    page: dict[str, Any] = (await stage.control("GET", "/payments/sessions"))["sessions"][-1]
    return page


async def pays(stage: Stage, **how: Any) -> dict[str, Any]:
    """Somebody pays on the newest page, or tries to."""
    page = await page_of(stage)
    answer: dict[str, Any] = await stage.control(
        "POST", f"/payments/sessions/{page['id']}/pay", how
    )
    return answer


async def charges(stage: Stage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await stage.control("GET", "/payments/charges"))["charges"]
    return [each for each in found if each["status"] == "succeeded"]


async def comes_to_pay(stage: Stage, person_id: int, presses: tuple[str, ...]) -> Subscriber:
    person = await linked(stage, person_id)
    await confirms(person, *presses)
    return person


def pay_address(person: Subscriber, order_id: str) -> str | None:
    """Where the order's card leads to pay."""
    card = person.showing(f"🧾 {'订单' if person.id == 1001 else 'Order'} {order_id}")
    buttons = [each for row in card["reply_markup"]["inline_keyboard"] for each in row]
    return next((each["url"] for each in buttons if "➡️" in each["text"]), None)


async def is_polled(stage: Stage, person: Subscriber) -> None:
    """Time enough for the notices to be read."""
    await stage.advances(seconds=6)
    await person.looks()


@pytest.mark.parametrize(
    ("person_id", "presses", "method", "total", "waiting", "paid", "ready"),
    [
        (1001, ALIPAY, "alipay", 179_00, "等待支付", "支付宝", "套餐已排期"),
        (1002, CARD, "card", 179_00, "Waiting for your payment", "bank card", "Your plan is ready"),
    ],
)
async def test_what_is_paid_on_the_page_becomes_ready(
    stage: Stage, person_id: int, presses: tuple[str, ...], method: str, total: int,
    waiting: str, paid: str, ready: str,
) -> None:  # fmt: skip
    person = await comes_to_pay(stage, person_id, presses)
    order_id = person.order_id()
    assert waiting in person.sees
    page = await page_of(stage)
    assert (page["amount_total"], page["currency"]) == (total, "cny")
    assert pay_address(person, order_id) == page["url"]
    assert (await pays(stage))["outcome"] == "paid"
    await is_polled(stage, person)
    assert paid in person.showing(order_id)["text"]
    assert pay_address(person, order_id) is None
    await becomes_ready(stage, person)
    assert ready in person.sees
    assert await deliveries(stage, order_id) == 1
    [charge] = await charges(stage)
    assert charge["method"] == method


async def test_the_last_way_to_pay_is_proposed_next_time(stage: Stage) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await pays(stage)
    await is_polled(stage, lin)
    await becomes_ready(stage, lin)
    await confirms(lin, "季卡")
    assert "支付方式：支付宝" in lin.sees_last
    await lin.presses("支付 ")
    assert (await page_of(stage))["amount_total"] == 49900


async def test_the_page_can_be_had_as_a_picture(stage: Stage) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await lin.presses("二维码")
    assert "用手机扫码" in lin.sees_last
    assert "photo" in lin.received[-1]


async def test_a_declined_card_may_be_followed_by_another_one(stage: Stage) -> None:
    ana = await comes_to_pay(stage, 1002, CARD)
    order_id = ana.order_id()
    assert (await pays(stage, outcome="declined"))["outcome"] == "declined"
    await is_polled(stage, ana)
    assert pay_address(ana, order_id) is not None
    assert (await pays(stage))["outcome"] == "paid"
    await is_polled(stage, ana)
    await becomes_ready(stage, ana)
    assert "Your plan is ready" in ana.sees
    assert len(await charges(stage)) == 1


async def test_money_that_is_on_its_way_is_waited_for_past_the_orders_end(stage: Stage) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    assert (await pays(stage, outcome="processing"))["outcome"] == "processing"
    await is_polled(stage, lin)
    assert "支付处理中" in lin.sees
    await stage.advances(minutes=40)
    page = await page_of(stage)
    await stage.control("POST", f"/payments/sessions/{page['id']}/settle", {"outcome": "succeeded"})
    await is_polled(stage, lin)
    await becomes_ready(stage, lin)
    assert "套餐已排期" in lin.sees


async def test_money_that_never_came_is_told_and_another_way_is_offered(stage: Stage) -> None:
    ana = await comes_to_pay(stage, 1002, CARD)
    await pays(stage, outcome="processing")
    await is_polled(stage, ana)
    page = await page_of(stage)
    await stage.control("POST", f"/payments/sessions/{page['id']}/settle", {"outcome": "failed"})
    await is_polled(stage, ana)
    assert "The payment did not go through" in ana.sees_last
    await ana.presses("Pay another way")
    await ana.presses("Alipay")
    await ana.presses("Pay ¥")
    assert (await pays(stage))["outcome"] == "paid"
    await is_polled(stage, ana)
    await becomes_ready(stage, ana)
    assert "Your plan is ready" in ana.sees


async def test_an_unpaid_page_closes_with_its_order(stage: Stage) -> None:
    ana = await comes_to_pay(stage, 1002, CARD)
    await stage.advances(minutes=31)
    await ana.looks()
    assert "You were not charged" in ana.sees_last
    assert (await page_of(stage))["status"] == "expired"


async def test_a_cancelled_order_closes_its_page_first(stage: Stage) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await lin.presses("取消")
    await lin.looks()
    assert (await page_of(stage))["status"] == "expired"
    assert "已取消，未扣款" in lin.sees


async def test_a_payment_that_was_faster_than_the_cancellation_wins(stage: Stage) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    order_id = lin.order_id()
    await pays(stage)
    await lin.presses("取消")
    await becomes_ready(stage, lin)
    assert "套餐已排期" in lin.sees
    assert await deliveries(stage, order_id) == 1


async def test_two_ways_paid_for_one_order_the_second_one_comes_back_by_itself(
    stage: Stage,
) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await pays(stage)
    for label in ("换方式", "余额", "支付 "):
        await lin.presses(label)
    await becomes_ready(stage, lin)
    assert "您被重复扣款" in lin.sees
    [charge] = await charges(stage)
    assert charge["amount_refunded"] == charge["amount"]
    await stage.advances(minutes=11)
    await lin.looks()
    assert "退款已发出" in lin.sees


@pytest.mark.parametrize("kind", ["timeout-after-accept", "stored-500", "outage"])
async def test_a_lost_answer_to_the_opening_opens_no_second_page(stage: Stage, kind: str) -> None:
    fault = {"kind": kind, "operation": "session-create", "times": 1}
    await stage.control("POST", "/payments/faults", fault)
    lin = await linked(stage)
    await confirms(lin, *ALIPAY)
    assert pay_address(lin, lin.order_id()) is not None
    sessions = (await stage.control("GET", "/payments/sessions"))["sessions"]
    assert len([each for each in sessions if each["status"] == "open"]) == 1


async def test_a_crash_between_the_payment_and_its_notice_loses_nothing(stage: Stage) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    order_id = lin.order_id()
    await stage.crashes()
    await pays(stage)
    await stage.returns()
    await is_polled(stage, lin)
    await becomes_ready(stage, lin)
    assert "套餐已排期" in lin.sees
    assert await deliveries(stage, order_id) == 1


async def test_what_is_paid_and_not_delivered_goes_back_by_itself(stage: Stage) -> None:
    await stage.control("POST", "/carrier/faults", {"kind": "reject", "operation": "order"})
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await pays(stage)
    await is_polled(stage, lin)
    await becomes_ready(stage, lin)
    [charge] = await charges(stage)
    assert charge["amount_refunded"] == charge["amount"]
    assert "退款已发出" in lin.sees


async def test_a_refund_that_fails_at_the_platform_is_an_operators(stage: Stage) -> None:
    await stage.control("POST", "/carrier/faults", {"kind": "reject", "operation": "order"})
    await stage.control(
        "POST", "/payments/faults", {"kind": "refund-fails", "operation": "refund-create"}
    )
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await pays(stage)
    await is_polled(stage, lin)
    await becomes_ready(stage, lin)
    await stage.advances(minutes=11)
    await lin.looks()
    assert "人工" in lin.sees_last
