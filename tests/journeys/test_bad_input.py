"""Whatever is sent gets an answer, and nothing is lost by it."""

import pytest

from tests.journeys.acts import confirms, linked
from tests.stage import Stage

HOSTILE = (
    "x" * 4096,
    "<b>&amp;</b>",
    "\u202e\u2066evil\u200b",
    "/nonsense",
    "/start " + "y" * 64,
    "' OR 1=1 --",
    "😀" * 2000,
)


async def test_any_text_is_answered_once(stage: Stage) -> None:
    lin = await linked(stage)
    for text in HOSTILE:
        before = len(lin.received)
        await lin.sends(text)
        assert len(lin.received) == before + 1, text[:40]


async def test_stickers_photos_and_edits_are_answered(stage: Stage) -> None:
    lin = await linked(stage)
    await lin.sends_sticker()
    assert "没看懂" in lin.sees_last
    await lin.sends_photo()
    assert "没看懂" in lin.sees_last
    sent = await lin.sends("/renew")
    await lin.edits(sent["message"]["message_id"], "/orders")
    assert "编辑不会生效" in lin.sees_last
    assert "还没有订单" not in lin.sees


async def test_a_wrong_kind_of_message_at_a_step_keeps_the_step(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, "日卡")
    for send in (lin.sends_sticker, lin.sends_photo):
        await send()
        assert "1 到 30" in lin.sees_last
    await lin.sends("31")
    assert "1 到 30" in lin.sees_last
    await lin.sends("３０ 天")
    assert "¥450.00" in lin.sees_last


async def test_commands_work_in_the_middle_of_a_dialogue(stage: Stage) -> None:
    lin = await linked(stage)
    await confirms(lin, "日卡")
    await lin.sends("/usage")
    assert "最近 7 天用量" in lin.sees_last
    await lin.sends("7")
    assert "没看懂" in lin.sees_last


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/help", "遇到什么问题"),
        ("/cancel", "没有任何改动"),
        ("/privacy", "只保存服务您的线路所必需的信息"),
        ("/terms", "不限量"),
        ("/paysupport", "全额退回"),
        ("/support", "人工客服会在这里回复您"),
        ("/settings", "设置"),
    ],
)
async def test_the_commands_of_the_small_print_are_answered(
    stage: Stage, command: str, words: str
) -> None:
    lin = await linked(stage)
    await lin.sends(command)
    assert words in lin.sees


async def test_the_three_live_answers_know_the_last_order(stage: Stage) -> None:
    ana = await linked(stage, 1002)
    await ana.sends("/faq")
    await ana.presses("can't renew")
    assert "the plan has ended; renew to go online" in ana.sees_last
    await confirms(ana, "Monthly")
    await ana.presses("Pay ")
    await ana.sends("/faq")
    await ana.presses("Data not arrived")
    assert f"order {ana.order_id()} waits for your payment" in ana.sees_last
    await ana.presses("Back")
    await ana.presses("Change my plan")
    assert "cancel it and choose another plan" in ana.sees_last


async def test_switching_the_language_redraws_in_place(stage: Stage) -> None:
    lin = await linked(stage)
    await lin.sends("/language")
    message_id = lin.received[-1]["message_id"]
    await lin.presses("English")
    assert "High speed today 12.4 / 20 GB" in lin.sees_last
    assert lin.received[-1]["message_id"] == message_id


async def test_a_group_gets_one_line_and_no_account_data(stage: Stage) -> None:
    await linked(stage)
    chat_id = -1001
    group = {"id": chat_id, "title": "Trip", "members": [1001]}
    await stage.control("POST", "/groups", group)
    await stage.control("POST", "/users/1001/send", {"text": "/usage", "chat_id": chat_id})
    await stage.settles()
    chat = await stage.control("GET", f"/users/1001/messages?chat_id={chat_id}")
    said = [message["text"] for message in chat["messages"] if message["from"]["is_bot"]]
    assert len(said) == 1
    assert "https://t.me/" in said[0]
    assert "GB" not in said[0]


async def test_who_blocks_the_bot_is_answered_again_when_they_return(stage: Stage) -> None:
    lin = await linked(stage)
    await lin.blocks()
    await stage.control("POST", "/users/1001/unblock", {})
    await lin.sends("/start")
    assert "📶 LEB" in lin.sees_last


async def test_what_operators_say_among_themselves_is_not_answered(stage: Stage) -> None:
    group = stage.group(9001)
    await stage.control("POST", f"/groups/{group.chat_id}/topics", {"name": "Lunch"})
    topic = await group.topic("Lunch")
    await topic.sends("noodles?")
    await topic.attaches("photo", "these")
    await topic.closes()
    assert topic.received == []
    assert [each["is_closed"] for each in await group.topics()] == [True]
    await group.makes_bot("kicked")
    await group.makes_bot("administrator")
    await topic.deletes()
    assert await group.topics() == []
