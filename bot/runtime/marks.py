"""What couriers have to write down, taken along by the transactions that happen anyway.

A commit costs more than all that is in it. So marks wait for the next decision's transaction, but
only a moment: what a crash forgets in between is sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.domain.announcement import DeliveryEnd
from bot.runtime.clock import Clock
from bot.runtime.undecided import Undecided
from bot.services.events import Event, NewEvent, RuntimeUnit, Store

_MOMENT_S: Final = 0.002


@dataclass(slots=True)
class _Batch:
    done: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    slots: dict[tuple[int, str], int] = field(default_factory=dict)
    events: list[NewEvent] = field(default_factory=list)
    deliveries: list[DeliveryEnd] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.done or self.failed or self.slots or self.events or self.deliveries)

    def before(self, later: _Batch) -> _Batch:
        """Both as one."""
        return _Batch(
            self.done + later.done,
            self.failed | later.failed,
            self.slots | later.slots,
            self.events + later.events,
            self.deliveries + later.deliveries,
        )


class Marks:
    """Collects the ends of effects. A `bot.services.events.Store` itself, whose units write what
    was collected together with what is done in them.

    What a courier marks without awaiting in between is written in one transaction.
    """

    def __init__(self, store: Store, undecided: Undecided, clock: Clock) -> None:
        self._store = store
        self._undecided = undecided
        self._clock = clock
        self._batch = _Batch()
        self._writing = _Batch()
        self._some = asyncio.Event()

    @property
    def is_empty(self) -> bool:
        return not self._batch and not self._writing

    def done(self, effect_id: int) -> None:
        self._batch.done.append(effect_id)
        self._some.set()

    def failed(self, effect_id: int, error: str) -> None:
        self._batch.failed[effect_id] = error
        self._some.set()

    def fill_slot(self, chat_id: int, slot: str, message_id: int) -> None:
        self._batch.slots[chat_id, slot] = message_id
        self._some.set()

    def tell(self, event: NewEvent) -> None:
        """What a courier learned, as an event of its own."""
        self._batch.events.append(event)
        self._some.set()

    def deliver(self, end: DeliveryEnd) -> None:
        """How an announcement ended for one recipient."""
        self._batch.deliveries.append(end)
        self._some.set()

    async def slot_message(self, chat_id: int, slot: str) -> int | None:
        """The message in the slot, written already or not."""
        for batch in (self._batch, self._writing):
            if (chat_id, slot) in batch.slots:
                return batch.slots[chat_id, slot]
        async with self._store.unit() as unit:
            return await unit.effects.slot_message(chat_id, slot)

    async def run(self) -> None:
        """Writes what no decision has taken along within a moment."""
        while True:
            await self._some.wait()
            await asyncio.sleep(_MOMENT_S)
            await self.write()

    async def write(self) -> None:
        """Writes what was collected, now. Raises `bot.services.events.StoreFailed`."""
        async with self.unit():
            pass

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[RuntimeUnit]:
        """The store's next transaction, which at its end takes along what was collected."""
        batch, events = _Batch(), []
        try:
            async with self._store.unit() as unit:
                yield unit
                batch = self._writing = self._collected()
                events = await self._write_down(batch, unit)
        except BaseException:
            self._batch = batch.before(self._batch)
            raise
        finally:
            if self._writing is batch:
                self._writing = _Batch()
        self._undecided.offer(events)

    def _collected(self) -> _Batch:
        batch, self._batch = self._batch, _Batch()
        self._some.clear()
        return batch

    async def _write_down(self, batch: _Batch, unit: RuntimeUnit) -> list[Event]:
        now = self._clock.now()
        unit.effects.mark_done(batch.done, now)
        for effect_id, error in batch.failed.items():
            unit.effects.mark_failed(effect_id, error, now)
        for (chat_id, slot), message_id in batch.slots.items():
            unit.effects.fill_slot(chat_id, slot, message_id)
        if batch.deliveries:
            await unit.deliveries.end(batch.deliveries, now)
        return await unit.inbox.add(batch.events, now) if batch.events else []
