"""What money must survive, the part that happens on the wire, in the process or at the platform.

The other part of the list stands in `tests.services.test_what_money_survives`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import refunding
from bot.demo import environment
from bot.sandbox.payments.control import WEBHOOK_SECRET
from bot.sandbox.payments.notices import signature
from bot.sandbox.server import serve
from bot.sandbox.world import World
from bot.web import WEBHOOK_PATH
from tests.canaries import leaks_in
from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, confirms, deliveries, linked, while_time_passes
from tests.journeys.test_hosted_payments import (
    ALIPAY,
    charges,
    comes_to_pay,
    is_polled,
    page_of,
    pay_address,
    pays,
)
from tests.stage import Stage

ROOT = Path(__file__).parents[2]

Sign = Callable[[bytes, int], str]
"""The signature of the body at that second of the platform's clock."""


# ── notices ───────────────────────────────────────────────────────────────────────────────────────


async def paid_and_untold(heard: Stage) -> tuple[Subscriber, bytes]:
    """Somebody has paid, and the bot hears of nothing but what a test brings it: that notice."""
    lin = await comes_to_pay(heard, 1001, ALIPAY)
    await heard.control("DELETE", "/payments/webhook")
    await heard.control("POST", "/payments/faults", {"kind": "outage", "operation": "event-read"})
    await pays(heard)
    page = await page_of(heard)
    event = {
        "id": "evt_brought",
        "object": "event",
        "type": "checkout.session.completed",
        "created": second(heard),
        "data": {"object": {"id": page["id"], "object": "checkout.session"}},
    }
    return lin, json.dumps(event).encode()


def second(stage: Stage) -> int:
    return int(stage.world.clock.now().timestamp())


async def brings(heard: Stage, body: bytes, signed: str) -> int:
    """Posts the notice to the bot's own webhook; what it answers."""
    address = f"http://127.0.0.1:{heard.overrides['WEB_PORT']}{WEBHOOK_PATH}"
    headers = {"Content-Type": "application/json", "Stripe-Signature": signed}
    async with heard.session.post(address, data=body, headers=headers) as answer:
        status = answer.status
    await heard.settles()
    return status


async def is_refused_and_changes_nothing(heard: Stage, body: bytes, signed: str) -> None:
    lin = heard.person(1001)
    assert await brings(heard, body, signed) == 400
    await lin.looks()
    assert "等待支付" in lin.showing("🧾 订单 LEB")["text"]


async def is_taken_and_pays(heard: Stage, body: bytes) -> None:
    lin = heard.person(1001)
    signed = signature(body, WEBHOOK_SECRET, second(heard))
    assert await brings(heard, body, signed) == 200
    await lin.looks()
    assert "等待支付" not in lin.showing("🧾 订单 LEB")["text"]


async def test_survives_a_forged_notice(heard: Stage) -> None:
    _, body = await paid_and_untold(heard)
    forged = signature(body, "whsec_guessed", second(heard))
    await is_refused_and_changes_nothing(heard, body, forged)
    await is_taken_and_pays(heard, body)


async def test_survives_an_old_notice(heard: Stage) -> None:
    _, body = await paid_and_untold(heard)
    old = signature(body, WEBHOOK_SECRET, second(heard) - 301)
    await is_refused_and_changes_nothing(heard, body, old)
    await is_taken_and_pays(heard, body)


async def test_survives_a_re_encoded_notice(heard: Stage) -> None:
    """The same event in other bytes, as a proxy might write it: not what was signed."""
    _, body = await paid_and_untold(heard)
    signed = signature(body, WEBHOOK_SECRET, second(heard))
    again = json.dumps(json.loads(body), indent=1).encode()
    await is_refused_and_changes_nothing(heard, again, signed)
    await is_taken_and_pays(heard, body)


async def test_survives_a_signed_notice_of_a_payment_that_was_not_made(heard: Stage) -> None:
    """The body is only a trigger: the platform is asked, and says that nobody has paid."""
    lin = await comes_to_pay(heard, 1001, ALIPAY)
    page = await page_of(heard)
    event = {
        "id": "evt_untrue",
        "object": "event",
        "type": "checkout.session.completed",
        "created": second(heard),
        "data": {"object": {**page, "object": "checkout.session", "payment_status": "paid"}},
    }
    body = json.dumps(event).encode()
    assert await brings(heard, body, signature(body, WEBHOOK_SECRET, second(heard))) == 200
    await lin.looks()
    assert "等待支付" in lin.showing("🧾 订单 LEB")["text"]
    assert await deliveries(heard, lin.order_id()) == 0


async def test_survives_reordered_notices(heard: Stage) -> None:
    """That the money arrived is told before the page was told complete."""
    await heard.control("POST", "/payments/faults", {"kind": "outage", "operation": "event-read"})
    fault = {"kind": "notice-reordered", "operation": "checkout.session.completed", "times": 1}
    await heard.control("POST", "/payments/faults", fault)
    lin = await comes_to_pay(heard, 1001, ALIPAY)
    await pays(heard, outcome="processing")
    page = await page_of(heard)
    settled = {"outcome": "succeeded"}
    await heard.control("POST", f"/payments/sessions/{page['id']}/settle", settled)
    await becomes_ready(heard, lin)
    assert "套餐已排期" in lin.sees
    assert await deliveries(heard, lin.order_id()) == 1


async def test_survives_a_notice_that_never_comes(stage: Stage) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await stage.control("POST", "/payments/faults", {"kind": "outage", "operation": "event-read"})
    await pays(stage)
    await is_polled(stage, lin)
    assert "等待支付" in lin.showing("🧾 订单 LEB")["text"]
    await stage.advances(minutes=10)
    await becomes_ready(stage, lin)
    assert "套餐已排期" in lin.sees


# ── the platform ──────────────────────────────────────────────────────────────────────────────────


async def test_survives_the_platform_down(stage: Stage) -> None:
    fault = {"kind": "outage", "operation": "*"}
    await stage.control("POST", "/payments/faults", fault)
    lin = await linked(stage)
    await while_time_passes(stage, confirms(lin, *ALIPAY))
    assert "支付未完成" in lin.sees_last
    for label in ("换方式", "余额", "支付 "):
        await lin.presses(label)
    await becomes_ready(stage, lin)
    assert "套餐已排期" in lin.sees
    assert await charges(stage) == []


async def test_survives_twenty_taps_on_pay_with_one_order_and_one_page(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, *ALIPAY[:-1])
    await lin.taps("支付 ", times=20)
    assert len((await stage.control("GET", "/payments/sessions"))["sessions"]) == 1
    await pays(stage)
    await is_polled(stage, lin)
    await becomes_ready(stage, lin)
    assert await deliveries(stage, lin.order_id()) == 1
    assert len(await charges(stage)) == 1


# ── crashes and restarts ──────────────────────────────────────────────────────────────────────────


async def test_survives_a_crash_between_the_platforms_page_and_our_commit(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, *ALIPAY[:-1])
    pressed = {"button": "支付 ", "wait": False}
    await stage.control("POST", f"/users/{lin.id}/press", pressed)
    while not (await stage.control("GET", "/payments/sessions"))["sessions"]:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await stage.crashes()
    await stage.returns()
    await lin.looks()
    assert len((await stage.control("GET", "/payments/sessions"))["sessions"]) == 1
    assert pay_address(lin, lin.order_id()) == (await page_of(stage))["url"]


async def test_survives_a_crash_between_the_platforms_refund_and_our_commit(stage: Stage) -> None:
    lin = await comes_to_pay(stage, 1001, ALIPAY)
    await pays(stage)
    await is_polled(stage, lin)
    await becomes_ready(stage, lin)
    async for _ in refunding.refund(stage.database, lin.order_id(), None, 0):
        pass
    while not (await charges(stage))[0]["refunds"]:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await stage.crashes()
    await stage.returns()
    await stage.advances(minutes=11)
    await lin.looks()
    assert "退款已发出" in lin.sees
    [charge] = await charges(stage)
    assert [refund["amount"] for refund in charge["refunds"]] == [charge["amount"]]


async def waits_to_pay(stage: Stage, person: Subscriber) -> asyncio.Task[Any]:
    """The person has confirmed in the pay sheet, and Telegram asks the bot, which is away."""
    paying = asyncio.create_task(stage.control("POST", f"/users/{person.id}/pay", {}))
    await asyncio.sleep(0.05)
    assert not paying.done()
    return paying


async def test_survives_a_restart_with_pre_checkouts_waiting(stage: Stage) -> None:
    people = [await linked(stage, 1002), await linked(stage, 1001)]
    await confirms(people[0], "Monthly", "Pay ")
    await confirms(people[1], "月卡", "换方式", "Telegram", "支付 ")
    await stage.crashes()
    for number in range(20):
        text = {"text": f"/help {number}", "wait": False}
        await stage.control("POST", "/users/1002/send", text)
    waiting = [await waits_to_pay(stage, person) for person in people]
    await stage.starts()
    assert [each["outcome"] for each in await asyncio.gather(*waiting)] == 2 * ["paid"]
    for person in people:
        await becomes_ready(stage, person)
        assert await deliveries(stage, person.order_id()) == 1


async def test_survives_a_pre_checkout_that_waited_too_long(stage: Stage) -> None:
    """Telegram gives the payment up after ten seconds; the order can be paid all the same."""
    ana = await linked(stage, 1002)
    await confirms(ana, "Monthly", "Pay ")
    await stage.crashes()
    paying = await waits_to_pay(stage, ana)
    await stage.control("POST", "/clock", {"advance_s": 11})
    assert (await paying)["outcome"] != "paid"
    await stage.returns()
    assert (await ana.pays_invoice())["outcome"] == "paid"
    await becomes_ready(stage, ana)
    assert "Your plan is ready" in ana.sees


async def test_survives_two_bots_on_one_database(tmp_path: Path) -> None:
    """Two real processes: the second one ends at once, names the first, and leaves it alone."""
    world = World()
    async with serve(world) as address:
        settings = environment(address, tmp_path / "bot.db")
        first = await bot_process(settings)
        try:
            async with asyncio.timeout(20):
                while not world.is_ready:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            second = await bot_process(settings)
            async with asyncio.timeout(20):
                _, said = await second.communicate()
            assert second.returncode == 1
            assert f"in use by process {first.pid}" in said.decode()
            assert first.returncode is None
        finally:
            first.terminate()
            _, told = await first.communicate()
        assert first.returncode == 0
        assert leaks_in((told + said).decode()) == []


async def bot_process(settings: dict[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT,
        env={**os.environ, **settings, "LOG_LEVEL": "DEBUG"},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
