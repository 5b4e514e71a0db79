"""The events that wait for their decision: in memory, in order, with the store behind them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from bot.services.events import Event, Store

_MOST_IN_MEMORY: Final = 2_000
_FULL: Final = 500


class Undecided:
    """Urgent events first, then by arrival.

    Whoever stores events offers them right after the commit, so that the database is read only at
    the start, and when more came than memory may hold (``most``).
    """

    def __init__(self, store: Store, most: int = _MOST_IN_MEMORY) -> None:
        self._store = store
        self._most = most
        self._urgent: deque[Event] = deque()
        self._others: deque[Event] = deque()
        self._behind = True
        """The store may hold undecided events that memory does not."""
        self._loaded_up_to = 0
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()

    def __len__(self) -> int:
        """How many wait in memory."""
        return len(self._urgent) + len(self._others)

    @property
    def is_empty(self) -> bool:
        return not self._behind and not self

    def offer(self, events: Sequence[Event]) -> None:
        """Takes events that were just stored. Those that do not fit are read from the store later;
        an urgent one always fits."""
        for event in events:
            if event.id <= self._loaded_up_to:
                continue
            if event.urgent:
                self._urgent.append(event)
            elif self._behind or len(self._others) >= self._most:
                self._behind = True
            else:
                self._others.append(event)
        self._arrived.set()

    async def next(self) -> Event:
        """The event to decide now; waits for one. The former one must have been decided."""
        while True:
            if self._urgent:
                return self._urgent.popleft()
            if self._others:
                self._make_room()
                return self._others.popleft()
            if self._behind:
                await self._load()
            else:
                self._make_room()
                self._arrived.clear()
                await self._arrived.wait()

    async def room(self) -> None:
        """Returns when few enough wait that more may be asked for."""
        while self._behind or len(self) > _FULL:
            self._room.clear()
            await self._room.wait()

    def _make_room(self) -> None:
        if not self._behind and len(self) <= _FULL:
            self._room.set()

    async def _load(self) -> None:
        async with self._store.unit() as unit:
            events = await unit.inbox.undecided(self._most)
        known = {event.id for event in self._urgent}
        # What was stored after this read was offered after it, since one transaction runs at a
        # time: ``_loaded_up_to`` tells the two apart.
        self._behind = len(events) >= self._most
        self._loaded_up_to = max((event.id for event in events), default=self._loaded_up_to)
        self._urgent.extend(e for e in events if e.urgent and e.id not in known)
        self._others.extend(e for e in events if not e.urgent)
