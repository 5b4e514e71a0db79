"""A crowd for the demo: synthetic subscribers, known to the sandbox's Telegram and to the bot.

Writing /start two thousand times would take a minute of the allowed rate; so the chats are opened
in the sandbox, and the store is given what those first words would have left there. Every second
one has a line with a plan, for which nobody at the carrier answers.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.domain.line import LineStatus, Msisdn, Reading
from bot.domain.subscriber import Subscriber
from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.telegram.people import Person
from bot.sandbox.world import World
from bot.services.ports import FoundLine
from bot.services.unit import Unit
from storage import migrate
from storage.database import Database
from storage.unit import SqliteStore

FIRST_ID: Final = 500_001
_A_TRANSACTION: Final = 500
_PLANS: Final = ("D1", "M30", "Q90")
_ZONE: Final = "Asia/Shanghai"


def open_chats(world: World, size: int) -> None:
    """So many people have written to the bot once."""
    telegram = world.telegram
    bot = telegram.bots[BOT_TOKEN]
    for number in range(size):
        language = "zh-hans" if number % 2 else "en"
        somebody = Person(FIRST_ID + number, _name(number), language_code=language)
        telegram.add_person(somebody)
        telegram.chat_with(bot, somebody).is_open = True


async def make_known(database: Path, size: int, now: datetime) -> None:
    """The bot knows them, too; whom it knows already stays as they are."""
    migrate.upgrade(database)
    async with Database(database) as opened:
        store = SqliteStore(opened, lambda: now)
        for start in range(0, size, _A_TRANSACTION):
            async with store.unit() as unit:
                for number in range(start, min(start + _A_TRANSACTION, size)):
                    await _make_one_known(unit, number, now)


async def _make_one_known(unit: Unit, number: int, now: datetime) -> None:
    person = FIRST_ID + number
    if await unit.subscribers.find(person) is not None:
        return
    language = "zh_Hans" if number % 2 else "en"
    unit.subscribers.add(Subscriber(person, _name(number), language, language_chosen=False), now)
    if number % 2:
        return
    msisdn = Msisdn(f"+86139{number:08d}")
    found = FoundLine(f"crowd-{number}", msisdn, None, _ZONE, LineStatus.ACTIVE)
    line = await unit.lines.remember(found, now)
    unit.lines.link(line.id, person, now)
    unit.readings.put(
        Reading(
            line_id=line.id,
            as_of=now,
            source="crowd",
            plan_code=_PLANS[number // 2 % len(_PLANS)],
            valid_until=now + timedelta(days=number // 2 % 40 - 5),
            used_today_bytes=None,
            high_speed_cap_bytes=None,
            throttled=None,
            base_rate_kbps=None,
            next_reset_at=None,
            wallet=None,
        ),
        now,
    )


def _name(number: int) -> str:
    return f"小林 {number + 1}" if number % 2 else f"Robin {number + 1}"
