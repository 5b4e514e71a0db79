"""How long to wait before the next try: doubling, bounded, and never quite the same."""

from __future__ import annotations

import random
from typing import Final

_DICE: Final = random.SystemRandom()


class Backoff:
    """Waits in seconds, from about ``first_s`` up to about ``most_s``."""

    def __init__(self, first_s: float, most_s: float) -> None:
        self._first_s, self._most_s = first_s, most_s
        self._tries = 0

    def next_s(self) -> float:
        """The next wait: 75 to 125 % of the doubled one."""
        wait_s = min(self._first_s * 2.0**self._tries, self._most_s)
        self._tries = min(self._tries + 1, 16)
        return wait_s * _DICE.uniform(0.75, 1.25)

    def reset(self) -> None:
        self._tries = 0
