"""A crowd in the sandbox and in the store, and an announcement to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from bot.domain.announcement import (
    Announcement,
    AnnouncementStatus,
    Content,
    Pass,
    Version,
)
from bot.domain.preferences import Preferences
from bot.domain.subscriber import Subscriber
from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.telegram.people import Person
from bot.sandbox.world import World
from bot.services.events import Store
from tests.runtime.harness import Bot

FIRST = 50_001
WORDS = "New plans"


def crowd(world: World, size: int) -> list[int]:
    """So many people who have all written to the bot once; their ids."""
    telegram = world.telegram
    chats = list(range(FIRST, FIRST + size))
    for chat_id in chats:
        somebody = Person(chat_id, f"P{chat_id}", language_code="en")
        telegram.add_person(somebody)
        telegram.chat_with(telegram.bots[BOT_TOKEN], somebody).is_open = True
    return chats


async def known(bot: Bot, chats: list[int], chinese: Collection[int] = ()) -> Announcement:
    """The crowd as subscribers, who never sleep: the sandbox's clock shows whatever time it is; and
    an announcement to all of them that is not begun. With ``chinese`` ones, in two languages."""
    async with bot.store.unit() as unit:
        for chat_id in chats:
            language = "zh_Hans" if chat_id in chinese else "en"
            unit.subscribers.add(
                Subscriber(chat_id, f"P{chat_id}", language, language_chosen=False),
                bot.clock.now(),
            )
            unit.preferences.save(Preferences(chat_id, quiet=None))
        draft = await unit.announcements.add(9001, bot.clock.now())
        unit.announcements.put_version(draft.id, Version("en", Content.TEXT, WORDS))
        if chinese:
            unit.announcements.put_version(draft.id, Version("zh_Hans", Content.TEXT, WORDS))
    return draft


async def begins(bot: Bot, announcement: Announcement, doing: Pass = Pass.SEND) -> None:
    """Begins the pass, as an operator does, and wakes those who wait for its timers."""
    async with bot.store.unit() as unit:
        present = await unit.announcements.get(announcement.id)
        assert present is not None
        await bot.run_announcement.plan(unit, present, doing, [present.status])
    bot.timers.look_again()


async def seen(store: Store, announcement: Announcement) -> Announcement:
    async with store.unit() as unit:
        present = await unit.announcements.get(announcement.id)
    assert present is not None
    return present


async def statuses(store: Store, announcement: Announcement) -> dict[int, str]:
    """Of each recipient; the tallies must say the same."""
    async with store.unit() as unit:
        rows = await unit.deliveries.report(announcement.id, 0, 100_000)
        tallies = await unit.deliveries.tallies(announcement.id)
    of_each = {each.chat_id: str(each.afterwards or each.status) for each in rows}
    counted = Counter(str(each.status) for each in rows)
    counted += Counter(str(each.afterwards) for each in rows if each.afterwards)
    assert tallies == dict(counted), (tallies, counted)
    return of_each


def received(world: World, chats: list[int], words: str = WORDS) -> dict[int, int]:
    """How often each of them has the words in the chat."""
    telegram = world.telegram
    counts = {}
    for chat_id in chats:
        chat = telegram.chat_with(telegram.bots[BOT_TOKEN], telegram.people[chat_id])
        texts = [stored.message.get("text") for stored in chat.messages.values()]
        counts[chat_id] = texts.count(words)
    return counts


async def becomes(bot: Bot, announcement: Announcement, status: AnnouncementStatus) -> Announcement:
    """Writes the status that an operator's press would."""
    async with bot.store.unit() as unit:
        present = await unit.announcements.get(announcement.id)
        assert present is not None
        assert await unit.announcements.move(replace(present, status=status), [present.status])
    return present
