"""One event, one transaction; what fails is told and buried."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.world import World
from bot.services.events import NewEvent, RuntimeUnit, Store, StoreFailed
from storage.database import Database
from storage.unit import SqliteStore
from tests.runtime.harness import Options, People, at_noon, eventually, running_bot

LIN, ANA = 1001, 1002


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path) as raw:
        found = raw.execute(sql).fetchall()
    raw.close()
    return found


async def test_a_message_is_answered(path: Path, url: str, world: World, people: People) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "hello there")
        await bot.settles(world)
    assert people.sees(LIN) == ["hello there"]
    assert world.telegram.violations == []


@pytest.mark.careless
async def test_what_a_failed_decision_wrote_and_staged_is_gone(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "boom")
        await bot.settles(world)
        assert await bot.count("texts") == 0
    assert not any("never said" in words for words in people.sees(LIN))


@pytest.mark.careless
async def test_a_failed_decision_is_apologised_for_with_the_reference_of_its_dead_letter(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "boom")
        await bot.settles(world)
    [(reference, error)] = rows(path, "SELECT reference, error FROM dead_letters")
    assert people.sees(LIN) == [f"sorry {reference}"]
    assert "ValueError: boom" in error


@pytest.mark.careless
async def test_a_dead_letter_holds_no_token(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "boom")
        await bot.settles(world)
    [(error,)] = rows(path, "SELECT error FROM dead_letters")
    assert "1000000:SANDBOX" not in error
    assert "[token]" in error


async def test_a_refusal_is_told_and_is_no_dead_letter(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "refuse")
        await bot.settles(world)
    assert people.sees(LIN) == ["UnknownPlan"]
    assert rows(path, "SELECT * FROM dead_letters") == []


@pytest.mark.careless
async def test_an_event_whose_apology_fails_too_is_buried_and_the_next_is_decided(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        bot.parrot.apology_fails = True
        people.writes(LIN, "boom")
        people.writes(LIN, "still there?")
        await bot.settles(world)
    assert people.sees(LIN) == ["still there?"]
    [(error,)] = rows(path, "SELECT error FROM dead_letters")
    assert "no apology either" in error
    assert "ValueError: boom" in error


async def test_an_update_that_cannot_be_parsed_is_buried_and_the_next_is_decided(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        account = world.telegram.bots[BOT_TOKEN]
        account.updates.put("message", {"message_id": "what", "chat": 7})
        people.writes(LIN, "next")
        await bot.settles(world)
    assert people.sees(LIN) == ["next"]
    assert [kind for (kind,) in rows(path, "SELECT kind FROM dead_letters")] == ["message"]


async def test_a_conversation_survives_a_restart(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "/start")
        await bot.settles(world)
    async with running_bot(path, url) as bot:
        people.writes(LIN, "Xiao")
        await bot.settles(world)
        people.writes(LIN, "and now")
        await bot.settles(world)
    assert people.sees(LIN) == ["name?", "hello Xiao", "and now"]


@pytest.mark.careless
async def test_a_conversation_stays_where_it_is_when_the_dialogue_fails(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        for words in ("/start", "boom", "Xiao"):
            people.writes(LIN, words)
        await bot.settles(world)
        assert await bot.count("greetings") == 1
    assert people.sees(LIN)[-1] == "hello Xiao"


async def test_a_conversation_goes_back_when_something_after_it_fails(
    path: Path, url: str, world: World, people: People
) -> None:
    """The dialogue has ended the conversation in memory when the second group raises."""
    async with running_bot(path, url) as bot:
        for words in ("/start", "trouble later"):
            people.writes(LIN, words)
        await bot.settles(world)
        people.writes(LIN, "Xiao")
        await bot.settles(world)
    assert people.sees(LIN)[-1] == "hello Xiao"


async def test_pre_checkout_is_decided_ahead_of_a_hundred_waiting_updates(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "slow")
        await eventually(lambda: "slow" in bot.parrot.decided)
        for number in range(100):
            people.writes(ANA, f"text {number}")
        query = {
            "id": "1",
            "from": {"id": ANA, "is_bot": False, "first_name": "Ana"},
            "currency": "CNY",
            "total_amount": 19900,
            "invoice_payload": "order",
        }
        world.telegram.bots[BOT_TOKEN].updates.put("pre_checkout_query", query)
        await bot.settles(world)
        place = bot.parrot.decided.index("pre_checkout_query")
    assert place <= 5, "it came with the second poll, the first brought a hundred others"


async def test_updates_are_decided_once_and_in_order_when_more_wait_than_memory_holds(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url, Options(most_in_memory=7)) as bot:
        people.writes(LIN, "slow")
        for number in range(60):
            people.writes(ANA, f"text {number}")
        await bot.settles(world)
        assert bot.parrot.decided == ["slow", *(f"text {number}" for number in range(60))]
        assert await bot.count("texts") == 61


async def test_what_was_left_undecided_is_decided_after_a_restart_before_anything_else(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "first")
        await bot.settles(world)
    update = {
        "update_id": 5,
        "message": {
            "message_id": 900,
            "date": 1,
            "text": "left over",
            "chat": {"id": LIN, "type": "private", "first_name": "Lin"},
            "from": {"id": LIN, "is_bot": False, "first_name": "Lin"},
        },
    }
    async with Database(path) as database, SqliteStore(database, at_noon).unit() as unit:
        event = NewEvent("telegram", "5", "message", json.dumps(update))
        await unit.inbox.add([event], at_noon())
    people.writes(LIN, "after")
    async with running_bot(path, url) as bot:
        await bot.settles(world)
    assert people.sees(LIN) == ["first", "left over", "after"]


async def test_a_button_press_edits_its_message_and_is_answered(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "panel")
        await bot.settles(world)
        pressed = await people.presses(LIN, "press")
        await bot.settles(world)
    assert pressed["toast"] == "pressed"
    assert people.sees(LIN) == ["pressed key"]


@pytest.mark.parametrize("answers", [True, False])
async def test_an_event_without_a_route_is_buried(
    path: Path, url: str, world: World, people: People, answers: bool
) -> None:
    async with running_bot(path, url) as bot:
        async with bot.store.unit() as unit:
            source = "carrier" if answers else "timer"
            stored = await unit.inbox.add([NewEvent(source, "1", "unheard_of", "{}")], at_noon())
        bot.undecided.offer(stored)
        await bot.settles(world)
    assert rows(path, "SELECT kind FROM dead_letters") == [("unheard_of",)]


class PoisonedStore:
    """Fails whenever an event is decided that counts ``texts``, as a value that cannot be bound."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[RuntimeUnit]:
        async with self._store.unit() as unit:
            yield unit
            if await unit.counters.get("texts"):
                raise StoreFailed("type is not supported")


async def test_an_event_at_which_the_store_fails_twice_is_buried_and_the_next_is_decided(
    path: Path, url: str, world: World, people: People
) -> None:
    people.writes(LIN, "poison")
    for _ in range(2):
        async with running_bot(path, url, Options(wrap_store=PoisonedStore)) as bot:
            with pytest.raises(StoreFailed):
                await bot.settles(world)
    people.writes(LIN, "/start")
    async with running_bot(path, url, Options(wrap_store=PoisonedStore)) as bot:
        await bot.settles(world)
    assert people.sees(LIN) == ["name?"]
    [(payload,)] = rows(path, "SELECT payload FROM dead_letters")
    assert "poison" in payload
