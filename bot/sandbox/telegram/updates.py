"""A bot's updates: queued until confirmed, handed out by long poll or webhook."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.errors import conflict

_HURRIED = frozenset({"callback_query", "pre_checkout_query"})
_HURRIED_LIFE_S = 150
_LIFE_S = 24 * 3600
_FUTURE = 10
_QUIET_WEEK_S = 7 * 24 * 3600
_TERMINATED = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


def _random_id() -> int:
    return random.SystemRandom().randrange(100_000_000, 900_000_000)


@dataclass(frozen=True)
class Queued:
    """An update that waits; it is forgotten at `expires` (Unix seconds of the sandbox)."""

    update: dict[str, Any]
    expires: float

    @property
    def id(self) -> int:
        """The update's id."""
        update_id: int = self.update["update_id"]
        return update_id


class UpdateQueue:
    """One bot's queue. `timestamp` tells the sandbox's Unix time."""

    def __init__(self, timestamp: Callable[[], float]) -> None:
        self._timestamp = timestamp
        self._queue: list[Queued] = []
        self._next_id = _random_id()
        self._last_put = timestamp()
        self._allowed: list[str] = []
        self._first_expiry = math.inf
        self._waiting: asyncio.Future[bool] | None = None
        self._arrived = asyncio.Event()

    def put(self, kind: str, content: dict[str, Any], *, times: int = 1) -> dict[str, Any] | None:
        """Queue an update; None when the bot did not ask for this kind.

        Ids follow each other, but begin anew at random after a week without updates.
        """
        if self._allowed and kind not in self._allowed:
            return None
        now = self._timestamp()
        if now - self._last_put >= _QUIET_WEEK_S:
            self._next_id = _random_id()
        self._last_put = now
        update = {"update_id": self._next_id, kind: content}
        self._next_id += 1
        life = _HURRIED_LIFE_S if kind in _HURRIED else _LIFE_S
        expires = now + life
        self._queue += [Queued(update, expires)] * times
        self._first_expiry = min(self._first_expiry, expires)
        self._wake()
        return update

    def swap_last_two(self) -> bool:
        """Put the newest update before the one that came earlier; False when it is alone."""
        if len(self._queue) < 2:
            return False
        self._queue[-1], self._queue[-2] = self._queue[-2], self._queue[-1]
        return True

    def allow(self, kinds: list[str] | None) -> None:
        """Which kinds to queue from now on; None keeps what was said before, [] means all."""
        if kinds is not None:
            self._allowed = list(kinds)

    @property
    def allowed(self) -> list[str]:
        """The kinds asked for; empty for all."""
        return self._allowed

    @property
    def is_polled(self) -> bool:
        """Whether a long poll waits right now."""
        return self._waiting is not None

    def pending(self) -> int:
        """How many updates are not confirmed yet."""
        self._forget_old()
        return len(self._queue)

    def confirm(self, offset: int) -> None:
        """A positive offset forgets what is below it, a negative one all but the last ones.

        One far beyond the newest id confirms nothing: it is of a queue whose ids have begun anew
        since (tdlib, `TQueue::get`: "from_id is in the future", answered from the head).
        """
        if offset > self._next_id + _FUTURE:
            return
        if offset > 0:
            self._queue = [queued for queued in self._queue if queued.id >= offset]
        elif offset < 0:
            self._queue = self._queue[offset:]

    def clear(self) -> None:
        """Forget everything."""
        self._queue = []

    def peek(self, limit: int) -> list[dict[str, Any]]:
        """The oldest updates, still queued."""
        self._forget_old()
        return [queued.update for queued in self._queue[:limit]]

    async def poll(self, limit: int, timeout_s: float) -> list[dict[str, Any]]:
        """The oldest updates, waiting for one up to real seconds.

        Raises ApiError 409 when another poll begins meanwhile.
        """
        self.end_poll()
        if self.pending() or not timeout_s:
            return self.peek(limit)
        waiting: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        try:
            async with asyncio.timeout(timeout_s):
                has_come = await waiting
        except TimeoutError:
            has_come = True
        finally:
            if self._waiting is waiting:
                self._waiting = None
        if not has_come:
            raise conflict(_TERMINATED)
        return self.peek(limit)

    def end_poll(self) -> None:
        """End a poll that waits: another one has begun, or a webhook was set."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(False)
        self._waiting = None

    async def arrival(self) -> None:
        """Return once an update is queued."""
        while not self.pending():
            self._arrived.clear()
            await self._arrived.wait()

    def _wake(self) -> None:
        self._arrived.set()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(True)

    def _forget_old(self) -> None:
        now = self._timestamp()
        if now >= self._first_expiry:
            self._queue = [queued for queued in self._queue if queued.expires > now]
            self._first_expiry = min((queued.expires for queued in self._queue), default=math.inf)

    def snapshot(self) -> dict[str, Any]:
        """The queue as JSON."""
        return {
            "queue": [[queued.update, queued.expires] for queued in self._queue],
            "next_id": self._next_id,
            "last_put": self._last_put,
            "allowed": self._allowed,
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Take over a saved queue."""
        self._queue = [Queued(update, expires) for update, expires in saved["queue"]]
        self._first_expiry = 0  # unknown: look at all the next time
        self._next_id = saved["next_id"]
        self._last_put = saved["last_put"]
        self._allowed = saved["allowed"]
