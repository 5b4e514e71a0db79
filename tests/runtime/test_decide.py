"""One event, one transaction; what fails is told and buried."""

from __future__ import annotations

from pathlib import Path

from bot.sandbox.world import World
from tests.runtime.harness import People, running_bot

LIN = 1001


async def test_a_message_is_answered(path: Path, url: str, world: World, people: People) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "hello there")
        await bot.settles(world)
        assert people.sees(LIN) == ["hello there"]
        assert world.telegram.violations == []
