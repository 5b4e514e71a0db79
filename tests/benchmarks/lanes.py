"""An announcement against Telegram's limit of 30 a second, alone and beside people who are
answered. The window is strict: what comes too early is refused, as Telegram would."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.contender import our_bot, running
from tests.benchmarks.people import Crowd
from tests.benchmarks.population import announce, fill, subscriber_of
from tests.benchmarks.telegram import BenchTelegram, StrictWindow

ALLOWED_PER_S: Final = 30
REPLIES_PER_S: Final = 10.0
_PEOPLE: Final = 1_000
_SETTLES_IN_S: Final = 2.0
_PAUSE_S: Final = 3.0
_ON_THE_WAY_S: Final = 0.1
"""What was on its way when a pause began is not counted as sent into it."""


@dataclass(frozen=True, slots=True)
class Sent:
    per_s: float
    refused: int
    """With 429, and nobody's fault but ours."""
    waits: Sequence[float]
    """In seconds, from somebody's message to the answer."""
    first_waits: Sequence[float]
    """Of those who wrote in the first two seconds of the process, before a call had stopped to
    count: what begins at full speed then has to wait for the window to open."""


async def flow(folder: Path, seconds: float, *, recipients: int, replies: bool) -> Sent:
    """What leaves in so many seconds, once the first two are over."""
    window = StrictWindow(ALLOWED_PER_S)
    telegram = BenchTelegram(window)
    crowd = Crowd(telegram, map(subscriber_of, itertools.count(1)), ())
    program, settings = our_bot(_announced(folder, recipients), SEND_RATE_PER_S="29.7")
    async with running(telegram, program, settings=settings):
        talking = asyncio.create_task(_talk(crowd, seconds)) if replies else None
        await asyncio.sleep(_SETTLES_IN_S)
        begun, early = time.monotonic(), len(crowd.seconds)
        await asyncio.sleep(seconds)
        ended = time.monotonic()
        if talking is not None:
            await talking
    sent = sum(begun <= at < ended for at in window.allowed)
    waits = crowd.seconds
    return Sent(sent / (ended - begun), window.refused, waits[early:], waits[:early])


async def sent_into_a_pause(folder: Path) -> int:
    """How many calls come while Telegram wants none, after the ones that were told so."""
    window = StrictWindow(ALLOWED_PER_S)
    telegram = BenchTelegram(window)
    program, settings = our_bot(_announced(folder, 500), SEND_RATE_PER_S="29.7")
    async with running(telegram, program, settings=settings):
        await asyncio.sleep(_SETTLES_IN_S)
        window.pause_until = time.monotonic() + _PAUSE_S
        while window.refused_in_pause < _TOLD:  # noqa: ASYNC110 - it comes 30 times a second
            await asyncio.sleep(0.005)
        await asyncio.sleep(_ON_THE_WAY_S)
        told = window.refused_in_pause
        await asyncio.sleep(_PAUSE_S)
        return window.refused_in_pause - told


_TOLD: Final = 2
"""Refused chats within a second by which a bot can know that the pause is for all."""


async def _talk(crowd: Crowd, seconds: float) -> None:
    await crowd.arrive(REPLIES_PER_S, _SETTLES_IN_S + seconds)
    await asyncio.sleep(1.0)


def _announced(folder: Path, recipients: int) -> Path:
    database = folder / f"lanes-{next(_counter)}.db"
    fill(database, _PEOPLE)
    announce(database, recipients)
    return database


_counter: Final = itertools.count()
