"""How a send failed decides what is done; and a slot's message is kept up to date."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.rate import Limits
from bot.sandbox.telegram import person
from bot.sandbox.world import World
from tests.runtime.harness import Options, People, eventually, running_bot
from tests.runtime.test_decide import rows

LIN, ANA = 1001, 1002


def ends(path: Path) -> list[tuple[str, str, str | None]]:
    """Method, status and error of every effect."""
    return rows(path, "SELECT kind, status, error FROM outbox ORDER BY id")


async def test_a_connection_that_broke_after_the_call_took_effect_means_sent_once_more(
    path: Path, url: str, world: World, people: People
) -> None:
    world.telegram.faults.order({"method": "sendMessage", "times": 1, "drop": "after"})
    async with running_bot(path, url) as bot:
        people.writes(LIN, "once or twice")
        await bot.settles(world)
    assert people.sees(LIN) == ["once or twice"] * 2
    assert ends(path) == [("sendMessage", "done", None)]


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"status": 502}, {"status": 500}])
async def test_a_call_that_may_not_have_taken_effect_is_made_again(
    path: Path, url: str, world: World, people: People, fault: dict[str, Any]
) -> None:
    world.telegram.faults.order({"method": "sendMessage", "times": 1, **fault})
    async with running_bot(path, url) as bot:
        people.writes(LIN, "hello")
        await bot.settles(world)
    assert people.sees(LIN) == ["hello"]


async def test_bulk_in_doubt_is_not_sent_again(
    path: Path, url: str, world: World, people: People
) -> None:
    world.telegram.faults.order(
        {"method": "sendMessage", "chat_id": 2_000_001, "times": 1, "status": 500}
    )
    async with running_bot(path, url) as bot:
        people.writes(LIN, "all 3")
        await bot.settles(world)
    assert len(people.requests("sendMessage", 2_000_001)) == 1
    assert ("sendMessage", "failed", "outcome unknown") in ends(path)


async def test_bulk_whose_attempt_a_crash_left_in_doubt_is_not_sent_again(
    path: Path, url: str, world: World, people: People
) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute(
            "INSERT INTO outbox (id, courier, lane, chat_id, kind, payload, status, attempts,"
            " created_at) VALUES (1, 'telegram', 2, 5, 'sendMessage', '{}', 'pending', 1, 1)"
        )
    raw.close()
    async with running_bot(path, url) as bot:
        await bot.settles(world)
    assert ends(path) == [("sendMessage", "failed", "outcome unknown")]
    assert people.requests("sendMessage") == []


async def test_a_reply_left_by_a_crash_is_sent_after_the_restart(
    path: Path, url: str, world: World, people: People
) -> None:
    people.side(LIN).chat.is_open = True
    with sqlite3.connect(path) as raw:
        raw.execute(
            "INSERT INTO outbox (id, courier, lane, chat_id, kind, payload, status, attempts,"
            f" created_at) VALUES (1, 'telegram', 1, {LIN}, 'sendMessage',"
            f""" '{{"chat_id": {LIN}, "text": "left"}}', 'pending', 0, {time.time_ns() // 1000})"""
        )
    raw.close()
    async with running_bot(path, url) as bot:
        await bot.settles(world)
    assert people.sees(LIN) == ["left"]


async def test_a_429_for_one_chat_is_honoured_and_does_not_stop_the_others(
    path: Path, url: str, world: World, people: People
) -> None:
    refusal = {"status": 429, "retry_after": 30, "times": 1, "chat_id": LIN}
    world.telegram.faults.order({"method": "sendMessage", **refusal})
    async with running_bot(path, url) as bot:
        people.writes(LIN, "later")
        for number in range(5):
            people.writes(ANA, f"now {number}")
        await eventually_sees(people, ANA, [f"now {number}" for number in range(5)])
        assert people.sees(LIN) == []
        assert len(people.requests("sendMessage", LIN)) == 1
        world.clock.shift(advance_s=31)
        await bot.settles(world)
    assert people.sees(LIN) == ["later"]


async def eventually_sees(people: People, user_id: int, words: list[str]) -> None:
    await eventually(lambda: people.sees(user_id) == words)


async def test_messages_of_a_chat_keep_their_order_though_sends_fail_at_random(
    path: Path, url: str, world: World, people: People
) -> None:
    world.telegram.faults.order({"method": "*", "probability": 0.1, "seed": 5, "delay_ms": 20})
    world.telegram.faults.order(
        {"method": "sendMessage", "probability": 0.05, "seed": 3, "status": 429, "retry_after": 1}
    )
    chats = (1001, 1002, 1003, 1004)
    async with running_bot(path, url) as bot:
        for number in range(15):
            for chat_id in chats:
                people.writes(chat_id, f"{number}")
        await bot.settles(world)
    for chat_id in chats:
        assert people.sees(chat_id) == [f"{number}" for number in range(15)]


async def test_who_blocked_the_bot_is_told_to_the_services(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "alarm 60")
        await bot.settles(world)
        person.block(people.side(LIN), blocked=True)
        world.clock.shift(advance_s=61)
        await bot.clock.until(world.clock.now())
        await bot.settles(world)
        await bot.settles(world)
        assert f"blocked {LIN}" in bot.parrot.decided
        assert await bot.count("blocked") == LIN
    assert ends(path)[-1][:2] == ("sendMessage", "failed")


async def test_a_refused_message_is_failed_and_does_not_hold_up_the_next(
    path: Path, url: str, world: World, people: People
) -> None:
    world.telegram.faults.order(
        {"method": "sendMessage", "times": 1, "status": 400, "description": "Bad Request: no"}
    )
    async with running_bot(path, url) as bot:
        people.writes(LIN, "refused")
        people.writes(LIN, "next")
        await bot.settles(world)
    assert people.sees(LIN) == ["next"]
    assert ends(path)[0] == ("sendMessage", "failed", "400 Bad Request: no")


async def test_an_answer_past_its_time_is_not_sent(
    path: Path, url: str, world: World, people: People
) -> None:
    world.telegram.faults.order(
        {"method": "answerCallbackQuery", "times": 1, "status": 429, "retry_after": 60}
    )
    async with running_bot(path, url) as bot:
        people.writes(LIN, "panel")
        await bot.settles(world)
        await person.press(people.side(LIN), "press", None, 0.0)
        await eventually_requested(people, "answerCallbackQuery")
        world.clock.shift(advance_s=61)
        await bot.settles(world)
    assert ("answerCallbackQuery", "failed", "too late") in ends(path)
    assert len(people.requests("answerCallbackQuery")) == 1


async def eventually_requested(people: People, method: str) -> None:
    await eventually(lambda: bool(people.requests(method)))


# ── slots ──


async def test_an_edit_finds_the_message_that_fills_its_slot(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "panel")
        people.writes(LIN, "redraw one")
        await bot.settles(world)
        people.writes(LIN, "redraw two")
        await bot.settles(world)
    assert people.sees(LIN) == ["two"]


async def test_a_slot_is_known_after_a_restart(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "panel")
        await bot.settles(world)
    async with running_bot(path, url) as bot:
        people.writes(LIN, "redraw again")
        await bot.settles(world)
    assert people.sees(LIN) == ["again"]


async def test_an_edit_of_an_empty_slot_sends_and_fills_it(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        for words in ("redraw one", "redraw two"):
            people.writes(LIN, words)
        await bot.settles(world)
    assert people.sees(LIN) == ["two"]
    assert len(people.requests("sendMessage", LIN)) == 1


async def test_an_edit_of_a_message_that_is_gone_sends_a_new_one_into_its_slot(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "panel")
        await bot.settles(world)
        chat = people.side(LIN).chat
        for message_id in [
            m for m, stored in chat.messages.items() if stored.message["from"]["is_bot"]
        ]:
            del chat.messages[message_id]
        for words in ("redraw one", "redraw two"):
            people.writes(LIN, words)
            await bot.settles(world)
    assert people.sees(LIN) == ["two"]


async def test_a_message_that_shows_it_already_is_as_good_as_edited(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        for words in ("panel", "redraw same", "redraw same"):
            people.writes(LIN, words)
        await bot.settles(world)
    assert people.sees(LIN) == ["same"]
    assert {status for _, status, _ in ends(path)} == {"done"}


async def test_a_picture_is_drawn_and_uploaded(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "chart")
        await bot.settles(world)
    assert people.sees(LIN) == ["(picture)"]
    assert world.telegram.violations == []


async def test_a_document_arrives_under_its_name_and_as_what_it_is(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "paper")
        await bot.settles(world)
    (document,) = people.documents(LIN)
    assert document["file_name"] == "paper.pdf"
    assert document["mime_type"] == "application/pdf"


async def test_a_picture_that_cannot_be_drawn_fails_alone(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        bot.parrot.picture = "circle"
        people.writes(LIN, "chart")
        people.writes(LIN, "next")
        await bot.settles(world)
    assert people.sees(LIN) == ["next"]
    assert ends(path)[0] == ("sendPhoto", "failed", "attachment: KeyError")


async def test_more_effects_than_memory_holds_leave_in_order(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url, Options(couriers_hold=3)) as bot:
        for number in range(40):
            people.writes(LIN, f"{number}")
        await bot.settles(world)
    assert people.sees(LIN) == [f"{number}" for number in range(40)]


async def test_an_answer_leaves_at_once_though_a_flooded_chat_fills_the_memory(
    path: Path, url: str, world: World, people: People
) -> None:
    refusal = {"status": 429, "retry_after": 600, "times": 1, "chat_id": LIN}
    async with running_bot(path, url, Options(couriers_hold=3)) as bot:
        people.writes(ANA, "panel")
        await bot.settles(world)
        world.telegram.faults.order({"method": "sendMessage", **refusal})
        for number in range(10):
            people.writes(LIN, f"{number}")
        await eventually(lambda: len(bot.parrot.decided) == 11)
        pressed = await people.presses(ANA, "press")
        assert pressed["toast"] == "pressed"
        world.clock.shift(advance_s=601)
        await bot.settles(world)
    assert people.sees(LIN) == [f"{number}" for number in range(10)]
    assert people.sees(ANA) == ["pressed key"]
    assert len(people.requests("answerCallbackQuery")) == 1


async def test_a_flood_from_one_chat_does_not_keep_another_waiting(
    path: Path, url: str, world: World, people: People
) -> None:
    """A hundred texts of one person wait for their chat's second each; the other is answered."""
    async with running_bot(path, url, Options(limits=Limits())) as bot:
        for number in range(100):
            people.writes(LIN, f"{number}")
        people.writes(ANA, "hello")
        await eventually(lambda: people.sees(ANA) == ["hello"])
        said = people.sees(LIN)
        assert said == [f"{number}" for number in range(len(said))]
        assert bot.runtime.health().pending == 100 - len(said) > 50


async def test_everybody_in_an_announcement_is_told_once(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "all 300")
        people.writes(ANA, "hello")
        await bot.settles(world)
        people.writes(LIN, "all 5")
        await bot.settles(world)
    told = [request["parameters"]["chat_id"] for request in people.requests("sendMessage")]
    assert len([chat_id for chat_id in told if chat_id >= 2_000_000]) == 305
    assert people.sees(ANA) == ["hello"]
