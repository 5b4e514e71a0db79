"""`python -m bot reconcile` against a running bot."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from bot import reconciling, refunding
from bot.domain.order import OrderStatus
from bot.reconciling import Report
from tests.command.test_command_line import command
from tests.journeys.acts import becomes_ready, deliveries, while_time_passes
from tests.journeys.conftest import SUNDAY_AFTERNOON
from tests.journeys.test_hosted_payments import ALIPAY, comes_to_pay, pays
from tests.journeys.test_platform_side import buys, status
from tests.stage import Stage, staged


async def test_money_of_which_no_notice_told_is_found_delivered_and_reported(
    stage: Stage,
) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await pays(stage)
    report = await reconciling.reconcile(stage.database)
    lines = "\n".join(report.lines())
    assert "Payments, at the payment platform: 1 asked after, 1 differed" in lines
    assert f"✓ {lin.order_id()}, payment " in lines
    assert "charged nothing → order paid, payment succeeded, charged 179.00 CNY" in lines
    assert "✓ Charged but not delivered: 0" in lines
    assert not report.needs_operator
    await becomes_ready(stage, lin)
    assert await deliveries(stage, lin.order_id()) == 1
    again = await reconciling.reconcile(stage.database)
    assert not any(each.differed for each in again.questions)


async def test_a_refund_that_the_platform_could_not_send_needs_an_operator(stage: Stage) -> None:
    _, order_id = await buys(stage)
    pending = {"kind": "refund-pending", "operation": "refund-create", "times": 1}
    await stage.control("POST", "/payments/faults", pending)
    async for _ in refunding.refund(stage.database, order_id, None, 5):
        pass
    refunds = (await stage.control("GET", "/payments/charges"))["charges"][0]["refunds"]
    await stage.control(
        "POST", f"/payments/refunds/{refunds[0]['id']}/settle", {"outcome": "failed"}
    )
    report = await reconciling.reconcile(stage.database)
    lines = "\n".join(report.lines())
    assert f"! {order_id}, refund order:{order_id}: refund due → refund failed" in lines
    assert f"! Orders in review: 1 {order_id}" in lines
    assert f"! Refunds to be sent by hand: 1 {order_id}" in lines
    assert report.needs_operator
    assert await status(stage, order_id) is OrderStatus.REVIEW


async def test_without_a_platform_the_bot_reconciles_and_tells_how_it_fares(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    without = {"STRIPE_SECRET_KEY": "", "PAYMENT_METHODS": "invoice", "WEB_PORT": str(port)}
    async with staged(tmp_path / "bot.db", SUNDAY_AFTERNOON, without) as stage:
        await stage.settles()
        async with stage.session.get(f"http://127.0.0.1:{port}/metrics") as answer:
            told = await answer.text()
    assert "\nbot_charged_not_delivered 0\n" in told
    assert "\nbot_seconds_since_reconciliation 0\n" in told


async def test_the_command_prints_the_report_and_ends_well_when_all_was_mended(
    stage: Stage,
) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await pays(stage)
    arguments = ("reconcile", "--database", str(stage.database))
    ended = await asyncio.to_thread(command, *arguments, cwd=stage.database.parent)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "1 asked after, 1 differed" in ended.stdout
    await becomes_ready(stage, lin)


async def test_two_commands_at_once_are_one_round_and_pay_once(stage: Stage) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await pays(stage)
    both = await asyncio.gather(*(reconciling.reconcile(stage.database) for _ in range(2)))
    await becomes_ready(stage, lin)
    assert await deliveries(stage, lin.order_id()) == 1
    differed = {q.round_id for report in both for q in report.questions if q.differed}
    assert len(differed) == 1


async def test_a_platform_that_is_down_is_named_and_what_it_tells_later_is_heard(
    stage: Stage,
) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await pays(stage)
    await stage.control("POST", "/payments/faults", {"kind": "outage", "operation": "*"})
    told: list[Report] = []

    async def asks() -> None:
        told.append(await reconciling.reconcile(stage.database))

    await while_time_passes(stage, asks())
    lines = "\n".join(told[0].lines())
    assert "1 asked after, 0 differed, 1 not answered" in lines
    assert "no answer yet; it is heard when it comes" in lines
    assert told[0].needs_operator
    await stage.control("DELETE", "/payments/faults")
    await stage.advances(minutes=2)
    await becomes_ready(stage, lin)
    assert await deliveries(stage, lin.order_id()) == 1
