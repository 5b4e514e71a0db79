"""Two people over real HTTP: one asks, the other pays, by the platform's page and in Stars."""

from __future__ import annotations

import re

from bot import refunding
from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, confirms, deliveries, linked
from tests.journeys.test_hosted_payments import charges, page_of, pays
from tests.journeys.test_stars import transactions
from tests.services.books import breaches
from tests.stage import Stage

MEI = 1004
"""Of the cast, who has no line at all; she reads Chinese."""
OMAR = 1003


async def asks(stage: Stage, *presses: str) -> tuple[Subscriber, str, str]:
    """林晓, her order, and what the link that she is given starts the bot with."""
    lin = await linked(stage)
    await confirms(lin, *presses)
    await lin.presses("请人代付")
    found = re.search(r"https://t\.me/\w+\?start=(pay_[\w-]{22})", lin.sees_last)
    assert found is not None
    return lin, lin.order_id(), found[1]


async def is_polled(stage: Stage, *people: Subscriber) -> None:
    await stage.advances(seconds=6)
    for person in people:
        await person.looks()


async def test_somebody_without_a_line_pays_on_the_page_and_the_plan_is_the_holders(
    stage: Stage,
) -> None:
    lin, order_id, target = await asks(stage, "月卡")
    mei = stage.person(MEI)
    await mei.sends(f"/start {target}")
    assert "有人请您代付" in mei.sees_last
    assert "月卡 30 天 · •••• 1001" in mei.sees_last
    assert "¥179.00" in mei.sees_last
    for secret in ("林晓", "8613", "¥236", "GB", "账户余额"):
        assert secret not in mei.sees_last
    await mei.presses("💳 银行卡")
    page = await page_of(stage)
    assert page["amount_total"] == 179_00
    assert "➡️ 去支付" in mei.buttons
    await lin.looks()
    assert "有人正在代付" in lin.showing(order_id)["text"] + lin.sees
    assert page["url"] not in str(lin.messages)
    assert (await pays(stage))["outcome"] == "paid"
    await is_polled(stage, lin, mei)
    assert "谢谢，付款已到账" in mei.sees
    assert "有人为您付了这次续费" in lin.sees
    assert "代付链接已失效" in lin.sees
    await becomes_ready(stage, lin)
    await mei.looks()
    assert "您代付的套餐已预订" in mei.sees
    assert "套餐已排期" in lin.sees
    assert "Mei" not in lin.sees
    assert await deliveries(stage, order_id) == 1
    assert len(await charges(stage)) == 1
    assert breaches(stage.database) == {}


async def test_stars_of_somebody_else_go_back_to_them_when_the_order_is_taken_back(
    stage: Stage,
) -> None:
    lin, order_id, target = await asks(stage, "月卡", "换方式", "Telegram 星星")
    omar = stage.person(OMAR)
    await omar.sends(f"/start {target}")
    await omar.presses("Telegram Stars")
    await omar.pays_invoice()
    await becomes_ready(stage, lin)
    async for _ in refunding.refund(stage.database, order_id, "asked by phone"):
        pass
    await becomes_ready(stage, lin)
    await omar.looks()
    assert "Your Stars are back" in omar.sees
    assert "退给付款人" in lin.sees
    assert "已退回您的 Telegram" not in lin.sees
    (back,) = [each for each in await transactions(stage) if "receiver" in each]
    assert back["receiver"]["user"]["id"] == OMAR
    assert breaches(stage.database) == {}


async def test_both_pay_at_the_same_time_and_what_came_second_goes_back(stage: Stage) -> None:
    lin, order_id, target = await asks(stage, "月卡")
    mei = stage.person(MEI)
    await mei.sends(f"/start {target}")
    await mei.presses("💳 银行卡")
    assert (await pays(stage))["outcome"] == "paid"
    await lin.presses("🔁 刷新", lin.showing(order_id)["message_id"])
    await lin.presses("换方式")
    await lin.presses("💰 余额")
    await lin.presses("支付 ¥")
    await is_polled(stage, lin, mei)
    await becomes_ready(stage, lin)
    await mei.looks()
    assert "订单此前已付款" in mei.sees
    assert "您的款项已退回" in mei.sees or "退回" in mei.sees
    (charge,) = await charges(stage)
    assert charge["amount_refunded"] == charge["amount"]
    assert await deliveries(stage, order_id) == 1
    assert breaches(stage.database) == {}


async def test_a_guesser_reads_what_the_reader_of_an_ended_link_reads(stage: Stage) -> None:
    lin, _, target = await asks(stage, "月卡")
    await lin.presses("作废链接")
    mei = stage.person(MEI)
    await mei.sends(f"/start {target}")
    ended = mei.sees_last
    await mei.sends(f"/start pay_{'x' * 22}")
    assert "代付链接无效或已失效" in ended
    assert mei.sees_last == ended
    for _ in range(3):
        await mei.sends(f"/start pay_{'x' * 22}")
    await mei.sends(f"/start pay_{'x' * 22}")
    assert "尝试次数过多" in mei.sees_last
