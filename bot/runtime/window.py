"""A strict sliding window that is kept at the other end of the wire, not only at this one.

Calls that leave evenly may arrive in a bunch: the process gets no CPU for a while, a connection has
to be opened first, the network holds some back. When a call arrived is not known, only that it was
between leaving and its answer. So it counts from when it leaves until a second after its answer;
any 31 calls of which the last one to leave obeyed that arrive in more than a second.

That alone would make the rate fall with the distance: 30 a second and a round trip. A call that
leaves after an answer came needs its way there, too, and both ways together take at least the
shortest round trip ever seen: by so much sooner does a call stop to count.
"""

from __future__ import annotations

import heapq
import itertools
import math
from typing import Final

_SECOND_S: Final = 1.002
"""A second at the other end, whose clock is not ours."""
_JITTER_S: Final = 0.005
"""By how much the shortest round trip may have taken longer than the shortest possible one."""
_ENOUGH: Final = 100
"""After so many answers the shortest round trip is believed."""
_LOST_AFTER_S: Final = 5.0
"""A call without an answer for so long has arrived, or never will."""
_LOOK_AGAIN_S: Final = 0.01


class Window:
    """At most ``per_s`` calls a second: no more in any second than that, rounded up. Instants are
    Unix seconds of a clock that may be moved."""

    def __init__(self, per_s: float) -> None:
        self._most = math.ceil(per_s)
        self.length_s = self._most / per_s
        """In which ``most`` calls may leave: a little more than a second."""
        self._numbers = itertools.count()
        self._under_way: dict[int, tuple[float, float]] = {}
        """When each left, and when it may stop to count at the earliest; oldest first."""
        self._closing: list[float] = []
        """A heap: when those that were answered stop to count."""
        self._shortest_s = math.inf
        self._answers = 0

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next call may leave; 0 or less: now."""
        self._forget(now_s)
        if len(self._under_way) + len(self._closing) < self._most:
            return 0.0
        # What is under way closes no sooner than if its answer came now.
        first = min((closes_s for _, closes_s in self._under_way.values()), default=math.inf)
        soonest_s = max(first, now_s + max(self._after_answer_s, _LOOK_AGAIN_S))
        return min([soonest_s, *self._closing[:1]]) - now_s

    def leave(self, now_s: float, due_s: float) -> int:
        """Counts a call that leaves now and was due a little earlier; its number."""
        number = next(self._numbers)
        self._under_way[number] = (now_s, due_s + self.length_s)
        return number

    def end(self, number: int, now_s: float, *, answered: bool) -> None:
        """The call was ``answered``, or has failed in whatever way."""
        self._forget(now_s)
        left_s, closes_s = self._under_way.pop(number, (-math.inf, -math.inf))
        if answered:
            self._answers += 1
            self._shortest_s = min(self._shortest_s, max(now_s - left_s, 0.0))
        heapq.heappush(self._closing, max(closes_s, now_s + self._after_answer_s))

    @property
    def _after_answer_s(self) -> float:
        if self._answers < _ENOUGH:
            return _SECOND_S
        return max(_SECOND_S - max(self._shortest_s - _JITTER_S, 0.0), 0.0)

    def _forget(self, now_s: float) -> None:
        """Also what an earlier clock, put back since, has dated into the future."""
        while self._closing and not 0 < self._closing[0] - now_s < self.length_s + _SECOND_S:
            heapq.heappop(self._closing)
        while self._under_way:
            number, (left_s, _) = next(iter(self._under_way.items()))
            if 0 <= now_s - left_s < _LOST_AFTER_S:
                return
            del self._under_way[number]
