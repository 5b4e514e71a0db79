"""Timers become events when they are due, also those that came due while nobody ran."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.world import World
from tests.runtime.harness import People, running_bot

LIN, ANA = 1001, 1002


async def test_a_timer_rings_when_the_clock_reaches_it_and_not_before(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "alarm 3600")
        await bot.settles(world)
        world.clock.shift(advance_s=3500)
        await bot.clock.until(world.clock.now())
        await bot.settles(world)
        assert people.sees(LIN) == []
        world.clock.shift(advance_s=101)
        await bot.clock.until(world.clock.now())
        await bot.settles(world)
    assert people.sees(LIN) == ["ring"]


async def test_an_earlier_timer_set_later_rings_first(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "alarm 3600")
        await bot.settles(world)
        people.writes(ANA, "alarm 60")
        await bot.settles(world)
        world.clock.shift(advance_s=61)
        await bot.clock.until(world.clock.now())
        await bot.settles(world)
    assert (people.sees(LIN), people.sees(ANA)) == ([], ["ring"])


async def test_a_timer_that_came_due_while_nobody_ran_rings_once_after_the_start(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "alarm 3600")
        await bot.settles(world)
    world.clock.shift(advance_s=10_000)
    for _ in range(2):
        async with running_bot(path, url) as bot:
            await bot.settles(world)
    assert people.sees(LIN) == ["ring"]


async def test_a_timer_moved_later_rings_once_at_its_new_time(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "alarm 60")
        people.writes(LIN, "alarm 600")
        await bot.settles(world)
        for step in (61, 600):
            world.clock.shift(advance_s=step)
            await bot.clock.until(world.clock.now())
            await bot.settles(world)
            assert len(people.sees(LIN)) == (step == 600)
