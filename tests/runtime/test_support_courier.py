"""The support courier: what it calls, and how each end is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.runtime.bot_api import ApiRefused
from bot.runtime.codec import answer_from_json
from bot.runtime.http import NotSent
from bot.runtime.marks import Marks
from bot.runtime.support_courier import SupportCourier
from bot.runtime.undecided import Undecided
from bot.services.support_requests import (
    Failure,
    NotPassedBack,
    NotPassedOn,
    OpenTopic,
    PassBack,
    PassedBack,
    PassedOn,
    PassOn,
    RemoveTopic,
    SupportRequest,
    TellTopic,
    TopicNotOpened,
    TopicNotTold,
    TopicOpened,
    TurnTopic,
)
from storage.database import Database
from storage.unit import SqliteStore
from tests.runtime.harness import at_noon
from tests.runtime.test_stars_courier import FakeApi, FreeRate, HurryingClock

GROUP, THREAD, OMAR = -1001, 77, 1003
OPEN = OpenTopic(GROUP, OMAR, "Omar · 1003")
ON = PassOn(GROUP, THREAD, OMAR, 1, 55)
BACK = PassBack(GROUP, THREAD, OMAR, 500)
TELL = TellTopic(GROUP, THREAD, OMAR, "<b>Omar</b>", {"inline_keyboard": []})
TURN = TurnTopic(GROUP, THREAD, OMAR, to_open=False)


async def answers(path: Path, api: FakeApi, request: SupportRequest) -> list[Any]:
    """What stands in the inbox once that was asked for; nothing waits in the outbox then."""
    clock = HurryingClock()
    async with Database(path) as database:
        store = SqliteStore(database, at_noon)
        marks = Marks(store, Undecided(store), clock)  # type: ignore[arg-type]
        courier = SupportCourier(api, store, marks, clock, FreeRate())  # type: ignore[arg-type]
        async with store.unit() as unit:
            unit.outbox.support(request)
        (effect,) = unit.effects.staged
        await courier.carry_out(effect)
        await marks.write()
        async with store.unit() as unit:
            events = await unit.inbox.undecided(10)
            assert await unit.effects.pending(courier.name, 0, 10) == []
    return [answer_from_json(event.kind, event.payload) for event in events]


def refusal(code: int, description: str) -> ApiRefused:
    return ApiRefused(code, description, None)


@pytest.mark.parametrize(
    ("request_", "result", "method", "answer"),
    [
        (OPEN, {"message_thread_id": THREAD}, "createForumTopic", [TopicOpened(OPEN, THREAD)]),
        (ON, {"message_id": 9}, "copyMessage", [PassedOn(ON)]),
        (BACK, {"message_id": 9}, "copyMessage", [PassedBack(BACK)]),
        (TELL, {"message_id": 9}, "sendMessage", []),
        (TURN, True, "closeForumTopic", []),
        (RemoveTopic(GROUP, THREAD), True, "deleteForumTopic", []),
    ],
)
async def test_each_is_one_call_and_what_it_brought_is_told(
    path: Path, request_: SupportRequest, result: Any, method: str, answer: list[Any]
) -> None:
    api = FakeApi(result=result)
    assert await answers(path, api, request_) == answer
    assert [each for each, _ in api.asked] == [method]


async def test_copies_name_no_sender_and_go_where_they_should(path: Path) -> None:
    api = FakeApi(result={"message_id": 9})
    await answers(path, api, ON)
    assert api.asked == [
        ("copyMessage", {"chat_id": GROUP, "message_thread_id": THREAD, "from_chat_id": OMAR,
                         "message_id": 55}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (refusal(400, "Bad Request: message thread not found"), Failure.GONE),
        (refusal(400, "Bad Request: TOPIC_ID_INVALID"), Failure.GONE),
        (refusal(400, "Bad Request: TOPIC_DELETED"), Failure.GONE),
        (refusal(400, "Bad Request: message to copy not found"), Failure.NOT_COPIED),
        (refusal(400, "Bad Request: message can't be copied"), Failure.NOT_COPIED),
        (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), Failure.UNREACHABLE),
        (refusal(400, "Bad Request: chat not found"), Failure.UNREACHABLE),
        (refusal(400, "Bad Request: TOPIC_CLOSED"), Failure.UNREACHABLE),
    ],
)
async def test_why_a_message_is_not_in_the_group_is_told(
    path: Path, said: ApiRefused, why: Failure
) -> None:
    assert await answers(path, FakeApi([said]), ON) == [NotPassedOn(ON, why)]


async def test_an_answer_to_somebody_who_blocked_the_bot_is_told_as_such(path: Path) -> None:
    blocked = FakeApi([refusal(403, "Forbidden: bot was blocked by the user")])
    assert await answers(path, blocked, BACK) == [NotPassedBack(BACK, Failure.BLOCKED)]


async def test_a_topic_that_cannot_be_opened_or_told_is_told(path: Path) -> None:
    rights = refusal(400, "Bad Request: not enough rights to create a topic")
    assert await answers(path, FakeApi([rights]), OPEN) == [TopicNotOpened(OPEN)]


async def test_words_for_a_topic_that_is_gone_are_told(path: Path) -> None:
    gone = refusal(400, "Bad Request: message thread not found")
    assert await answers(path, FakeApi([gone]), TELL) == [TopicNotTold(TELL, Failure.GONE)]


@pytest.mark.parametrize("said", ["TOPIC_NOT_MODIFIED", "TOPIC_ID_INVALID"])
async def test_turning_a_topic_that_stands_so_or_is_gone_is_nothing_to_tell(
    path: Path, said: str
) -> None:
    assert await answers(path, FakeApi([refusal(400, f"Bad Request: {said}")]), TURN) == []


@pytest.mark.parametrize(
    "trouble",
    [
        NotSent("no connection"),
        NetworkError("broken in the middle"),
        ApiRefused(429, "Too Many Requests: retry after 3", 3),
    ],
)
async def test_in_trouble_the_same_is_asked_again(path: Path, trouble: Exception) -> None:
    api = FakeApi([trouble, trouble], result={"message_id": 9})
    assert await answers(path, api, ON) == [PassedOn(ON)]
    assert len(api.asked) == 3


async def test_after_five_doubts_or_a_day_without_a_connection_it_counts_as_out_of_reach(
    path: Path,
) -> None:
    doubtful = FakeApi([NetworkError("down")], lasting=True)
    assert await answers(path, doubtful, ON) == [NotPassedOn(ON, Failure.UNREACHABLE)]
    assert len(doubtful.asked) == 5
