"""The followed clock runs with real time, and moves when it is moved."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.runtime import clock as clocks
from bot.runtime.clock import ClockUnreachable, FollowedClock, SystemClock
from bot.sandbox.world import World
from tests.runtime.harness import eventually


def seconds_apart(one: datetime, other: datetime) -> float:
    return abs((one - other).total_seconds())


async def test_it_shows_the_time_of_the_clock_it_follows_from_the_beginning(
    url: str, world: World
) -> None:
    world.clock.shift(advance_s=-86_400)
    async with FollowedClock(f"{url}/sandbox/clock") as clock:
        assert seconds_apart(clock.now(), world.clock.now()) < 1


async def test_a_wait_ends_when_the_clock_is_moved_past_its_end(url: str, world: World) -> None:
    async with FollowedClock(f"{url}/sandbox/clock") as clock:
        waiting = asyncio.create_task(clock.until(clock.now() + timedelta(hours=5)))
        world.clock.shift(advance_s=3600)
        await eventually(lambda: seconds_apart(clock.now(), world.clock.now()) < 1)
        assert not waiting.done()
        world.clock.shift(advance_s=5 * 3600)
        await asyncio.wait_for(waiting, 5)


async def test_a_wait_ends_in_its_own_time() -> None:
    clock = SystemClock()
    at = clock.now() + timedelta(milliseconds=20)
    await clock.until(at)
    assert clock.now() >= at


async def test_it_polls_no_more_often_than_the_clock_is_moved(url: str, world: World) -> None:
    waits = 0
    wait_for_jump = world.clock.wait_for_jump

    async def counted(after: int, timeout_s: float) -> None:
        nonlocal waits
        waits += 1
        await wait_for_jump(after, timeout_s)

    world.clock.wait_for_jump = counted  # type: ignore[method-assign]
    async with FollowedClock(f"{url}/sandbox/clock"):
        await asyncio.sleep(0.2)
    assert waits == 1


async def test_a_clock_that_tells_nothing_ends_the_start_instead_of_holding_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clocks, "_FIRST_ANSWER_S", 0.1)
    with pytest.raises(ClockUnreachable, match="CLOCK_URL"):
        async with FollowedClock("http://127.0.0.1:9/clock"):
            pass
