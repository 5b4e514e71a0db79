"""The operators' group: whose words reach a subscriber, and what comes of each call."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.services.support_requests import (
    Failure,
    NotPassedOn,
    OpenTopic,
    PassBack,
    PassedBack,
    PassedOn,
    PassOn,
    TopicNotOpened,
    TopicOpened,
)
from tests.handlers.rehearsal import BOT, Person, Rehearsal, Staged, rehearsal

GROUP, THREAD, OMAR = -1001000009000, 77, 1003
OPERATOR = {"id": 9002, "is_bot": False, "first_name": "Support"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
POSTS = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


@pytest.fixture
async def grouped(migrated: Path, tmp_path: Path) -> AsyncIterator[Rehearsal]:
    """Dialogues whose operators have a group."""
    path = Path(shutil.copy(migrated, tmp_path / "grouped.db"))
    async with rehearsal(path, support_group_id=GROUP) as running:
        yield running


@pytest.fixture
async def omar(grouped: Rehearsal) -> Person:
    """Somebody who has written to support; their topic was asked for."""
    person = grouped.person(OMAR, "en", "Omar Haddad")
    await person.sends("/support")
    await person.sends("My data stopped")
    return person


async def opens(stage: Rehearsal, thread_id: int = THREAD) -> list[Staged]:
    opened = TopicOpened(OpenTopic(GROUP, OMAR, "Omar"), thread_id)
    relay = stage.use.of_dialogues.relay
    return await stage.happens(lambda unit: relay.on_topic_opened(unit, opened))


async def is_not_passed_on(stage: Rehearsal, call: Staged, why: Failure) -> list[Staged]:
    failed = NotPassedOn(PassOn(**call.parameters), why)
    relay = stage.use.of_dialogues.relay
    return await stage.happens(lambda unit: relay.on_not_passed_on(unit, failed))


async def is_written(stage: Rehearsal, **message: Any) -> list[Staged]:
    """A message in the topic, a member's unless it says otherwise."""
    chat = {"id": GROUP, "type": "supergroup", "title": "LEB", "is_forum": True}
    written = {
        "message_id": 500, "date": 1, "chat": chat, "from": OPERATOR, "text": "Hello",
        "message_thread_id": THREAD, "is_topic_message": True,
    }  # fmt: skip
    return await stage.decides({"message": {**written, **message}})


def kinds(staged: list[Staged]) -> list[str]:
    return [each.method for each in staged]


def passed_on(staged: list[Staged]) -> list[tuple[int, int]]:
    """The thread and message of each."""
    calls = [each.parameters for each in staged if each.method == "pass_on"]
    return [(each["thread_id"], each["message_id"]) for each in calls]


async def test_messages_wait_for_the_topic_and_follow_its_card_in_order(
    grouped: Rehearsal, omar: Person
) -> None:
    assert "open_topic" in kinds(omar.saw)
    assert "pass_on" not in kinds(omar.saw)
    await omar.sends("And my phone is old")
    assert kinds(omar.saw) == []
    staged = await opens(grouped)
    assert kinds(staged) == ["tell_topic", "pass_on", "pass_on"]
    first, second = passed_on(staged)
    assert first < second
    assert kinds(await opens(grouped)) == []
    await omar.sends("And so am I")
    assert len(passed_on(omar.saw)) == 1


async def test_the_sign_comes_once_a_message_is_there(grouped: Rehearsal, omar: Person) -> None:
    (call,) = [each for each in await opens(grouped) if each.method == "pass_on"]
    done = PassedOn(PassOn(**call.parameters))
    staged = await grouped.happens(
        lambda unit: grouped.use.of_dialogues.relay.on_passed_on(unit, done)
    )
    assert kinds(staged) == ["setMessageReaction"]
    assert staged[0].parameters["chat_id"] == OMAR


async def test_an_operators_words_go_to_the_subscriber_of_the_topic(
    grouped: Rehearsal, omar: Person
) -> None:
    await opens(grouped)
    (staged,) = await is_written(grouped)
    assert staged.method == "pass_back"
    assert staged.parameters == {
        "group_id": GROUP, "thread_id": THREAD, "subscriber_id": OMAR, "message_id": 500,
    }  # fmt: skip
    hidden = {"from": ANONYMOUS, "sender_chat": {"id": GROUP, "type": "supergroup", "title": "L"}}
    assert kinds(await is_written(grouped, **hidden)) == ["pass_back"]


@pytest.mark.parametrize(
    "message",
    [
        {"chat": {"id": -1001000009001, "type": "supergroup", "title": "LEB", "is_forum": True}},
        {"message_thread_id": 78},
        {"message_thread_id": None, "is_topic_message": None},
        {"from": {"id": 5, "is_bot": True, "first_name": "Another bot"}},
        {"from": BOT, "text": None, "forum_topic_closed": {}},
        {
            "from": CHANNEL_BOT,
            "sender_chat": {"id": -1001, "type": "channel", "title": "News"},
        },
        {
            "from": POSTS,
            "sender_chat": {"id": -1001, "type": "channel", "title": "News"},
            "is_automatic_forward": True,
        },
        {"text": None, "pinned_message": {"message_id": 3, "date": 1, "chat": {"id": GROUP,
         "type": "supergroup", "title": "LEB"}}},
        {"text": None, "new_chat_title": "LEB operators"},
        {"text": "/close@another_bot"},
    ],
    ids=["another group", "another topic", "outside of topics", "a bot", "our own note",
         "a channel", "a channel's post", "a pin", "a title", "another bot's command"],
)  # fmt: skip
async def test_nobody_elses_words_reach_a_subscriber(
    grouped: Rehearsal, omar: Person, message: dict[str, Any]
) -> None:
    await opens(grouped)
    given = {name: value for name, value in message.items() if value is not None}
    absent = {name: None for name, value in message.items() if value is None}
    assert await is_written(grouped, **given, **absent) == []


async def test_a_group_that_is_not_named_in_the_settings_does_nothing(
    stage: Rehearsal, grouped: Rehearsal, omar: Person
) -> None:
    await opens(grouped)
    assert kinds(await is_written(stage)) == []


@pytest.mark.parametrize("data", ["v1:caseclose:1", "v1:caseopen:1", "v1:person:1003"])
async def test_a_key_of_the_group_pressed_elsewhere_does_nothing_there(
    grouped: Rehearsal, omar: Person, data: str
) -> None:
    await opens(grouped)
    chat = {"id": -5, "type": "group", "title": "Trip"}
    message = {"message_id": 9, "date": 1, "chat": chat, "from": BOT, "text": "…"}
    query = {"id": "q", "from": OPERATOR, "chat_instance": "c", "data": data, "message": message}
    assert kinds(await grouped.decides({"callback_query": query})) == ["answerCallbackQuery"]
    async with grouped.store.unit() as unit:
        assert await unit.cases.open_of(OMAR) is not None


async def test_an_answer_counts_once_the_subscriber_has_it(
    grouped: Rehearsal, omar: Person
) -> None:
    await opens(grouped)
    await is_written(grouped)
    async with grouped.store.unit() as unit:
        case = await unit.cases.open_of(OMAR)
        assert case is not None
        assert case.waits
    done = PassedBack(PassBack(GROUP, THREAD, OMAR, 500))
    staged = await grouped.happens(
        lambda unit: grouped.use.of_dialogues.relay.on_passed_back(unit, done)
    )
    assert [each.parameters["chat_id"] for each in staged] == [GROUP]
    async with grouped.store.unit() as unit:
        case = await unit.cases.open_of(OMAR)
        assert case is not None
        assert not case.waits


async def test_a_topic_that_is_gone_at_once_is_not_replaced_for_ever(
    grouped: Rehearsal, omar: Person
) -> None:
    """A group in disorder is not filled with topics; the desk has the case."""
    (call,) = [each for each in await opens(grouped) if each.method == "pass_on"]
    at_once = await is_not_passed_on(grouped, call, Failure.GONE)
    assert "open_topic" not in kinds(at_once)
    assert "setMessageReaction" in kinds(at_once)
    async with grouped.store.unit() as unit:
        assert [each.kind for each in await unit.desk.waiting()] == ["support"]
    await omar.sends("Hello?")
    assert kinds(omar.saw) == ["open_topic", "setMessageReaction"]
    both = await opens(grouped, 78)
    assert len(passed_on(both)) == 2


async def test_a_topic_that_is_gone_later_is_replaced_and_asked_for_once(
    grouped: Rehearsal, omar: Person
) -> None:
    await omar.sends("And another thing")
    calls = [each for each in await opens(grouped) if each.method == "pass_on"]
    grouped.clock.advance(timedelta(hours=1))
    asked = []
    for call in calls:
        asked += await is_not_passed_on(grouped, call, Failure.GONE)
    assert kinds(asked) == ["open_topic"]
    again = await opens(grouped, 78)
    assert [message for _, message in passed_on(again)] == [
        call.parameters["message_id"] for call in calls
    ]


async def test_a_topic_that_cannot_be_opened_is_asked_for_again_with_the_next_message(
    grouped: Rehearsal, omar: Person
) -> None:
    refused = TopicNotOpened(OpenTopic(GROUP, OMAR, "Omar"))
    relay = grouped.use.of_dialogues.relay
    staged = await grouped.happens(lambda unit: relay.on_topic_not_opened(unit, refused))
    assert "setMessageReaction" in kinds(staged)
    await omar.sends("Hello?")
    assert "open_topic" in kinds(omar.saw)


async def test_a_message_that_telegram_does_not_copy_is_said_to_be_missing_and_not_tried_again(
    grouped: Rehearsal, omar: Person
) -> None:
    (call,) = [each for each in await opens(grouped) if each.method == "pass_on"]
    staged = await is_not_passed_on(grouped, call, Failure.NOT_COPIED)
    assert kinds(staged) == ["tell_topic"]
    await omar.sends("Then in words")
    assert len(passed_on(omar.saw)) == 1


async def test_a_case_that_closed_before_its_topic_opened_leaves_the_topic_closed(
    grouped: Rehearsal, omar: Person
) -> None:
    async with grouped.store.unit() as unit:
        case = await unit.cases.open_of(OMAR)
        assert case is not None
        await unit.cases.close(case.id, grouped.clock.now())
    (staged,) = await opens(grouped)
    assert (staged.method, staged.parameters["to_open"]) == ("turn_topic", False)


async def test_a_topic_that_opens_once_more_after_a_lost_answer_is_deleted(
    grouped: Rehearsal, omar: Person
) -> None:
    await opens(grouped)
    (staged,) = await opens(grouped, 78)
    assert (staged.method, staged.parameters["thread_id"]) == ("remove_topic", 78)


async def test_the_topic_of_somebody_who_is_forgotten_while_it_opens_is_deleted(
    grouped: Rehearsal, omar: Person
) -> None:
    await omar.sends("/privacy")
    await omar.presses("Delete my data")
    await omar.presses("Delete my data")
    assert kinds(await opens(grouped)) == ["remove_topic"]
