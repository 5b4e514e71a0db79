"""The bot dies at any call, amid everything that Telegram answers: by the sandbox's own journal
nobody is missed, and nobody gets the announcement twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.announcement import Announcement, AnnouncementStatus
from bot.runtime.announcement_room import Bounds
from bot.sandbox.world import World
from tests.runtime.announcing import begins, crowd, known, seen, statuses
from tests.runtime.harness import Bot, Options, eventually, running_bot
from tests.runtime.test_crashes import Crash, api_that_dies

SIZE = 24
WITHIN = Bounds(in_hand=4, page=1)
CALLS = 34
"""How many calls a run makes at most: one a reader, one more after each 429, and each time that
something was in doubt whether Telegram answers."""
ENDS: dict[int, tuple[str, dict[str, Any]]] = {
    2: ("blocked", {"status": 403, "description": "Forbidden: bot was blocked by the user"}),
    5: ("uncertain", {"drop": "after"}),
    7: ("deactivated", {"status": 403, "description": "Forbidden: user is deactivated"}),
    9: ("uncertain", {"drop": "before"}),
    11: ("sent", {"status": 429, "retry_after": 1}),
    13: ("failed", {"status": 400, "description": "Bad Request: something else"}),
    15: ("not_found", {"status": 400, "description": "Bad Request: chat not found"}),
    17: ("uncertain", {"status": 502}),
    20: ("sent", {"status": 429, "retry_after": 1}),
}
"""What is in store for some readers, by their place, and as what it ends; the others get it."""


def troubled(world: World, chats: list[int]) -> None:
    for place, (_, trouble) in ENDS.items():
        order = {"method": "sendMessage", "times": 1, "chat_id": chats[place], **trouble}
        world.telegram.faults.order(order)


def hurried(world: World) -> None:
    """Nobody waits out what a 429 asked for."""
    so_far = [each for each in tries(world) if each["status"] == 429]
    if len(so_far) > world.clock.version:
        world.clock.shift(advance_s=2)


def tries(world: World, chat_id: int | None = None) -> list[dict[str, Any]]:
    return world.telegram.journal.entries("sendMessage", chat_id)


def arrived(entry: dict[str, Any]) -> bool:
    return bool(entry["status"] == 200 or entry.get("dropped") == "after")


async def ends(bot: Bot, world: World, announcement: Announcement) -> bool:
    """Until it is through; False when the bot died before."""

    def has_ended() -> bool:
        hurried(world)
        return bot.running.done() or announcement.id in bot.told.ends

    await eventually(has_ended)
    return not bot.running.done()


def expected(place: int) -> str:
    return ENDS[place][0] if place in ENDS else "sent"


def arrives(place: int) -> bool:
    """In doubt, too, when only the answer was lost."""
    return expected(place) == "sent" or ENDS[place][1].get("drop") == "after"


async def test_undisturbed_each_ends_as_telegram_said_within_the_calls_that_crashes_are_tried_at(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, SIZE)
    troubled(world, chats)
    async with running_bot(path, url, Options(announced_within=WITHIN)) as bot:
        announcement = await known(bot, chats)
        await begins(bot, announcement)
        assert await ends(bot, world, announcement)
        found = await statuses(bot.store, announcement)
    assert [found[chat_id] for chat_id in chats] == [expected(place) for place in range(SIZE)]
    calls = [each for each in world.telegram.journal.entries() if each["method"] != "getUpdates"]
    assert len(calls) <= CALLS


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("k", range(1, CALLS + 1))
async def test_a_crash_at_any_call_misses_and_doubles_nobody(
    path: Path, url: str, world: World, k: int, after: bool
) -> None:
    chats = crowd(world, SIZE)
    troubled(world, chats)
    dying = Options(api=api_that_dies(k, after=after), announced_within=WITHIN)
    async with running_bot(path, url, dying) as bot:
        announcement = await known(bot, chats)
        await begins(bot, announcement)
        if not await ends(bot, world, announcement):
            with pytest.raises(Crash):
                await bot.running
    async with running_bot(path, url, Options(announced_within=WITHIN)) as bot:
        if (await seen(bot.store, announcement)).status is not AnnouncementStatus.DONE:
            assert await ends(bot, world, announcement)
        found = await statuses(bot.store, announcement)
    burnt = 0
    for place, chat_id in enumerate(chats):
        asked = [each for each in tries(world, chat_id) if each["status"] != 429]
        assert len(asked) <= 1
        if found[chat_id] == "uncertain" and (expected(place) != "uncertain" or not asked):
            burnt += 1
        else:
            assert found[chat_id] == expected(place)
            assert len(asked) == 1
            assert sum(map(arrived, asked)) == (
                found[chat_id] == "sent" or ENDS[place][1].get("drop") == "after"
            )
    assert burnt <= WITHIN.in_hand
