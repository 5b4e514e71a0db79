"""One moment of the storm each, brought about on purpose: the one that its safeguard is there for.

With the safeguard in place everything adds up afterwards; without it, it does not.
"""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from tests.storm import books
from tests.storm.aftermath import look_around, reconcile_once, until_quiet
from tests.storm.audit import findings
from tests.storm.chat import invoice, text_with
from tests.storm.people import Person
from tests.storm.process import WHOLE_BOT
from tests.storm.renewals import WELCOME, Method, Purse, Renewals, Twist
from tests.storm.waiting import until
from tests.storm.world import StormWorld, storm_world

ANSWER_WITHIN_S: Final = 15.0
NEIGHBOUR_FOR_S: Final = 2.0
QUIET_WITHIN_S: Final = 10.0

Purses = dict[Person, Purse]
Scenario = Callable[[StormWorld], Awaitable[Purses]]
"""Plays with a bot that listens, and leaves it listening; what people know to have paid."""


async def play(
    folder: Path, scenario: Scenario, program: Sequence[str] = WHOLE_BOT
) -> dict[str, int]:
    """Plays one scenario, without faults; what it found, each to be zero."""
    async with storm_world(folder, 2, program) as world:
        await world.start_bot()
        purses = await scenario(world)
        await until_quiet(world, QUIET_WITHIN_S)
        outside = await look_around(world, purses)
    return findings(outside, books.read(world.database))


async def notice_comes_twice(world: StormWorld) -> Purses:
    person = world.people[0]
    renewals = _renewals(world, person)
    await renewals.renew("Monthly", Method.INVOICE, Twist.DOUBLED_NOTICE)
    return {person: renewals.purse}


async def killed_at_the_acknowledgement(world: StormWorld) -> Purses:
    """Telegram has just been told that the update need not be kept: now only the bot has it."""
    person = world.people[0]
    await world.chat(person).sends("/start")
    await until(lambda: not world.account.updates.pending(), every_s=0.01, within_s=60)
    await world.bot.kill()
    await world.start_bot()
    return {person: Purse()}


async def killed_while_sending(world: StormWorld) -> Purses:
    """The invoice stands in the chat, and the bot is dead before it can do anything else."""
    person = world.people[0]
    chat = world.chat(person)
    renewals = _renewals(world, person)
    checkout = await renewals.come_to_pay("Monthly", Method.INVOICE)
    await chat.presses(checkout.key)
    await until(lambda: _has_invoice(world, person), every_s=0.01, within_s=60)
    await world.bot.kill()
    await world.start_bot()
    return {person: renewals.purse}


async def update_ids_begin_anew(world: StormWorld) -> Purses:
    """As Telegram's do after a week without updates."""
    person = world.people[0]
    chat = world.chat(person)
    await chat.waits_for(text_with(WELCOME), await chat.sends("/start"), ANSWER_WITHIN_S)
    await until(lambda: not world.account.updates.pending())
    world.begin_update_ids_at(1_000)
    await chat.waits_for(text_with(WELCOME), await chat.sends("/start"), ANSWER_WITHIN_S)
    return {person: Purse()}


async def stranger_presses_pay(world: StormWorld) -> Purses:
    person, stranger = world.people[:2]
    elsewhere = world.chat(stranger)
    await elsewhere.waits_for(text_with(WELCOME), await elsewhere.sends("/start"), ANSWER_WITHIN_S)
    renewals = _renewals(world, person)
    checkout = await renewals.come_to_pay("Monthly", Method.WALLET)
    await world.meddle(stranger, checkout.key.data)
    await world.chat(person).sends("/cancel")
    return {person: renewals.purse, stranger: Purse()}


async def neighbour_writes(world: StormWorld) -> Purses:
    """Somebody has the database open beside the bot, and writes to it again and again."""
    neighbour = asyncio.create_task(asyncio.to_thread(_write_often, world.database))
    while not neighbour.done():
        for person in world.people:
            await world.chat(person).sends("/help")
        await asyncio.sleep(0.1)
    await neighbour
    return {person: Purse() for person in world.people}


async def nobody_tells_of_stars(world: StormWorld) -> Purses:
    """They are charged, and the bot starts once more: it reconciles then."""
    person = world.people[0]
    renewals = _renewals(world, person)
    await renewals.renew("Monthly", Method.STARS, Twist.LOST_NOTICE)
    await reconcile_once(world)
    return {person: renewals.purse}


SCENARIOS: Final[dict[str, Scenario]] = {
    "charge-key": notice_comes_twice,
    "commit-before-acknowledging": killed_at_the_acknowledgement,
    "send-after-commit": killed_while_sending,
    "offset-of-the-last-received": update_ids_begin_anew,
    "ownership": stranger_presses_pay,
    "immediate-begin": neighbour_writes,
    "list-of-stars": nobody_tells_of_stars,
}
"""By the safeguard that each is about."""


def _renewals(world: StormWorld, person: Person) -> Renewals:
    async def nobody(_: str) -> None:
        return

    return Renewals(world.chat(person), nobody)


def _has_invoice(world: StormWorld, person: Person) -> bool:
    account, telegram = world.account, world.sandbox.telegram
    chat = telegram.chat_with(account, telegram.people[person.id])
    return invoice([stored.message for stored in chat.newest_first()]) is not None


def _write_often(database: Path) -> None:
    """Short transactions of a program that has nothing to do with the bot."""
    connection = sqlite3.connect(database, isolation_level=None, timeout=10)
    ends_at = time.monotonic() + NEIGHBOUR_FOR_S
    try:
        for number in itertools.count():
            connection.execute(f"PRAGMA user_version = {number % 1000}")
            if time.monotonic() > ends_at:
                return
    finally:
        connection.close()
