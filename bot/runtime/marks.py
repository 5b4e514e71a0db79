"""What couriers have to write down, written together: a commit costs more than what is in it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.runtime.clock import Clock
from bot.runtime.stores import Event, NewEvent, Store
from bot.runtime.undecided import Undecided


@dataclass(slots=True)
class _Batch:
    done: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    slots: dict[tuple[int, str], int] = field(default_factory=dict)
    events: list[NewEvent] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.done or self.failed or self.slots or self.events)


class Marks:
    """Collects the ends of effects and writes them in one transaction.

    What one courier marks without awaiting in between is written in the same transaction.
    """

    def __init__(self, store: Store, undecided: Undecided, clock: Clock) -> None:
        self._store = store
        self._undecided = undecided
        self._clock = clock
        self._batch = _Batch()
        self._writing = _Batch()
        self._some = asyncio.Event()
        self._turn = asyncio.Lock()

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

    async def slot_message(self, chat_id: int, slot: str) -> int | None:
        """The message in the slot, written already or not."""
        for batch in (self._batch, self._writing):
            if (chat_id, slot) in batch.slots:
                return batch.slots[chat_id, slot]
        async with self._store.unit() as unit:
            return await unit.effects.slot_message(chat_id, slot)

    async def run(self) -> None:
        while True:
            await self._some.wait()
            await self.write()

    async def write(self) -> None:
        """Writes what was collected. Raises `bot.runtime.stores.StoreFailed`."""
        async with self._turn:
            self._undecided.offer(await self._write())
            self._writing = _Batch()

    async def _write(self) -> list[Event]:
        async with self._store.unit() as unit:
            # Taken only now: while a decision had the store, more of them came together.
            self._some.clear()
            batch, self._batch = self._batch, _Batch()
            self._writing = batch
            now = self._clock.now()
            unit.effects.mark_done(batch.done, now)
            for effect_id, error in batch.failed.items():
                unit.effects.mark_failed(effect_id, error, now)
            for (chat_id, slot), message_id in batch.slots.items():
                unit.effects.fill_slot(chat_id, slot, message_id)
            return await unit.inbox.add(batch.events, now) if batch.events else []
