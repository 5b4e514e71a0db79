"""The store as the runtime sees it: events in, effects out, and the transaction around both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.services.unit import Unit


class StoreFailed(Exception):
    """The database cannot be read or written (disk full, file damaged): the process must end."""


def kind_of(cls: type) -> str:
    """The kind under which a request or an answer is stored: ``LineFound`` → ``line_found``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that arrived. (source, source_id) makes it one: a repeat is not stored again."""

    source: str
    source_id: str
    kind: str
    payload: str
    """JSON, as it came."""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A stored event that waits for its decision."""

    id: int
    source: str
    source_id: str
    kind: str
    payload: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that must leave. ``payload`` is JSON; see `bot.services.unit.Outbox`."""

    id: int
    courier: str
    lane: int
    chat_id: int | None
    kind: str
    payload: str
    slot: str | None
    attempts: int
    not_before: datetime | None
    created_at: datetime
    """When it was staged: some effects lose their sense with age."""


class Inbox(Protocol):
    async def add(self, events: Sequence[NewEvent], at: datetime) -> list[Event]:
        """Stores those that are new, in order, and returns them with their ids."""
        ...

    async def undecided(self, limit: int) -> list[Event]:
        """Urgent ones first, then by arrival."""
        ...

    def mark_decided(self, event_id: int, at: datetime) -> None: ...

    def bury(self, event: NewEvent | Event, reference: str, error: str, at: datetime) -> None:
        """Puts the event among the dead letters."""
        ...


class Effects(Protocol):
    @property
    def staged(self) -> Sequence[Effect]:
        """What this transaction has staged so far, in order."""
        ...

    async def pending(self, courier: str, after_id: int, limit: int) -> list[Effect]: ...

    def mark_done(self, effect_ids: Sequence[int], at: datetime) -> None: ...

    def mark_failed(self, effect_id: int, error: str, at: datetime) -> None: ...

    def mark_attempt(self, effect_id: int, not_before: datetime | None) -> None:
        """Counts an attempt before it is made (or plans the next one), so that a crash knows."""
        ...

    async def slot_message(self, chat_id: int, slot: str) -> int | None: ...

    def fill_slot(self, chat_id: int, slot: str, message_id: int) -> None: ...


class DueTimers(Protocol):
    async def take_due(self, now: datetime, limit: int) -> list[NewEvent]:
        """Removes the due timers and returns the events that they become, the earliest first.

        ``source`` is ``timer``, ``source_id`` the timer's key and due instant.
        """
        ...

    async def next_due(self) -> datetime | None: ...


class Conversations(Protocol):
    async def load(self, name: str) -> list[tuple[str, str]]:
        """(key, state) of the conversations of that name that are under way."""
        ...

    def save(self, name: str, key: str, state: str | None, at: datetime) -> None:
        """None: the conversation has ended."""
        ...


class Counters(Protocol):
    async def get(self, name: str) -> int | None: ...

    def set(self, name: str, value: int) -> None: ...


class RuntimeUnit(Unit, Protocol):
    """One transaction with what only the runtime touches."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def effects(self) -> Effects: ...
    @property
    def due_timers(self) -> DueTimers: ...
    @property
    def conversations(self) -> Conversations: ...
    @property
    def counters(self) -> Counters: ...

    async def rollback(self) -> None:
        """Forgets everything that this unit has written and staged; it may be used again."""
        ...


class Store(Protocol):
    def unit(self) -> AbstractAsyncContextManager[RuntimeUnit]:
        """The next transaction: committed at the end, rolled back on any exception."""
        ...
