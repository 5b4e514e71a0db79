"""How much of one person is heard: who sends too much is told once a minute, and passed over.

Judged by the raw update, so that a flood costs neither parsing nor dialogues nor answers, and keeps
nobody else waiting. What is about money is always heard. A message counts at the instant at which
it was sent: what somebody wrote in an hour without the bot is no flood when it comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from bot.services.ports import Clock

_BOUNDED: Final = frozenset({"message", "edited_message", "callback_query"})
_PAYMENT: Final = "successful_payment"
_TOLD_EVERY_S: Final = 60.0


class Hearing(Enum):
    HEARD = auto()
    SLOW_DOWN = auto()
    """Not heard, and to be told so."""
    PASSED_OVER = auto()
    """Not heard; told so within the last minute."""


@dataclass(frozen=True, slots=True)
class Bound:
    """So many updates of one person at once, and so many a second from then on: more than fingers
    can do."""

    at_once: int = 20
    per_s: float = 2.0


class Flood:
    """Forgets what it knows when the process ends: nobody is worse off for it."""

    def __init__(self, clock: Clock, bound: Bound) -> None:
        self._clock = clock
        self._one_s = 1 / bound.per_s
        self._most_s = bound.at_once / bound.per_s
        self._behind: dict[int, float] = {}
        """By person, the instant at which all that was heard of them is worked off."""
        self._counted: dict[int, float] = {}
        """By person, the instant at which their last update counted."""
        self._told: dict[int, float] = {}
        self._forget_at = 0.0

    def judge(self, kind: str, update: dict[str, Any]) -> Hearing:
        """``kind`` is the update's field that is not ``update_id``."""
        person = _sender(kind, update)
        if person is None:
            return Hearing.HEARD
        now = self._clock.now().timestamp()
        self._forget(now)
        at = self._counts_at(person, update[kind], now)
        # A clock that was moved back makes nobody wait longer than the bound does.
        behind = min(max(self._behind.get(person, at), at), at + self._most_s)
        is_heard = behind + self._one_s <= at + self._most_s
        self._behind[person] = behind + self._one_s if is_heard else behind
        if is_heard:
            return Hearing.HEARD
        if abs(now - self._told.get(person, -_TOLD_EVERY_S)) < _TOLD_EVERY_S:
            return Hearing.PASSED_OVER
        self._told[person] = now
        return Hearing.SLOW_DOWN

    def _counts_at(self, person: int, content: dict[str, Any], now: float) -> float:
        """When it was sent, as Telegram says of messages, and not before what was judged already;
        now for presses, of which it does not say that."""
        sent = content.get("edit_date", content.get("date"))
        at = min(float(sent), now) if isinstance(sent, int) else now
        last = self._counted.get(person, at)
        self._counted[person] = at = last if at < last <= now else at
        return at

    def _forget(self, now: float) -> None:
        """Once a minute, those of whom nothing is left to know."""
        if abs(now - self._forget_at) < _TOLD_EVERY_S:
            return
        self._forget_at = now
        self._behind = {who: until for who, until in self._behind.items() if until > now}
        self._counted = {who: at for who, at in self._counted.items() if who in self._behind}
        self._told = {who: at for who, at in self._told.items() if abs(now - at) < _TOLD_EVERY_S}


def _sender(kind: str, update: dict[str, Any]) -> int | None:
    """Whose update it is, if it counts for their bound; None too for what is not as it should be:
    the parser says that better."""
    content = update.get(kind)
    if kind not in _BOUNDED or not isinstance(content, dict) or _PAYMENT in content:
        return None
    sender = content.get("from")
    person = sender.get("id") if isinstance(sender, dict) else None
    return person if isinstance(person, int) else None
