"""An announcement reaches everybody once, whatever Telegram answers and whoever stops the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain.announcement import Announcement, AnnouncementStatus, Content, Pass, Version
from bot.domain.errors import AnnouncementMoved
from bot.runtime.announcement_room import bounds_for
from bot.runtime.announcement_trial import MOST_DOUBTS, TRIES
from bot.runtime.bot_api import BotApi
from bot.runtime.http import File, NotSent
from bot.sandbox.world import World
from bot.services.events import StoreFailed
from tests.runtime.announcing import (
    FIRST,
    becomes,
    begins,
    crowd,
    known,
    received,
    seen,
    statuses,
)
from tests.runtime.harness import Bot, Options, People, eventually, running_bot
from tests.runtime.test_crashes import CrashingStore

IN_HAND = bounds_for(30.0).in_hand
SIZE = 60
NOBODY_LISTENS = "http://127.0.0.1:9/"


def fault(world: World, **what: Any) -> None:
    world.telegram.faults.order({"method": "sendMessage", "times": 1, **what})


async def test_everybody_reads_it_once(path: Path, url: str, world: World) -> None:
    chats = crowd(world, SIZE)
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        await begins(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) == SIZE)
        await bot.settles(world)
        assert await statuses(bot.store, announcement) == dict.fromkeys(chats, "sent")
        done = await seen(bot.store, announcement)
        assert done.status is AnnouncementStatus.DONE
    assert set(received(world, chats).values()) == {1}


async def test_each_failure_has_its_name_and_who_blocked_the_bot_is_told_of(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, SIZE)
    blocked, gone, unknown, odd, dropped, flooded = chats[:6]
    fault(world, chat_id=blocked, status=403, description="Forbidden: bot was blocked by the user")
    fault(world, chat_id=gone, status=403, description="Forbidden: user is deactivated")
    fault(world, chat_id=unknown, status=400, description="Bad Request: chat not found")
    fault(world, chat_id=odd, status=400, description="Bad Request: something else")
    fault(world, chat_id=dropped, drop="after")
    fault(world, chat_id=flooded, status=429, retry_after=1)
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        await begins(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) == SIZE - 4)
        await bot.settles(world)
        found = await statuses(bot.store, announcement)
        told = [each for each in bot.parrot.decided if each.startswith("blocked")]
    assert found == {
        **dict.fromkeys(chats, "sent"),
        blocked: "blocked", gone: "deactivated", unknown: "not_found", odd: "failed",
        dropped: "uncertain",
    }  # fmt: skip
    assert received(world, chats)[dropped] == 1
    assert sorted(told) == [f"blocked {blocked}", f"blocked {gone}"]


async def test_an_outage_burns_no_more_than_what_was_on_its_way(
    path: Path, url: str, world: World, people: People
) -> None:
    """Telegram answers nothing but 502 for a while."""
    chats = crowd(world, SIZE * 2)
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        await eventually(lambda: bool(people.requests("getMe")))
        world.telegram.faults.order({"method": "sendMessage", "times": 1000, "status": 502})
        world.telegram.faults.order({"method": "getMe", "times": 2, "status": 502})
        await begins(bot, announcement)
        await eventually(lambda: len(people.requests("getMe")) >= 3)
        world.telegram.faults.clear()
        await eventually(lambda: sum(received(world, chats).values()) >= SIZE * 2 - IN_HAND)
        await bot.settles(world)
        found = list((await statuses(bot.store, announcement)).values())
    assert 0 < found.count("uncertain") <= IN_HAND
    assert found.count("sent") == SIZE * 2 - found.count("uncertain")


async def test_a_connection_that_breaks_burns_no_more_than_it_carried(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, SIZE)
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        fault(world, times=20, drop="before")
        await begins(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) >= SIZE - 20)
        await bot.settles(world)
        found = list((await statuses(bot.store, announcement)).values())
    # A connection that breaks after the request left is in doubt, whatever became of it.
    assert set(found) <= {"sent", "uncertain"}
    assert found.count("uncertain") <= 20


def api_without_a_way(is_cut: asyncio.Event, refused: list[str]) -> type[BotApi]:
    """While the way is cut, whatever is called meets a port where nobody listens."""

    class Cut(BotApi):
        async def call(
            self,
            method: str,
            parameters: Mapping[str, Any],
            files: Mapping[str, File] | None = None,
            *,
            read_timeout_s: float | None = None,
        ) -> Any:
            way = (
                BotApi(self._request, NOBODY_LISTENS, "").call if is_cut.is_set() else super().call
            )
            try:
                return await way(method, parameters, files, read_timeout_s=read_timeout_s)
            except NotSent:
                refused.append(method)
                raise

    return Cut


async def test_a_connection_that_is_refused_burns_nothing(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, SIZE)
    is_cut, refused = asyncio.Event(), list[str]()
    async with running_bot(path, url, Options(api=api_without_a_way(is_cut, refused))) as bot:
        announcement = await known(bot, chats)
        is_cut.set()
        await begins(bot, announcement)
        await eventually(lambda: "sendMessage" in refused and "getMe" in refused)
        is_cut.clear()
        await eventually(lambda: sum(received(world, chats).values()) == SIZE)
        await bot.settles(world)
        assert await statuses(bot.store, announcement) == dict.fromkeys(chats, "sent")
    assert set(received(world, chats).values()) == {1}


async def test_paused_it_waits_and_resumed_it_goes_on_where_it_was(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, SIZE)
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        await begins(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) > 0)
        await becomes(bot, announcement, AnnouncementStatus.PAUSED)
        await bot.settles(world)
        so_far = sum(received(world, chats).values())
        assert so_far < SIZE
        await resumes(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) == SIZE)
        await bot.settles(world)
        assert set((await statuses(bot.store, announcement)).values()) == {"sent"}


async def test_stopped_it_ends_and_whoever_was_not_reached_never_is(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, SIZE)
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        await begins(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) > 0)
        async with bot.store.unit() as unit:
            present = await unit.announcements.get(announcement.id)
            assert present is not None
            await bot.run_announcement.stop(unit, present)
        await bot.settles(world)
        found = await statuses(bot.store, announcement)
        reached = sum(received(world, chats).values())
        assert 0 < reached < SIZE
        assert [*found.values()].count("sent") == reached
        assert [*found.values()].count("planned") == SIZE - reached
        async with bot.store.unit() as unit:
            with pytest.raises(AnnouncementMoved):
                await bot.run_announcement.resume(unit, present)
        assert (await seen(bot.store, announcement)).status is AnnouncementStatus.STOPPED


async def test_it_is_corrected_and_recalled_where_it_was_sent(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, SIZE)
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        fault(world, chat_id=FIRST, status=400, description="Bad Request: something else")
        await begins(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) == SIZE - 1)
        await bot.settles(world)
        async with bot.store.unit() as unit:
            unit.announcements.put_version(announcement.id, Version("en", Content.TEXT, "Better"))
        await begins(bot, announcement, Pass.CORRECT)
        await eventually(lambda: sum(received(world, chats, "Better").values()) == SIZE - 1)
        await bot.settles(world)
        found = await statuses(bot.store, announcement)
        assert found == {**dict.fromkeys(chats, "corrected"), FIRST: "failed"}
        await begins(bot, announcement, Pass.RECALL)
        await eventually(lambda: sum(received(world, chats, "Better").values()) == 0)
        await bot.settles(world)
        found = await statuses(bot.store, announcement)
        assert found == {**dict.fromkeys(chats, "recalled"), FIRST: "failed"}


async def check(path: Path, url: str, world: World, chats: list[int], announcement: Any) -> None:
    """Another bot goes on: nobody is missed, nobody reads it twice, and in doubt are no more
    than could have been on their way."""
    async with running_bot(path, url) as bot:
        await eventually(bot.timers_looked)
        await bot.settles(world)
        if (await seen(bot.store, announcement)).status is AnnouncementStatus.DRAFT:
            await begins(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) >= len(chats) - IN_HAND)
        await bot.settles(world)
        found = await statuses(bot.store, announcement)
        assert (await seen(bot.store, announcement)).status is AnnouncementStatus.DONE
    reached = received(world, chats)
    assert max(reached.values()) == 1
    assert set(found.values()) <= {"sent", "uncertain"}
    assert [chat_id for chat_id in chats if found[chat_id] == "sent" and not reached[chat_id]] == []
    assert list(found.values()).count("uncertain") <= IN_HAND


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("k", range(1, 25))
async def test_a_crash_at_any_commit_misses_and_doubles_nobody(
    path: Path, url: str, world: World, k: int, after: bool
) -> None:
    chats = crowd(world, 50)
    stores: list[CrashingStore] = []

    def wrap(store: Any) -> CrashingStore:
        stores.append(CrashingStore(store, 10**9, after=after))
        return stores[0]

    async with running_bot(path, url, Options(wrap_store=wrap)) as bot:
        announcement = await known(bot, chats)
        stores[0]._count, stores[0]._k = 0, k
        try:
            await begins(bot, announcement)
            await eventually(lambda: bot.running.done() or _all(world, chats))
            await bot.settles(world)
        except StoreFailed:
            """As was to happen."""
    await check(path, url, world, chats, announcement)


def _all(world: World, chats: list[int]) -> bool:
    return set(received(world, chats).values()) == {1}


async def resumes(bot: Bot, announcement: Announcement) -> None:
    """As an operator does by the panel's key."""
    async with bot.store.unit() as unit:
        present = await unit.announcements.get(announcement.id)
        assert present is not None
        await bot.run_announcement.resume(unit, present)
        staged = list(unit.effects.staged)
    for effect in staged:
        bot.couriers[effect.courier].hand(effect)


async def pauses_by_itself(bot: Bot, world: World, announcement: Announcement) -> Announcement:
    await eventually(lambda: bot.told.refusals == [announcement.id])
    await bot.settles(world)
    paused = await seen(bot.store, announcement)
    assert paused.status is AnnouncementStatus.PAUSED
    return paused


UNREADABLE = "Bad Request: can't parse entities: Unsupported start tag"


async def test_a_message_that_telegram_takes_of_nobody_pauses_and_goes_on_when_it_is_right(
    path: Path, url: str, world: World, people: People
) -> None:
    chats = crowd(world, SIZE * 2)
    fault(world, times=1000, status=400, description=UNREADABLE)
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        await begins(bot, announcement)
        paused = await pauses_by_itself(bot, world, announcement)
        assert paused.trouble == UNREADABLE
        assert TRIES <= len(people.requests("sendMessage")) <= TRIES + IN_HAND
        found = list((await statuses(bot.store, announcement)).values())
        assert set(found) == {"failed", "planned"}
        world.telegram.faults.clear()
        await resumes(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) == SIZE * 2)
        await bot.settles(world)
        assert await statuses(bot.store, announcement) == dict.fromkeys(chats, "sent")
        done = await seen(bot.store, announcement)
        assert (done.status, done.trouble) == (AnnouncementStatus.DONE, None)
    assert set(received(world, chats).values()) == {1}


async def test_a_few_readers_are_enough_to_tell_that_it_is_the_message(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, 3)
    fault(world, times=3, status=400, description="Bad Request: wrong file identifier")
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        await begins(bot, announcement)
        await pauses_by_itself(bot, world, announcement)
        await resumes(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) == 3)


async def test_of_two_languages_the_broken_one_is_told_of_while_the_other_arrives(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, SIZE)
    chinese = set(chats[::2])
    for chat_id in chinese:
        fault(world, times=2, chat_id=chat_id, status=400, description=UNREADABLE)
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats, chinese)
        await begins(bot, announcement)
        await pauses_by_itself(bot, world, announcement)
        for chat_id, status in (await statuses(bot.store, announcement)).items():
            assert status in ({"failed", "planned"} if chat_id in chinese else {"sent", "planned"})


async def test_chats_that_are_gone_are_no_fault_of_the_message(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, SIZE)
    gone = chats[: TRIES * 2]
    for chat_id in gone:
        fault(world, chat_id=chat_id, status=400, description="Bad Request: PEER_ID_INVALID")
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        await begins(bot, announcement)
        await eventually(lambda: sum(received(world, chats).values()) == SIZE - len(gone))
        await bot.settles(world)
        assert (await seen(bot.store, announcement)).status is AnnouncementStatus.DONE
        assert bot.told.refusals == []


async def test_sends_that_all_end_in_doubt_stop_by_themselves_though_telegram_answers(
    path: Path, url: str, world: World
) -> None:
    chats = crowd(world, MOST_DOUBTS + 2 * IN_HAND)
    fault(world, times=1000, status=500)
    async with running_bot(path, url) as bot:
        announcement = await known(bot, chats)
        await begins(bot, announcement)
        paused = await pauses_by_itself(bot, world, announcement)
        assert paused.trouble == "status 500"
        found = list((await statuses(bot.store, announcement)).values())
        assert found.count("uncertain") <= MOST_DOUBTS + IN_HAND
        world.telegram.faults.clear()
        await resumes(bot, announcement)
        left = found.count("planned")
        assert left > 0
        await eventually(lambda: sum(received(world, chats).values()) == left)
