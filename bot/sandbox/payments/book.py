"""The platform's book: everything remembered, its ids, its instants, and its events."""

import heapq
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from bot.sandbox.payments.faults import EventType
from bot.sandbox.payments.model import Event, State

API_VERSION = "2026-10-28.endive"

_EVENTS_KEPT_S = 30 * 24 * 3600  # Stripe API reference, "Events": retrievable for 30 days


class Clock(Protocol):
    """The one clock of the sandbox."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""

    async def sleep_until(self, instant: datetime) -> None:
        """Return once the clock has reached the instant."""


class Book:
    """The state with what every part of the platform needs to write it.

    `on_event` is told of each event as it is noted.
    """

    def __init__(self, clock: Clock, on_event: Callable[[Event], None]) -> None:
        self._clock = clock
        self._on_event = on_event
        self._cause: tuple[str | None, str | None] = (None, None)
        self.load(State())

    def load(self, state: State) -> None:
        """Go on from a remembered state."""
        self.state = state
        self._due: list[tuple[int, str]] = []
        for session in state.sessions.values():
            self.schedule(session.expires_at, session.id)
        for refund in state.refunds.values():
            if refund.due_at is not None:
                self.schedule(refund.due_at, refund.id)

    def now(self) -> int:
        """The present instant in Unix seconds."""
        return int(self._clock.now().timestamp())

    def today(self) -> datetime:
        """The present instant, aware UTC."""
        return self._clock.now()

    async def sleep_until(self, instant: datetime) -> None:
        """Return once the sandbox's clock has reached the instant."""
        await self._clock.sleep_until(instant)

    def identity(self, prefix: str) -> str:
        """A fresh id, `prefix_…`."""
        return f"{prefix}_{secrets.token_hex(12)}"

    def schedule(self, at: int, identity: str) -> None:
        """Something happens to this object by itself at an instant."""
        heapq.heappush(self._due, (at, identity))

    def came_due(self) -> Iterator[str]:
        """The objects whose instant has come, each once."""
        while self._due and self._due[0][0] <= self.now():
            yield heapq.heappop(self._due)[1]

    @contextmanager
    def caused_by(self, request_id: str, idempotency_key: str | None) -> Iterator[None]:
        """Whatever is noted in here was caused by that request of the API."""
        self._cause = (request_id, idempotency_key)
        try:
            yield
        finally:
            self._cause = (None, None)

    def note(self, kind: EventType, subject: dict[str, Any]) -> None:
        """An event of this type happened to an object, given as the API shows it."""
        request_id, idempotency_key = self._cause
        event = Event(self.identity("evt"), self.now(), kind, subject, request_id, idempotency_key)
        self.state.events[event.id] = event
        self._forget_old_events()
        self._on_event(event)

    def _forget_old_events(self) -> None:
        events = self.state.events
        while (oldest := next(iter(events.values()))).created < self.now() - _EVENTS_KEPT_S:
            del events[oldest.id]
