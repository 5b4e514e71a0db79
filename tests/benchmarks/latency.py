"""How long people wait: on loopback, over a round trip of 50 ms, and beside somebody who floods;
and how many updates a second go through over a round trip of 100 ms."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.contender import our_bot, output_of, running
from tests.benchmarks.people import CHOOSING, RENEWAL, UPDATES_PER_CHOICE, Crowd
from tests.benchmarks.population import fill, subscriber_of
from tests.benchmarks.telegram import BenchTelegram

FAR_S: Final = 0.1
NEAR_S: Final = 0.05
UPDATES_PER_S: Final = 200.0
FLOOD_PER_S: Final = 50.0
_FLOODER: Final = 1
_PEOPLE: Final = 4_000
_AT_ONCE: Final = 400
"""Each is slowed down by the limit of its own chat, so it takes many to keep a bot busy."""
_TIMED: Final = ("-m", "tests.benchmarks.contenders.timed_bot")


@dataclass(frozen=True, slots=True)
class Waits:
    """In seconds: press to the end of the button's waiting, update to screen, and each decision."""

    answers: Sequence[float]
    screens: Sequence[float]
    decisions: Sequence[float]


async def on_loopback(folder: Path, talks: int) -> Waits:
    """Two people at a time, nothing else to do."""
    telegram, crowd = _crowd(RENEWAL)
    program, settings = our_bot(_people_in(folder, "loopback"))
    async with running(telegram, program, settings=settings):
        await crowd.talks(talks, at_once=2)
    return Waits(crowd.answers, crowd.seconds, ())


async def under_load(folder: Path, seconds: float, *, flooded: bool) -> Waits:
    """200 updates a second over 50 ms; ``flooded``: one more chat sends 50 a second, and what it
    has to wait is not counted."""
    telegram, crowd = _crowd(CHOOSING)
    _, settings = our_bot(_people_in(folder, f"load-{flooded}"))
    async with running(telegram, _TIMED, NEAR_S, settings) as contender:
        flood = asyncio.create_task(_flood(crowd)) if flooded else None
        await crowd.arrive(UPDATES_PER_S / UPDATES_PER_CHOICE, seconds)
        await asyncio.sleep(1.0)
        if flood is not None:
            flood.cancel()
    decisions: list[float] = json.loads(await output_of(contender))
    return Waits(crowd.answers, crowd.seconds, decisions)


async def throughput(folder: Path, seconds: float) -> float:
    """Our answered updates a second over 100 ms, with many people at once."""
    telegram, crowd = _crowd(RENEWAL)
    program, settings = our_bot(_people_in(folder, "far"))
    async with running(telegram, program, FAR_S, settings):
        return await _answered_per_s(crowd, seconds, _AT_ONCE)


async def throughput_of_echo(name: str, seconds: float) -> float:
    telegram = BenchTelegram()
    crowd = Crowd(telegram, map(subscriber_of, itertools.count(1)), ())
    async with running(telegram, ("-m", f"tests.benchmarks.contenders.{name}"), FAR_S):
        return await _answered_per_s(crowd, seconds, _AT_ONCE)


async def _answered_per_s(crowd: Crowd, seconds: float, at_once: int) -> float:
    begun = time.monotonic()
    await crowd.talks_for(seconds, at_once)
    return crowd.answered / (time.monotonic() - begun)


async def _flood(crowd: Crowd) -> None:
    while True:
        crowd.write(subscriber_of(_FLOODER))
        await asyncio.sleep(1 / FLOOD_PER_S)


def _crowd(buttons: Sequence[str]) -> tuple[BenchTelegram, Crowd]:
    telegram = BenchTelegram()
    return telegram, Crowd(telegram, map(subscriber_of, itertools.count(_FLOODER + 1)), buttons)


def _people_in(folder: Path, name: str) -> Path:
    database = folder / f"{name}.db"
    fill(database, _PEOPLE)
    return database
