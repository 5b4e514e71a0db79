"""What the carrier answers becomes an event; an order in doubt is looked for, not repeated."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bot.domain.errors import (
    AuthFailed,
    CarrierError,
    OutcomeUnknown,
    OutOfStock,
    RateLimited,
    Unavailable,
)
from bot.sandbox.world import World
from tests.runtime.harness import FakeCarrier, Options, People, eventually, running_bot
from tests.runtime.test_decide import rows

LIN = 1001


async def decided(
    path: Path, url: str, world: World, people: People, words: str, carrier: FakeCarrier
) -> list[str]:
    """What was decided after somebody wrote these words."""
    options = Options(carrier=carrier, carrier_timeout_s=0.1)
    async with running_bot(path, url, options) as bot:
        people.writes(LIN, words)
        await bot.settles(world)
        return bot.parrot.decided[1:]


async def test_a_found_line_is_an_event(path: Path, url: str, world: World, people: People) -> None:
    assert await decided(path, url, world, people, "find", FakeCarrier()) == ["found ref"]
    assert rows(path, "SELECT source, source_id, kind FROM inbox WHERE source = 'carrier'") == [
        ("carrier", "1:0", "line_found")
    ]
    assert rows(path, "SELECT status FROM outbox") == [("done",)]


async def test_a_number_that_the_carrier_does_not_know_is_an_event(
    path: Path, url: str, world: World, people: People
) -> None:
    carrier = FakeCarrier(knows=False)
    answer = await decided(path, url, world, people, "find", carrier)
    assert answer == ["missing +8613800001001"]


@pytest.mark.parametrize("trouble", [Unavailable(), RateLimited(0.1), OutcomeUnknown()])
async def test_a_question_is_asked_again_while_the_carrier_is_in_trouble(
    path: Path, url: str, world: World, people: People, trouble: CarrierError
) -> None:
    carrier = FakeCarrier(trouble=[trouble])
    assert await decided(path, url, world, people, "find", carrier) == ["found ref"]
    assert carrier.asked == ["find_line", "find_line"]


async def test_an_order_that_was_not_taken_is_sent_again(
    path: Path, url: str, world: World, people: People
) -> None:
    carrier = FakeCarrier(trouble=[Unavailable()])
    assert await decided(path, url, world, people, "order o", carrier) == ["ordered o done"]
    assert carrier.orders == {"o": 1}
    assert rows(path, "SELECT attempts FROM outbox") == [(2,)]


@pytest.mark.parametrize("trouble", [OutcomeUnknown(), ValueError("nonsense")])
async def test_an_order_whose_outcome_is_unknown_is_looked_for_and_not_sent_again(
    path: Path, url: str, world: World, people: People, trouble: Exception
) -> None:
    carrier = FakeCarrier(trouble=[trouble], accepts_before_trouble=True)
    answers = await decided(path, url, world, people, "order o", carrier)
    assert answers == ["unknown o", "ordered o done"]
    assert carrier.orders == {"o": 1}


async def test_an_order_without_an_answer_in_time_is_looked_for(
    path: Path, url: str, world: World, people: People
) -> None:
    carrier = FakeCarrier(hangs=True)
    async with running_bot(path, url, Options(carrier=carrier, carrier_timeout_s=0.05)) as bot:
        people.writes(LIN, "order o")
        await eventually(lambda: "unknown o" in bot.parrot.decided)
    assert carrier.asked[0] == "submit"
    assert carrier.asked.count("submit") == 1


async def test_an_order_that_a_crash_left_in_doubt_is_looked_for(
    path: Path, url: str, world: World, people: People
) -> None:
    carrier = FakeCarrier(hangs=True, accepts_before_trouble=True)
    async with running_bot(path, url, Options(carrier=carrier)) as bot:
        people.writes(LIN, "order o")
        await eventually(lambda: carrier.asked == ["submit"])
        bot.running.cancel()
    carrier.hangs = False
    async with running_bot(path, url, Options(carrier=carrier)) as bot:
        await bot.settles(world)
        assert bot.parrot.decided == ["unknown o", "ordered o done"]
    assert carrier.orders == {"o": 1}


@pytest.mark.parametrize(
    ("words", "trouble", "answer"),
    [
        ("find", AuthFailed(), "failed FindLine AuthFailed"),
        ("order o", OutOfStock(), "failed SubmitOrder OutOfStock"),
    ],
)
async def test_a_final_refusal_is_an_event(
    path: Path, url: str, world: World, people: People,
    words: str, trouble: CarrierError, answer: str,
) -> None:  # fmt: skip
    carrier = FakeCarrier(trouble=[trouble])
    assert await decided(path, url, world, people, words, carrier) == [answer]


@pytest.mark.parametrize(
    ("words", "minutes", "answer"),
    [
        ("find", 1, "failed FindLine Unavailable"),
        ("order o", 11, "failed SubmitOrder Unavailable"),
    ],
)
async def test_patience_with_an_unavailable_carrier_ends(
    path: Path, url: str, world: World, people: People, words: str, minutes: int, answer: str
) -> None:
    carrier = FakeCarrier(trouble=[Unavailable() for _ in range(100)])
    async with running_bot(path, url, Options(carrier=carrier)) as bot:
        people.writes(LIN, words)
        await eventually(lambda: len(carrier.asked) == 2)
        assert len(bot.parrot.decided) == 1
        world.clock.shift(advance_s=minutes * 60)
        await bot.settles(world)
        assert bot.parrot.decided[1:] == [answer]


@pytest.mark.parametrize("trouble", [Unavailable(), OutcomeUnknown()])
async def test_a_cancelling_is_asked_for_again_since_it_may_be(
    path: Path, url: str, world: World, people: People, trouble: CarrierError
) -> None:
    carrier = FakeCarrier(trouble=[trouble])
    assert await decided(path, url, world, people, "cancel o", carrier) == ["cancel o cancelled"]
    assert carrier.asked == ["cancel", "cancel"]


async def test_a_slow_carrier_does_not_hold_up_replies(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url, Options(carrier=FakeCarrier(hangs=True))) as bot:
        for _ in range(30):
            people.writes(LIN, "find")
        people.writes(LIN, "hello")
        await eventually(lambda: people.sees(LIN) == ["hello"])
        # The reply is seen a moment before its courier has heard that it arrived.
        await eventually(lambda: bot.runtime.health().pending == 30)


async def test_a_request_that_cannot_be_read_fails_alone(
    path: Path, url: str, world: World, people: People
) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute(
            "INSERT INTO outbox (id, courier, lane, kind, payload, status, attempts, created_at)"
            " VALUES (1, 'carrier', 1, 'find_line', '{}', 'pending', 0, 1)"
        )
    raw.close()
    answers = await decided(path, url, world, people, "find", FakeCarrier())
    assert answers == ["found ref"]
    assert rows(path, "SELECT status FROM outbox ORDER BY id") == [("failed",), ("done",)]
