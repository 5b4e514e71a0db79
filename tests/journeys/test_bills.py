"""Bills: the list, a receipt, the receipt on paper, and all orders as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from pypdf import PdfReader

from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, confirms, linked
from tests.stage import Stage


async def file_of(stage: Stage, person: Subscriber) -> tuple[dict[str, Any], bytes]:
    """The newest document in the chat."""
    document = [each["document"] for each in person.received if "document" in each][-1]
    async with stage.session.get(f"/sandbox/files/{document['file_id']}") as answer:
        assert answer.status == 200
        return document, await answer.read()


@pytest.mark.parametrize(
    ("person_id", "plan", "pay", "receipt", "words"),
    [
        (
            1001, "月卡", "支付", "🧾 收据",
            ["收据 1", "订单号：{id}", "合计：¥", "支付方式：余额"],
        ),
        (
            1002, "Monthly", "Pay", "🧾 Receipt",
            ["Receipt 1", "Order number: {id}", "Total: ¥", "Paid with: card, in Telegram"],
        ),
    ],
)  # fmt: skip
async def test_a_paid_order_has_a_receipt_as_a_message_and_on_paper(
    stage: Stage, person_id: int, plan: str, pay: str, receipt: str, words: list[str]
) -> None:
    person = await linked(stage, person_id)
    await confirms(person, plan)
    await person.presses(pay)
    order_id = person.order_id()
    if any("invoice" in message for message in person.received):
        await person.pays_invoice()
    await becomes_ready(stage, person)
    await person.sends("/orders")
    await person.presses(order_id)
    await person.presses(receipt)
    for each in words:
        assert each.format(id=order_id) in person.sees_last
    await person.presses("PDF")
    document, content = await file_of(stage, person)
    assert document["file_name"] == f"{order_id}.pdf"
    assert document["mime_type"] == "application/pdf"
    assert order_id in PdfReader(io.BytesIO(content)).pages[0].extract_text()


async def test_a_refund_of_the_wallet_has_its_credit_note_on_the_receipt_and_in_the_export(
    stage: Stage,
) -> None:
    await stage.control(
        "POST", "/carrier/faults", {"operation": "order", "times": 1, "kind": "reject"}
    )
    lin = await linked(stage)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    order_id = lin.order_id()
    await stage.advances(minutes=2)
    await lin.sends("/orders")
    await lin.presses(order_id)
    await lin.presses("🧾 收据")
    assert "退款凭证 1：−¥" in lin.sees_last
    await lin.sends("/orders")
    await lin.presses("CSV")
    document, content = await file_of(stage, lin)
    assert document["file_name"] == "orders-2026-11-22.csv"
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    said = dict(zip(head, row, strict=True))
    assert (said["订单号"], said["状态"]) == (order_id, "已退款")
    assert (said["退款金额"], said["退款凭证号"]) == (said["合计"], "1")
