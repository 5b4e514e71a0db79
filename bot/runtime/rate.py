"""How fast messages may leave: Telegram allows about 30 a second overall and 1 a second per chat.

Overall a strict sliding window (`bot.runtime.window`): no second at Telegram's end ever sees a 31st
call. Replies come first. Bulk leaves evenly spaced; while people are being answered it also leaves
five calls a second free for them, because a reply that finds the window full waits for it
(measured: 5 free slots keep a reply's p99 below 9 ms, 1 free slot makes it 198 ms, without spacing
515 ms).

Answers to callback and pre-checkout queries are free of all this and never come here.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.runtime.clock import Clock
from bot.runtime.window import Window
from bot.services.unit import Lane

_RESERVE_PER_S: Final = 5.0
_RESERVE_AFTER_REPLY_S: Final = 5.0
_SLOWEST_BULK_PER_S: Final = 1.0
_CAUGHT_UP_S: Final = 0.05
"""By so much bulk may be late, for a commit or other programs, and catch up."""
_SAME_TROUBLE_S: Final = 1.0
_CHATS_REMEMBERED: Final = 4_096


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls a second. ``chat_burst`` may follow at once in one chat; Telegram lets about 5 pass."""

    overall_per_s: float = 29.7
    per_chat_per_s: float = 1.0
    chat_burst: int = 4


@dataclass(slots=True)
class _Pause:
    """Until when nothing may leave, in Unix seconds of the clock; and how long that was to be, so
    that a clock moved back does not make it longer."""

    until_s: float = 0.0
    length_s: float = 0.0

    def left_s(self, now_s: float) -> float:
        self.until_s = min(self.until_s, now_s + self.length_s)
        return self.until_s - now_s

    def extend(self, now_s: float, seconds: float) -> None:
        if self.left_s(now_s) < seconds:
            self.until_s, self.length_s = now_s + seconds, seconds


@dataclass(slots=True)
class _Chat:
    tokens: float
    at_s: float
    pause: _Pause = field(default_factory=_Pause)


class Rate:
    """Gives each call its turn. All instants are Unix seconds of ``clock``."""

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        self._window = Window(limits.overall_per_s)
        self._replies: deque[float] = deque(maxlen=math.ceil(limits.overall_per_s))
        self._last_reply_s = -math.inf
        self._next_bulk_s = -math.inf
        self._pause = _Pause()
        self._last_refusal: tuple[int | None, float] = (None, -math.inf)
        self._chats: dict[int, _Chat] = {}
        self._waiting: dict[Lane, deque[asyncio.Future[int]]] = {
            Lane.INTERACTIVE: deque(),
            Lane.BULK: deque(),
        }
        self._asked = {lane: asyncio.Event() for lane in self._waiting}

    @asynccontextmanager
    async def turn(self, lane: Lane, chat_id: int | None) -> AsyncIterator[None]:
        """Around a call: lets it begin when it may leave, and counts it until a while after its
        end.

        Calls of one chat must ask one after another; others are given turns by lane, then in order.
        """
        if chat_id is not None:
            await self._chat_turn(chat_id)
        # What goes to no chat, such as the menu of commands, is no reply for which to keep room.
        is_reply = lane is not Lane.BULK and chat_id is not None
        call = await self._next_turn(Lane.INTERACTIVE if is_reply else Lane.BULK)
        answered = False
        try:
            yield
            answered = True
        finally:
            self._window.end(call, self._now_s(), answered=answered)

    async def run(self) -> None:
        """Gives turns to those who wait, for as long as it runs."""
        async with asyncio.TaskGroup() as tasks:
            for lane in self._waiting:
                tasks.create_task(self._give_turns(lane))

    def refused(self, chat_id: int | None, retry_after_s: float) -> None:
        """Honours a 429: for its chat, and for all when two chats were refused within a second.

        Telegram does not say which limit was hit; one flooded chat alone must not stop the others.
        """
        now_s = self._now_s()
        if chat_id is not None:
            self._chat(chat_id, now_s).pause.extend(now_s, retry_after_s)
        former, at_s = self._last_refusal
        if chat_id is None or (former != chat_id and 0 <= now_s - at_s < _SAME_TROUBLE_S):
            self._pause.extend(now_s, retry_after_s)
        self._last_refusal = (chat_id, now_s)

    # ── one chat ──

    async def _chat_turn(self, chat_id: int) -> None:
        while (wait_s := self._chat_wait_s(chat_id)) > 0:
            await self._clock.pause(wait_s)
        self._chat(chat_id, self._now_s()).tokens -= 1

    def _chat_wait_s(self, chat_id: int) -> float:
        now_s = self._now_s()
        chat = self._chat(chat_id, now_s)
        refill_s = (1 - chat.tokens) / self._limits.per_chat_per_s
        return max(chat.pause.left_s(now_s), refill_s)

    def _chat(self, chat_id: int, now_s: float) -> _Chat:
        """The chat's bucket as it is now."""
        chat = self._chats.get(chat_id)
        if chat is None:
            if len(self._chats) >= _CHATS_REMEMBERED:
                self._forget_quiet_chats(now_s)
            chat = self._chats[chat_id] = _Chat(self._limits.chat_burst, now_s)
        passed_s = max(now_s - chat.at_s, 0.0)
        refilled = chat.tokens + passed_s * self._limits.per_chat_per_s
        chat.tokens = min(self._limits.chat_burst, refilled)
        chat.at_s = now_s
        return chat

    def _forget_quiet_chats(self, now_s: float) -> None:
        full_after_s = self._limits.chat_burst / self._limits.per_chat_per_s
        self._chats = {
            chat_id: chat
            for chat_id, chat in self._chats.items()
            if now_s - chat.at_s < full_after_s or chat.pause.left_s(now_s) > 0
        }

    # ── overall ──

    async def _next_turn(self, lane: Lane) -> int:
        """The call's number in the window."""
        if not self._waiting[lane] and self._wait_s(lane) <= 0:
            return self._count(lane)
        waiting: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[lane].append(waiting)
        self._asked[lane].set()
        return await waiting

    async def _give_turns(self, lane: Lane) -> None:
        waiting = self._waiting[lane]
        while True:
            while waiting:
                wait_s = self._wait_s(lane)
                if wait_s > 0:
                    await self._clock.pause(wait_s)
                elif not (first := waiting.popleft()).done():
                    first.set_result(self._count(lane))
            self._asked[lane].clear()
            await self._asked[lane].wait()

    def _wait_s(self, lane: Lane) -> float:
        now_s = self._now_s()
        wait_s = max(self._pause.left_s(now_s), self._window.wait_s(now_s))
        if lane is Lane.BULK:
            wait_s = max(wait_s, self._bulk_wait_s(now_s))
        return wait_s

    def _bulk_wait_s(self, now_s: float) -> float:
        spacing_s = 1 / self._bulk_per_s(now_s)
        self._next_bulk_s = min(self._next_bulk_s, now_s + spacing_s)
        if self._waiting[Lane.INTERACTIVE]:
            return spacing_s
        return self._next_bulk_s - now_s

    def _bulk_per_s(self, now_s: float) -> float:
        """What replies leave over."""
        while self._replies and not 0 <= now_s - self._replies[0] < self._window.length_s:
            self._replies.popleft()
        is_answering = 0 <= now_s - self._last_reply_s < _RESERVE_AFTER_REPLY_S
        reserve = _RESERVE_PER_S if is_answering else 0.0
        replies_per_s = len(self._replies) / self._window.length_s
        left_over = self._limits.overall_per_s - replies_per_s - reserve
        return max(left_over, _SLOWEST_BULK_PER_S)

    def _count(self, lane: Lane) -> int:
        now_s = due_s = self._now_s()
        if lane is Lane.BULK:
            # From when it was due, not from now: waking late must not add up to a slower lane.
            spacing_s = 1 / self._bulk_per_s(now_s)
            if now_s - self._next_bulk_s < max(spacing_s, _CAUGHT_UP_S):
                due_s = self._next_bulk_s
            self._next_bulk_s = due_s + spacing_s
        else:
            self._replies.append(now_s)
            self._last_reply_s = now_s
        return self._window.leave(now_s, due_s)

    def _now_s(self) -> float:
        return self._clock.now().timestamp()
