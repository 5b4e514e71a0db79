"""A graceful stop is quick and loses nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from bot.sandbox.world import World
from bot.services.events import StoreFailed
from tests.runtime.harness import FakeCarrier, Options, People, eventually, running_bot
from tests.runtime.test_crashes import CrashingStore
from tests.runtime.test_decide import rows

LIN = 1001


async def test_sigterm_lets_the_message_on_its_way_arrive_and_be_noted(
    path: Path, url: str, world: World, people: People
) -> None:
    world.telegram.faults.order({"method": "sendMessage", "times": 1, "delay_ms": 150})
    async with running_bot(path, url) as bot:
        bot.runtime.stop_on_signals()
        people.writes(LIN, "on its way")
        await eventually(lambda: bool(bot.parrot.decided))
        await asyncio.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(bot.running, 3)
    assert people.sees(LIN) == ["on its way"]
    assert rows(path, "SELECT status FROM outbox") == [("done",)]


async def test_a_stop_finishes_the_present_decision_and_leaves_the_others_for_the_next_start(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "slow")
        people.writes(LIN, "next")
        await eventually(lambda: bot.parrot.decided == ["slow"])
        bot.runtime.stop()
        await asyncio.wait_for(bot.running, 3)
        assert bot.parrot.decided == ["slow"]
        assert await bot.count("texts") == 1
    async with running_bot(path, url) as bot:
        await bot.settles(world)
    assert people.sees(LIN) == ["slow", "next"]


async def test_a_stop_does_not_wait_for_a_carrier_that_hangs(
    path: Path, url: str, world: World, people: People
) -> None:
    carrier = FakeCarrier(hangs=True)
    async with running_bot(path, url, Options(carrier=carrier)) as bot:
        people.writes(LIN, "order o")
        await eventually(lambda: carrier.asked == ["submit"])
        began = time.monotonic()
        bot.runtime.stop()
        await asyncio.wait_for(bot.running, 5)
    assert time.monotonic() - began < 4.5


async def test_a_stop_while_telegram_cannot_be_reached_is_quick(path: Path, url: str) -> None:
    async with running_bot(path, url, Options(telegram_url="http://127.0.0.1:9")) as bot:
        await asyncio.sleep(0.05)
        bot.runtime.stop()
        await asyncio.wait_for(bot.running, 1)


async def test_a_failing_store_ends_the_bot_and_says_why(
    path: Path, url: str, world: World, people: People
) -> None:
    options = Options(wrap_store=lambda store: CrashingStore(store, 8, after=False))
    async with running_bot(path, url, options) as bot:
        for words in "abc":
            people.writes(LIN, words)
        with pytest.raises(StoreFailed):
            await bot.settles(world)
        assert bot.runtime.health().fatal == "the process is gone"
