"""Flood control: about one message a second per chat, twenty a minute per group, thirty a second
overall (Bots FAQ, "My bot is hitting limits")."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.telegram.errors import too_many_requests

_BURST = 5.0
_PER_CHAT_PER_S = 1.0
_OVERALL_PER_S = 30
_WINDOW_S = 1.0
_PER_GROUP = 20
_GROUP_WINDOW_S = 60.0


@dataclass
class _Bucket:
    tokens: float
    at: float


class FloodControl:
    """One bot's limits, on the sandbox's clock (`timestamp`, Unix seconds).

    Chats have a bucket of 5 that refills by 1 a second; overall at most `overall_per_s` pass in
    any second, and into a group 20 in any minute.
    """

    def __init__(self, timestamp: Callable[[], float], overall_per_s: int = _OVERALL_PER_S) -> None:
        self._timestamp = timestamp
        self._overall_per_s = overall_per_s
        self._buckets: dict[int, _Bucket] = {}
        self._recent: deque[float] = deque()
        self._in_groups: dict[int, deque[float]] = {}

    def admit(self, chat_id: int, *, is_group: bool = False) -> None:
        """Count one message into a chat.

        Raises ApiError 429 with the seconds to wait; what is refused does not count.
        """
        now = self._timestamp()
        self._admit_overall(now)
        if is_group:
            self._admit_to_group(chat_id, now)
        self._admit_to_chat(chat_id, now)
        self._recent.append(now)
        if is_group:
            self._in_groups[chat_id].append(now)

    def _admit_overall(self, now: float) -> None:
        while self._recent and not 0 <= now - self._recent[0] < _WINDOW_S:
            self._recent.popleft()
        if len(self._recent) >= self._overall_per_s:
            raise too_many_requests(1)

    def _admit_to_group(self, chat_id: int, now: float) -> None:
        recent = self._in_groups.setdefault(chat_id, deque())
        while recent and not 0 <= now - recent[0] < _GROUP_WINDOW_S:
            recent.popleft()
        if len(recent) >= _PER_GROUP:
            raise too_many_requests(max(1, math.ceil(recent[0] + _GROUP_WINDOW_S - now)))

    def _admit_to_chat(self, chat_id: int, now: float) -> None:
        bucket = self._buckets.setdefault(chat_id, _Bucket(_BURST, now))
        passed = max(now - bucket.at, 0.0)
        bucket.tokens = min(_BURST, bucket.tokens + passed * _PER_CHAT_PER_S)
        bucket.at = now
        if bucket.tokens < 1:
            raise too_many_requests(max(1, math.ceil((1 - bucket.tokens) / _PER_CHAT_PER_S)))
        bucket.tokens -= 1
