"""One person is heard so much and no more; the others do not notice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.flood import Bound, Flood, Hearing
from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.world import World
from tests.clocks import StoppedClock
from tests.runtime.harness import Options, People, at_noon, running_bot

LIN, ANA = 1001, 1002
THREE = Options(bound=Bound(at_once=3, per_s=0.001))


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(at_noon())


@pytest.fixture
def flood(clock: StoppedClock) -> Flood:
    return Flood(clock, Bound(at_once=20, per_s=2.0))


def says(flood: Flood, person: int = LIN, kind: str = "message", **content: Any) -> Hearing:
    return flood.judge(kind, {"update_id": 1, kind: {"from": {"id": person}, **content}})


def test_twenty_at_once_are_heard_and_the_next_is_told_once(flood: Flood) -> None:
    heard = [says(flood) for _ in range(23)]
    assert heard[:20] == [Hearing.HEARD] * 20
    assert heard[20:] == [Hearing.SLOW_DOWN, Hearing.PASSED_OVER, Hearing.PASSED_OVER]


def test_then_two_a_second_are_heard(flood: Flood, clock: StoppedClock) -> None:
    for _ in range(20):
        says(flood)
    clock.advance(timedelta(seconds=1))
    heard = [says(flood) for _ in range(3)]
    assert heard == [Hearing.HEARD, Hearing.HEARD, Hearing.SLOW_DOWN]


def test_who_goes_on_is_told_again_after_a_minute(flood: Flood, clock: StoppedClock) -> None:
    told = 0
    for _ in range(1_200):
        told += says(flood) is Hearing.SLOW_DOWN
        clock.advance(timedelta(milliseconds=100))
    assert told == 2


def test_messages_edits_and_presses_count_together(flood: Flood) -> None:
    kinds = ["message", "edited_message", "callback_query"] * 7
    assert [says(flood, kind=kind) for kind in kinds][-1] is Hearing.SLOW_DOWN


def test_nobody_is_passed_over_for_somebody_else(flood: Flood) -> None:
    for _ in range(100):
        says(flood, LIN)
    assert says(flood, ANA) is Hearing.HEARD


def test_payments_are_always_heard_and_use_nothing_up(flood: Flood) -> None:
    for _ in range(100):
        assert says(flood, successful_payment={}) is Hearing.HEARD
        assert says(flood, kind="pre_checkout_query") is Hearing.HEARD
    assert says(flood) is Hearing.HEARD


@pytest.mark.parametrize("step", [timedelta(hours=-2), timedelta(hours=2)])
def test_a_stepped_clock_makes_nobody_wait_longer(
    flood: Flood, clock: StoppedClock, step: timedelta
) -> None:
    for _ in range(30):
        says(flood)
    clock.advance(step)
    says(flood)
    clock.advance(timedelta(seconds=10))
    assert says(flood) is Hearing.HEARD


def sent(clock: StoppedClock, seconds_ago: float) -> int:
    return int(clock.now().timestamp() - seconds_ago)


def test_what_was_written_while_the_bot_was_away_is_no_flood(
    flood: Flood, clock: StoppedClock
) -> None:
    """Forty messages of ten minutes, decided in one breath."""
    dates = [sent(clock, 600 - 15 * number) for number in range(40)]
    assert {says(flood, date=date) for date in dates} == {Hearing.HEARD}


def test_a_flood_of_an_hour_ago_is_one_still(flood: Flood, clock: StoppedClock) -> None:
    heard = [says(flood, date=sent(clock, 3600)) for _ in range(23)]
    assert heard[:20] == [Hearing.HEARD] * 20
    assert Hearing.HEARD not in heard[20:]


def test_who_goes_back_in_time_gains_nothing(flood: Flood, clock: StoppedClock) -> None:
    """Messages count in the order in which they come, whatever their dates."""
    heard = [says(flood, date=sent(clock, 60 * number)) for number in range(30)]
    assert heard.count(Hearing.HEARD) == 20


def test_a_message_from_a_clock_ahead_of_ours_counts_now(flood: Flood, clock: StoppedClock) -> None:
    heard = [says(flood, date=sent(clock, -3600 * number)) for number in range(30)]
    assert heard.count(Hearing.HEARD) == 20


def test_an_edit_counts_when_it_was_made(flood: Flood, clock: StoppedClock) -> None:
    long_ago = sent(clock, 86_400)
    heard = [
        says(flood, kind="edited_message", date=long_ago - number, edit_date=long_ago)
        for number in range(30)
    ]
    assert heard.count(Hearing.HEARD) == 20


def test_a_press_counts_when_it_is_decided_not_when_its_message_was_sent(flood: Flood) -> None:
    heard = [
        says(flood, kind="callback_query", message={"date": 1000 * number}) for number in range(30)
    ]
    assert heard.count(Hearing.HEARD) == 20


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"message": None},
        {"message": {}},
        {"message": {"from": "me"}},
        {"message": {"from": {}}},
    ],
)
def test_what_names_no_sender_is_left_to_the_parser(flood: Flood, update: dict[str, Any]) -> None:
    assert flood.judge("message", update) is Hearing.HEARD


# ── the running bot ───────────────────────────────────────────────────────────────────────────────


async def test_what_is_too_much_is_never_decided_and_answered_once(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url, THREE) as bot:
        for number in range(10):
            people.writes(LIN, f"text {number}")
        people.writes(ANA, "me too")
        await bot.settles(world)
        assert await bot.count("texts") == 4
    assert people.sees(LIN) == ["text 0", "text 1", "text 2", "TooFast"]
    assert people.sees(ANA) == ["me too"]


async def test_a_press_that_is_passed_over_stops_waiting(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url, THREE) as bot:
        for words in ("panel", "1", "2", "3", "4"):
            people.writes(LIN, words)
        await bot.settles(world)
        pressed = await people.presses(LIN, "press")
        assert pressed["toast"] is None
        assert await bot.count("presses") == 0
    assert len(people.requests("answerCallbackQuery")) == 1


async def test_a_payment_is_decided_in_the_middle_of_a_flood(
    path: Path, url: str, world: World, people: People
) -> None:
    query = {
        "id": "1",
        "from": {"id": LIN, "is_bot": False, "first_name": "Lin"},
        "currency": "CNY",
        "total_amount": 19900,
        "invoice_payload": "order",
    }
    async with running_bot(path, url, THREE) as bot:
        for number in range(10):
            people.writes(LIN, f"text {number}")
        await bot.settles(world)
        world.telegram.bots[BOT_TOKEN].updates.put("pre_checkout_query", query)
        await bot.settles(world)
        assert "pre_checkout_query" in bot.parrot.decided
