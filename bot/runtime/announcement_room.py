"""How many deliveries an announcement has in hand: waiting for their turn, and on the wire.

A row is marked before its message leaves, so a crash leaves in doubt whatever is in hand. Few are
therefore marked ahead of their turn; and enough that a commit does not let the lane run dry.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_AHEAD_S: Final = 0.25
"""So long a lane goes on while a page is taken: a slow commit takes as much."""
_FEWEST_AHEAD: Final = 4
_MOST_AHEAD: Final = 72
_LEAST: Final = 32
_MOST: Final = 96
"""In hand: as many as may leave within a second. Replies need connections, too."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """``in_hand`` is all that a crash can leave in doubt, where Telegram answers slowly; where it
    answers fast, twice a page and what is on the wire."""

    in_hand: int
    page: int
    """How many are taken in one transaction."""


def bounds_for(per_s: float) -> Bounds:
    """Of a lane in which so many may leave a second."""
    ahead = min(max(_FEWEST_AHEAD, math.ceil(per_s * _AHEAD_S)), _MOST_AHEAD)
    return Bounds(in_hand=min(max(_LEAST, math.ceil(per_s)), _MOST), page=ahead // 2)


class Place:
    """One delivery's in the room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._waits = True

    def has_its_turn(self) -> None:
        """It leaves now; once it has left, waiting for another turn is no longer ahead of it."""
        if self._waits:
            self._waits = False
            self._room.left()


class Room:
    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._ahead = 0
        self._in_hand = 0
        self._changed = asyncio.Event()

    async def for_a_page(self) -> None:
        """Waits until a page may be taken."""
        page = self._bounds.page
        while self._ahead > page or self._in_hand > self._bounds.in_hand - page:
            self._changed.clear()
            await self._changed.wait()

    def taken(self) -> None:
        self._ahead += 1
        self._in_hand += 1

    @contextmanager
    def place(self) -> Iterator[Place]:
        """Of one that was taken, until it has come to an end."""
        place = Place(self)
        try:
            yield place
        finally:
            place.has_its_turn()
            self._in_hand -= 1
            self._changed.set()

    def left(self) -> None:
        self._ahead -= 1
        self._changed.set()
