"""A process that dies at any commit or at any call: nothing is lost, nothing is decided twice.

The crash is an error that no part survives, at the k-th transaction or the k-th call, for every k;
a second bot then goes on with the same file and the same world.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.bot_api import BotApi
from bot.runtime.http import File
from bot.sandbox.world import World
from bot.services.events import RuntimeUnit, Store, StoreFailed
from tests.runtime.harness import Bot, FakeCarrier, Options, People, eventually, running_bot

LIN, ANA = 1001, 1002


class Crash(Exception):
    """The process is gone."""


class CrashingStore:
    """Dies at the k-th transaction: just before its commit, or just after."""

    def __init__(self, store: Store, k: int, *, after: bool) -> None:
        self._store = store
        self._k = k
        self._after = after
        self._count = 0
        self.is_dead = False

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[RuntimeUnit]:
        if self.is_dead:
            raise StoreFailed("the process is gone")
        async with self._store.unit() as unit:
            self._count += 1
            is_last = self._count == self._k
            yield unit
            if is_last and not self._after:
                self._die()
        if is_last:
            self._die()

    def _die(self) -> None:
        self.is_dead = True
        raise StoreFailed("the process is gone")


def api_that_dies(k: int, *, after: bool) -> type[BotApi]:
    """Dies at the k-th call that sends something: before it leaves, or when it was answered."""
    sent = 0

    class Dying(BotApi):
        async def call(
            self,
            method: str,
            parameters: Mapping[str, Any],
            files: Mapping[str, File] | None = None,
            *,
            read_timeout_s: float | None = None,
        ) -> Any:
            nonlocal sent
            counts = method != "getUpdates"
            sent += counts
            is_last = counts and sent == k
            if is_last and not after:
                raise Crash
            result = await super().call(method, parameters, files, read_timeout_s=read_timeout_s)
            if is_last:
                raise Crash
            return result

    return Dying


async def live(bot: Bot, world: World, people: People) -> bool:
    """Two people do everything once; False when the bot died meanwhile."""
    people.writes(LIN, "/start")
    people.writes(ANA, "order o-1")
    people.writes(LIN, "Xiao")
    people.writes(ANA, "alarm 0")
    people.writes(LIN, "panel")
    people.writes(LIN, "redraw done")
    try:
        await bot.settles(world)
    except (Crash, StoreFailed):
        return False
    return True


async def check(path: Path, url: str, world: World, people: People, carrier: FakeCarrier) -> None:
    """The second bot: everything happened, each decision once; what a crash left in
    doubt was said twice at most."""
    async with running_bot(path, url, Options(carrier=carrier)) as bot:
        await bot.settles(world)
        await eventually(lambda: "ring" in people.sees(ANA))
        await bot.settles(world)
        assert await bot.count("starts") == 1
        assert await bot.count("greetings") == 1
        assert await bot.count("texts") == 4
        assert await bot.count("ordered") == 1
    assert carrier.orders == {"o-1": 1}
    said = people.sees(LIN) + people.sees(ANA)
    assert set(said) == {"name?", "hello Xiao", "done", "ring"} | ({"panel"} & set(said))
    assert max(said.count(words) for words in said) <= 2
    firsts = [people.sees(LIN).index(words) for words in ("name?", "hello Xiao", "done")]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("k", range(1, 25))
async def test_a_crash_at_any_commit_loses_and_doubles_nothing(
    path: Path, url: str, world: World, people: People, k: int, after: bool
) -> None:
    carrier = FakeCarrier()
    options = Options(
        carrier=carrier, wrap_store=lambda store: CrashingStore(store, k, after=after)
    )
    async with running_bot(path, url, options) as bot:
        await live(bot, world, people)
    await check(path, url, world, people, carrier)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("k", range(1, 6))
async def test_a_crash_at_any_call_loses_nothing(
    path: Path, url: str, world: World, people: People, k: int, after: bool
) -> None:
    carrier = FakeCarrier()
    options = Options(carrier=carrier, api=api_that_dies(k, after=after))
    async with running_bot(path, url, options) as bot:
        assert not await live(bot, world, people)
    await check(path, url, world, people, carrier)


async def test_an_update_is_not_acknowledged_before_it_is_stored(
    path: Path, url: str, world: World, people: People
) -> None:
    """The store dies with the update in hand: Telegram still has it."""
    stores: list[CrashingStore] = []

    def wrap(store: Store) -> Store:
        stores.append(CrashingStore(store, 10**9, after=False))
        return stores[0]

    async with running_bot(path, url, Options(wrap_store=wrap)) as bot:
        await bot.settles(world)
        stores[0].is_dead = True
        people.writes(LIN, "kept")
        with pytest.raises(StoreFailed):
            await bot.running
    async with running_bot(path, url) as bot:
        await bot.settles(world)
    assert people.sees(LIN) == ["kept"]
