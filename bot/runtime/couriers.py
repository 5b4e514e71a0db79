"""What all couriers do: take effects after the commit, carry them out, write down how they ended.

    decision ─ hand ─▶ one queue a chat ─▶ carry out ─▶ marks
    outbox ── at the start, and after more came than memory holds ──┘

The effects of one chat leave in the order of their ids, each after the former one has ended; chats
do not wait for each other. Bulk effects (an announcement's) are never kept in memory but read in
pages, a few at a time.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.runtime.clock import Clock
from bot.runtime.marks import Marks
from bot.services.events import Effect, Store
from bot.services.unit import Lane

OUTCOME_UNKNOWN: Final = "outcome unknown"
MOST_IN_MEMORY: Final = 2_000
_PAGE: Final = 200
_BULK_PAGE: Final = 8
_BULK_AT_ONCE: Final = 32
"""Few, because a reply to one of their chats waits for its turn behind them."""


class Courier(ABC):
    """Carries out the effects staged for ``name``."""

    name: str

    def __init__(
        self, store: Store, marks: Marks, clock: Clock, *, most: int = MOST_IN_MEMORY
    ) -> None:
        self._store = store
        self._marks = marks
        self._clock = clock
        self._most = most
        self._under_way = 0
        self._bulk_under_way = 0
        self._chats: dict[int, deque[Effect]] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._cursor = 0
        """Effects up to this id were taken, or passed by because they are bulk."""
        self._reading = True
        """What is handed while the outbox is read waits for that: ids are taken in order."""
        self._missed = False
        self._ahead: set[int] = set()
        """Answers do not wait for that."""
        self._wanted = asyncio.Event()
        self._bulk_wanted = asyncio.Event()
        self._bulk_idle = True
        self._bulk_cursor = 0
        self._room = asyncio.Event()
        self._on_the_wire = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._is_stopping = False

    @property
    def pending(self) -> int:
        """How many effects are in memory, waiting or on their way."""
        return self._under_way

    @property
    def is_idle(self) -> bool:
        return not (self._under_way or self._reading or self._missed) and self._bulk_idle

    def hand(self, effect: Effect) -> None:
        """Takes an effect whose decision was just committed."""
        if effect.lane == Lane.BULK:
            self._bulk_idle = False
            self._bulk_wanted.set()
        elif self._reading or self._under_way >= self._most:
            self._missed = True
            self._wanted.set()
            if effect.lane == Lane.ANSWER:
                self._ahead.add(effect.id)
                self._take(effect)
        elif effect.id > self._cursor:
            self._cursor = effect.id
            self._take(effect)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            tasks.create_task(self._feed_bulk())
            await self._feed()

    async def stop(self, grace_s: float) -> None:
        """Begins nothing new, and gives what is on the wire so many seconds to end."""
        self._is_stopping = True
        try:
            async with asyncio.timeout(grace_s):
                await self._quiet.wait()
        except TimeoutError:
            return

    @abstractmethod
    async def carry_out(self, effect: Effect) -> None:
        """Tries the effect to a known end and marks that."""

    @asynccontextmanager
    async def on_the_wire(self) -> AsyncIterator[None]:
        """Around a call to the outside: a stop lets it end. Once stopping, nothing gets in."""
        if self._is_stopping:
            await asyncio.get_running_loop().create_future()
        self._on_the_wire += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._on_the_wire -= 1
            if not self._on_the_wire:
                self._quiet.set()

    def order_key(self, effect: Effect) -> int | None:
        """Effects with the same key leave in order; None: waits for no other."""
        return None if effect.lane == Lane.ANSWER else effect.chat_id

    # ── taking ──

    async def _feed(self) -> None:
        while True:
            self._missed = False
            async with self._store.unit() as unit:
                page = await unit.effects.pending(self.name, self._cursor, _PAGE)
            for effect in page:
                self._cursor = effect.id
                if effect.lane == Lane.BULK:
                    self._bulk_idle = False
                    self._bulk_wanted.set()
                elif effect.id not in self._ahead:
                    self._take(effect)
            while self._under_way >= self._most:
                await self._wait_for_room()
            if len(page) < _PAGE and not self._missed:
                self._reading = False
                self._ahead.clear()
                self._wanted.clear()
                await self._wanted.wait()
                self._reading = True

    async def _feed_bulk(self) -> None:
        while True:
            await self._bulk_wanted.wait()
            self._bulk_wanted.clear()
            while await self._read_bulk():
                pass
            self._bulk_idle = not self._bulk_wanted.is_set()

    async def _read_bulk(self) -> bool:
        """Takes the bulk effects of the outbox's next page; whether there may be more."""
        async with self._store.unit() as unit:
            page = await unit.effects.pending(self.name, self._bulk_cursor, _PAGE)
        bulk = [effect for effect in page if effect.lane == Lane.BULK]
        for start in range(0, len(bulk), _BULK_PAGE):
            while self._bulk_under_way > _BULK_AT_ONCE - _BULK_PAGE:
                await self._wait_for_room()
            await self._take_bulk(bulk[start : start + _BULK_PAGE])
        if page:
            self._bulk_cursor = page[-1].id
        return len(page) == _PAGE

    async def _take_bulk(self, effects: list[Effect]) -> None:
        """Writes down the attempts first: what a crash leaves in doubt is not sent twice."""
        async with self._store.unit() as unit:
            for effect in effects:
                if effect.attempts:
                    unit.effects.mark_failed(effect.id, OUTCOME_UNKNOWN, self._clock.now())
                else:
                    unit.effects.mark_attempt(effect.id, None)
        for effect in effects:
            if not effect.attempts:
                self._bulk_under_way += 1
                self._take(effect)

    async def _wait_for_room(self) -> None:
        self._room.clear()
        await self._room.wait()

    def _take(self, effect: Effect) -> None:
        if self._tasks is None:
            raise RuntimeError("the courier does not run")
        self._under_way += 1
        key = self.order_key(effect)
        if key is None:
            self._tasks.create_task(self._carry_to_the_end(effect))
        elif key in self._chats:
            self._chats[key].append(effect)
        else:
            self._chats[key] = deque([effect])
            self._tasks.create_task(self._serve(key))

    # ── carrying ──

    async def _serve(self, key: int) -> None:
        queue = self._chats[key]
        while queue:
            await self._carry_to_the_end(queue.popleft())
        del self._chats[key]

    async def _carry_to_the_end(self, effect: Effect) -> None:
        if effect.not_before is not None:
            await self._clock.until(effect.not_before)
        await self.carry_out(effect)
        self._under_way -= 1
        if effect.lane == Lane.BULK:
            self._bulk_under_way -= 1
        self._room.set()
