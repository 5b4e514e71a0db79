"""Support, from both ends: a subscriber in their chat, operators in their group's topic."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from storage.database import open_reader
from tests.chat import Subscriber, Topic
from tests.journeys.acts import confirms, linked, while_time_passes
from tests.journeys.conftest import SUNDAY_AFTERNOON
from tests.stage import Stage, staged

OWNER, SUPPORT = 9001, 9002
OMAR = 1003


@pytest.fixture
async def deskbound(tmp_path: Path) -> AsyncIterator[Stage]:
    """A world whose operators have no group for support."""
    settings = {"SUPPORT_GROUP_ID": ""}
    async with staged(tmp_path / "bot.db", SUNDAY_AFTERNOON, settings) as stage:
        yield stage


async def asks(stage: Stage, words: str = "My data stopped", person_id: int = OMAR) -> Subscriber:
    person = stage.person(person_id)
    await person.sends("/support")
    await person.sends(words)
    return person


async def topic_of(stage: Stage, person_id: int = OMAR, operator_id: int = SUPPORT) -> Topic:
    return await stage.group(operator_id).topic(f"· {person_id}")


def id_of(sent: dict[str, Any]) -> int:
    message_id: int = sent["message"]["message_id"]
    return message_id


def texts(chat: Subscriber) -> list[str]:
    """What stands in the chat, of everybody."""
    return [message.get("text") or message.get("caption") or "" for message in chat.messages]


async def test_a_question_gets_a_topic_with_a_card_and_the_answer_comes_back(stage: Stage) -> None:
    lin = await linked(stage)
    await lin.sends("/support")
    asked = await lin.sends("流量没了")
    topic = await topic_of(stage, lin.id)
    card = topic.showing("林晓")
    assert "+86 138 •••• 1001" in card["text"]
    assert "13800001001" not in card["text"]
    assert "流量没了" in topic.sees_last
    assert lin.reactions == {id_of(asked): "👀"}
    assert "已收到" in lin.sees
    answered = await topic.sends("您好，我们看一下。")
    await lin.looks()
    assert lin.sees_last == "您好，我们看一下。"
    assert topic.reactions == {id_of(answered): "👀"}
    copy = lin.received[-1]
    assert copy["from"]["is_bot"]
    assert "forward_origin" not in copy
    assert "Support" not in str(copy)
    assert str(SUPPORT) not in str(copy)


@pytest.mark.parametrize("kind", ["photo", "voice", "video", "document", "sticker"])
async def test_messages_of_every_kind_go_both_ways(stage: Stage, kind: str) -> None:
    omar = await asks(stage)
    sent = await omar.attaches(kind)
    topic = await topic_of(stage)
    assert kind in topic.received[-1]
    back = await topic.attaches(kind)
    await omar.looks()
    assert kind in omar.received[-1]
    assert id_of(sent) in omar.reactions
    assert id_of(back) in topic.reactions


async def test_each_subscriber_has_one_topic_for_all_their_cases(stage: Stage) -> None:
    omar = await asks(stage)
    await asks(stage, "你好", 1001)
    topic = await topic_of(stage)
    await topic.sends("/close")
    await omar.sends("/support")
    await omar.sends("Another thing")
    names = [each["name"] for each in await stage.group(OWNER).topics()]
    assert len(names) == 2
    await topic.looks()
    assert "Another thing" in topic.sees_last
    assert texts(topic).count("Another thing") == 1
    assert sum("Omar Haddad" in text for text in texts(topic)) == 2


async def test_closing_closes_the_topic_and_reopening_opens_it_with_a_new_card(
    stage: Stage,
) -> None:
    omar = await asks(stage)
    topic = await topic_of(stage)
    await topic.presses("Close case")
    await omar.looks()
    assert omar.sees.count("We have closed your case") == 1
    await topic.presses("Close case", topic.showing("Omar")["message_id"])
    assert topic.toast == "This case is closed already."
    await omar.looks()
    assert omar.sees.count("We have closed your case") == 1
    (state,) = await stage.group(OWNER).topics()
    assert state["is_closed"]
    await omar.presses("Reopen")
    (state,) = await stage.group(OWNER).topics()
    assert not state["is_closed"]
    await topic.looks()
    assert sum("Omar Haddad" in text for text in texts(topic)) == 2
    await omar.sends("It is still slow")
    await topic.looks()
    assert "It is still slow" in topic.sees_last


async def test_operators_reopen_by_command_by_key_and_by_writing(stage: Stage) -> None:
    omar = await asks(stage)
    topic = await topic_of(stage)
    await topic.sends("/close")
    await topic.sends("/reopen")
    assert not (await stage.group(OWNER).topics())[0]["is_closed"]
    await topic.sends("/close")
    await topic.presses("🔓 Reopen")
    assert not (await stage.group(OWNER).topics())[0]["is_closed"]
    await topic.sends("/close")
    await topic.sends("One more thing: restart the phone, please.")
    await omar.looks()
    assert "restart the phone" in omar.sees_last
    assert not (await stage.group(OWNER).topics())[0]["is_closed"]
    await omar.sends("That helped!")
    await topic.looks()
    assert "That helped!" in topic.sees_last


async def test_a_topic_closed_or_opened_by_hand_takes_its_case_along(stage: Stage) -> None:
    omar = await asks(stage)
    topic = await topic_of(stage)
    await topic.closes()
    await omar.looks()
    assert omar.sees.count("We have closed your case") == 1
    await topic.opens_again()
    await omar.sends("Thanks, but no")
    await topic.looks()
    assert "Thanks, but no" in topic.sees_last


async def test_a_topic_deleted_by_hand_is_made_anew_and_nothing_is_lost(stage: Stage) -> None:
    omar = await asks(stage)
    former = await topic_of(stage)
    await stage.advances(minutes=5)
    await former.deletes()
    sent = await omar.sends("Are you there?")
    topic = await topic_of(stage)
    assert topic.thread_id != former.thread_id
    assert "Omar Haddad" in topic.sees
    assert topic.sees.count("Are you there?") == 1
    await omar.looks()
    assert id_of(sent) in omar.reactions


async def test_a_topic_deleted_while_its_case_was_closed_is_made_anew_at_reopening(
    stage: Stage,
) -> None:
    omar = await asks(stage)
    topic = await topic_of(stage)
    await topic.sends("/close")
    await stage.advances(minutes=5)
    await topic.deletes()
    await omar.looks()
    await omar.presses("Reopen")
    assert "Omar Haddad" in (await topic_of(stage)).sees


async def test_a_bot_thrown_out_leaves_cases_at_the_desk_and_owners_are_told(stage: Stage) -> None:
    owner = stage.person(OWNER)
    await owner.sends("/start")
    await stage.group(OWNER).makes_bot("kicked")
    omar = await asks(stage)
    assert "It is with us" in omar.sees
    assert len(omar.reactions) == 1
    await stage.advances(minutes=1)
    await owner.looks()
    assert "客服群无法使用" in owner.sees
    assert "有用户在等回复" in owner.sees
    await owner.sends("/desk")
    await owner.presses("待处理 1")
    await owner.presses("💬 Omar")
    assert "My data stopped" in owner.sees_last
    await stage.group(OWNER).makes_bot("administrator")
    await omar.sends("Hello?")
    topic = await topic_of(stage, OMAR, OWNER)
    assert texts(topic)[-2:] == ["My data stopped", "Hello?"]
    await owner.sends("/desk")
    assert "待处理 0" in str(owner.buttons)


async def test_a_group_in_which_the_bot_may_not_open_topics_counts_as_out_of_reach(
    stage: Stage,
) -> None:
    owner = stage.person(OWNER)
    await owner.sends("/start")
    await stage.group(OWNER).makes_bot("member")
    omar = await asks(stage)
    assert "It is with us" in omar.sees
    await owner.sends("/desk")
    assert "待处理 1" in str(owner.buttons)


async def test_an_answer_to_somebody_who_blocked_the_bot_is_said_to_be_lost(stage: Stage) -> None:
    omar = await asks(stage)
    topic = await topic_of(stage)
    await omar.blocks()
    sent = await topic.sends("Hello?")
    await topic.looks()
    assert "Not delivered: they have blocked" in topic.sees_last
    assert id_of(sent) not in topic.reactions


async def test_a_late_order_opens_a_case_in_the_group_by_itself(stage: Stage) -> None:
    lin = await linked(stage)
    fault = {"operation": "order", "times": 1, "kind": "never-activates"}
    await stage.control("POST", "/carrier/faults", fault)
    await confirms(lin, "月卡")
    await lin.presses("支付")
    await stage.advances(minutes=31)
    await lin.looks()
    order_id = lin.order_id()
    topic = await topic_of(stage, lin.id)
    assert order_id in topic.sees
    assert "Nobody has asked yet" in topic.sees
    await lin.presses("客服")
    assert order_id in lin.sees_last
    await lin.sends("怎么还没好？")
    await topic.looks()
    assert texts(topic)[-1] == "怎么还没好？"


async def test_what_operators_say_elsewhere_in_the_group_stays_there(stage: Stage) -> None:
    omar = await asks(stage)
    before = len(omar.received)
    general = await stage.group(SUPPORT).general()
    await general.sends("Who takes Omar?")
    await stage.control("POST", f"/groups/{general._where['chat_id']}/topics", {"name": "Coffee"})
    coffee = await stage.group(SUPPORT).topic("Coffee")
    await coffee.sends("Tea, please")
    await coffee.sends("/close")
    await omar.looks()
    assert len(omar.received) == before
    assert coffee.received == []


async def test_commands_and_edits_of_operators_are_not_passed_on(stage: Stage) -> None:
    omar = await asks(stage)
    topic = await topic_of(stage)
    sent = await topic.sends("We are looknig")
    await omar.looks()
    before = texts(omar)
    await topic.edits(id_of(sent), "We are looking")
    assert "as it was" in topic.sees_last
    await topic.sends("/note he is nice")
    assert "Commands stay here" in topic.sees_last
    await omar.looks()
    assert texts(omar) == before


async def test_the_person_is_shown_in_private_to_whoever_may_look_up(stage: Stage) -> None:
    await asks(stage)
    owner = stage.person(OWNER)
    await owner.sends("/start")
    topic = await topic_of(stage, OMAR, OWNER)
    await topic.presses("👤")
    assert "私聊" in (topic.toast or "")
    await owner.looks()
    assert "Omar Haddad" in owner.sees_last
    other = await topic_of(stage, OMAR, SUPPORT)
    await other.presses("👤")
    assert "Only operators of the desk" in (other.toast or "")
    assert stage.person(SUPPORT).received == []


async def test_lost_answers_of_telegram_lose_no_message(stage: Stage) -> None:
    await stage.control("POST", "/faults", {"method": "copyMessage", "drop": "after"})
    await stage.control("POST", "/faults", {"method": "createForumTopic", "drop": "before"})
    omar = stage.person(OMAR)
    await omar.sends("/support")
    await while_time_passes(stage, omar.sends("My data stopped"))
    topic = await topic_of(stage)
    assert "My data stopped" in topic.sees
    await omar.looks()
    assert len(omar.reactions) == 1


async def test_a_crash_at_any_moment_loses_no_message(stage: Stage) -> None:
    omar = stage.person(OMAR)
    await omar.sends("/support")
    for number in range(4):
        await stage.control("POST", f"/users/{OMAR}/send", {"text": f"message {number}"})
        await stage.crashes()
        await stage.returns()
    topic = await topic_of(stage)
    said = [text for text in texts(topic) if text.startswith("message")]
    assert list(dict.fromkeys(said)) == [f"message {number}" for number in range(4)]


async def test_words_are_forgotten_once_they_are_in_the_group(stage: Stage) -> None:
    await asks(stage)
    await topic_of(stage)
    async with open_reader(stage.database) as reader:
        kept = await reader.execute("SELECT words FROM support_messages")
    assert kept == [(None,)]


async def test_an_answer_from_the_desk_is_shown_in_the_topic(stage: Stage) -> None:
    owner = stage.person(OWNER)
    await owner.sends("/start")
    omar = await asks(stage)
    topic = await topic_of(stage, OMAR, OWNER)
    await topic.presses("👤")
    await owner.looks()
    await owner.presses("✉️")
    await owner.sends("Please restart <b>the</b> phone.")
    await owner.presses("发送")
    await topic.looks()
    assert topic.sees_last == "✉️ 已在运营台回复：\nPlease restart <b>the</b> phone."
    await omar.looks()
    assert omar.sees.count("Please restart <b>the</b> phone.") == 1


async def test_with_a_persons_data_their_topic_is_deleted(stage: Stage) -> None:
    omar = await asks(stage)
    await asks(stage, "Olá", 1002)
    await omar.sends("/privacy")
    await omar.presses("Delete my data")
    await omar.presses("Delete my data")
    (left,) = await stage.group(OWNER).topics()
    assert "1002" in left["name"]


async def test_without_a_group_the_desk_answers(deskbound: Stage) -> None:
    owner = deskbound.person(OWNER)
    await owner.sends("/start")
    omar = await asks(deskbound)
    assert len(omar.reactions) == 1
    await omar.attaches("photo", "this screen")
    await owner.sends("/desk")
    await owner.presses("待处理 1")
    await owner.presses("💬 Omar")
    assert "My data stopped" in owner.sees_last
    assert "this screen" in owner.sees_last
    await owner.presses("查看原消息")
    assert "photo" in owner.received[-1]
    await owner.presses("✉️ 回复")
    await owner.sends("Please restart the phone.")
    await owner.presses("发送")
    await omar.looks()
    assert "Please restart the phone." in omar.sees_last
    await owner.presses("💬 工单")
    await owner.presses("关闭工单")
    await omar.looks()
    assert "We have closed your case" in omar.sees_last
    await omar.presses("Reopen")
    await omar.sends("It works now, thanks")
    await owner.sends("/desk")
    assert "待处理 1" in str(owner.buttons)
