"""Linking, as a subscriber lives it."""

import pytest

from tests.journeys.acts import (
    TRAVEL_LINE,
    linked,
    texted_code,
    types_the_travel_number,
    while_time_passes,
)
from tests.stage import Stage


async def test_the_own_contact_links_the_line_and_opens_home(stage: Stage) -> None:
    lin = stage.person(1001)
    await lin.sends("/start")
    assert "欢迎使用 LEB 卡助手" in lin.sees
    await lin.shares_contact()
    assert "+86 138 •••• 1001 已绑定" in lin.sees
    assert "12.4 / 20 GB" in lin.sees
    assert "余额 ¥236.00" in lin.sees
    assert lin.keyboard is None


async def test_a_number_without_a_line_can_be_replaced_by_the_lines_own(stage: Stage) -> None:
    omar = stage.person(1003)
    await omar.sends("/start")
    await omar.shares_contact()
    assert "No line has your Telegram number" in omar.sees
    await omar.presses("Another number")
    await omar.sends(TRAVEL_LINE)
    await omar.sends(await texted_code(stage))
    assert "last 4 digits of the ICCID" in omar.sees_last
    await omar.sends("1003")
    assert "📶 LEB · •••• 1003" in omar.sees_last
    assert "🐢" in omar.sees_last


async def test_five_wrong_codes_link_nothing(stage: Stage) -> None:
    omar = stage.person(1003)
    await types_the_travel_number(omar)
    right = await texted_code(stage)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        await omar.sends(wrong)
    assert "Too many tries" in omar.sees_last
    await omar.sends(right)
    assert "📶" not in omar.sees


async def test_the_wrong_card_digits_link_nothing(stage: Stage) -> None:
    omar = stage.person(1003)
    await types_the_travel_number(omar)
    await omar.sends(await texted_code(stage))
    await omar.sends("9999")
    assert "4 tries left" in omar.sees_last
    await omar.sends("1003")
    assert "📶 LEB · •••• 1003" in omar.sees_last


async def test_an_unknown_number_gets_the_same_answer_and_nobody_a_text(stage: Stage) -> None:
    omar, mei = stage.person(1003), stage.person(1004)
    await types_the_travel_number(omar)
    await mei.sends("/language")
    await mei.presses("English")
    await mei.presses("Another number")
    await mei.sends("+6591009999")
    assert mei.sees_last == omar.sees_last
    texts = (await stage.control("GET", "/carrier/sms"))["sms"]
    assert {text["msisdn"] for text in texts} == {TRAVEL_LINE}


@pytest.mark.parametrize(
    ("phone", "user_id"),
    [("+8613800001001", 1001), ("+8613800001001", None), ("+8613800001001", 1004)],
)
async def test_a_forwarded_contact_is_refused(
    stage: Stage, phone: str, user_id: int | None
) -> None:
    mei = stage.person(1004)
    await mei.sends("/start")
    await mei.forwards_contact(phone, user_id)
    assert "这不是您自己的号码" in mei.sees_last
    assert "📶" not in mei.sees


async def test_a_line_linked_elsewhere_leaves_its_former_chat_which_is_told(stage: Stage) -> None:
    omar, lin = stage.person(1003), await linked(stage)
    await omar.sends("/start")
    await omar.presses("Another number")
    await omar.sends("+8613800001001")
    await omar.sends(await texted_code(stage))
    assert "📶 LEB · •••• 1001" in omar.sees_last
    await lin.looks()
    assert "已从此聊天解绑" in lin.sees
    await lin.sends("/usage")
    assert "先验证您的号码" in lin.sees_last


async def test_several_lines_are_switched_and_unlinked(stage: Stage) -> None:
    lin = await linked(stage)
    await lin.sends("/lines")
    await lin.presses("绑定线路")
    await lin.sends(TRAVEL_LINE)
    await lin.sends(await texted_code(stage))
    await lin.sends("1003")
    assert "•••• 1003" in lin.sees_last
    await lin.presses("切换线路")
    await lin.presses("+86 138 •••• 1001")
    assert "📶 LEB · •••• 1001" in lin.sees_last
    await lin.sends("/lines")
    await lin.presses("解绑")
    await lin.presses("🗑 解绑")
    assert "✅ 已解绑" in lin.sees_last
    assert "1001" not in lin.sees_last


async def test_a_carrier_that_is_down_is_said_plainly(stage: Stage) -> None:
    await stage.control(
        "POST", "/carrier/faults", {"operation": "product", "times": 1000, "kind": "outage"}
    )
    lin = stage.person(1001)
    await lin.sends("/start")
    await while_time_passes(stage, lin.shares_contact())
    assert "网络没有响应" in lin.sees
