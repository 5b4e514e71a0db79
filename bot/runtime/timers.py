"""Timers that survive a stop: due ones become events, those that came due meanwhile first."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Final

from bot.runtime.clock import Clock
from bot.runtime.undecided import Undecided
from bot.services.events import Store

_AT_ONCE: Final = 100
_LOOK_AGAIN_S: Final = 0.05
"""Decisions set timers all the time; the store is asked for the earliest this often at most."""


class Timers:
    def __init__(self, store: Store, undecided: Undecided, clock: Clock) -> None:
        self._store = store
        self._undecided = undecided
        self._clock = clock
        self._changed = asyncio.Event()
        self._next_due: datetime | None = None
        self._is_looking = True
        self._looked_at_s = 0.0

    @property
    def is_idle(self) -> bool:
        """Nothing is due now, as far as the store was asked."""
        is_due = self._next_due is not None and self._next_due <= self._clock.now()
        return not (self._is_looking or self._changed.is_set() or is_due)

    def look_again(self) -> None:
        """A decision may have set an earlier timer."""
        self._changed.set()

    async def run(self) -> None:
        while True:
            self._is_looking = True
            while await self._take_due():
                pass
            self._is_looking = False
            await self._rest()

    async def _take_due(self) -> bool:
        """Turns due timers into events; whether there may be more."""
        self._changed.clear()
        self._looked_at_s = asyncio.get_running_loop().time()
        now = self._clock.now()
        async with self._store.unit() as unit:
            due = await unit.due_timers.take_due(now, _AT_ONCE)
            events = await unit.inbox.add(due, now) if due else []
            self._next_due = await unit.due_timers.next_due()
        self._undecided.offer(events)
        return len(due) == _AT_ONCE

    async def _rest(self) -> None:
        """Returns when a timer is due, or when one may have been set or moved."""
        told = asyncio.create_task(self._changed.wait())
        waits: set[asyncio.Task[Any]] = {told}
        if self._next_due is not None:
            waits.add(asyncio.create_task(self._clock.until(self._next_due)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if told.done():
            since_s = asyncio.get_running_loop().time() - self._looked_at_s
            await asyncio.sleep(max(_LOOK_AGAIN_S - since_s, 0.0))
