"""A support case: what a subscriber and the operators have to settle.

    opened ─▶ asked ⇄ answered ─▶ closed
      ▲                              │ reopened
      └──────────────────────────────┘

A subscriber has one open case at most: whatever they write while it is open belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

LONGEST_WORDS: Final = 1000
"""Characters of a message that the desk shows; the message itself is no shorter for it."""


class CaseStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class CaseReason(StrEnum):
    ASKED = "asked"
    """The subscriber wrote."""
    DELAYED = "delayed"
    """An order takes too long: the case has opened by itself."""


@dataclass(frozen=True, slots=True)
class SupportCase:
    id: int
    subscriber_id: int
    order_id: str | None
    why: CaseReason
    status: CaseStatus
    opened_at: datetime
    closed_at: datetime | None = None
    asked_at: datetime | None = None
    """When the subscriber wrote what has not been answered yet, or was answered last."""
    answered_at: datetime | None = None
    at_desk: bool = True
    """The operators answer it at the desk, not in their group."""

    @property
    def is_open(self) -> bool:
        return self.status is CaseStatus.OPEN

    @property
    def waits(self) -> bool:
        """The subscriber has written since the last answer."""
        if not self.is_open or self.asked_at is None:
            return False
        return self.answered_at is None or self.answered_at < self.asked_at

    @property
    def is_silent(self) -> bool:
        """Nobody has written yet: it was opened by itself."""
        return self.asked_at is None and self.answered_at is None


@dataclass(frozen=True, slots=True)
class Topic:
    """Of the operators' group, for one subscriber."""

    thread_id: int | None
    """None while it is being opened."""
    at: datetime
    """Since when it is there, or asked for."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message of the subscriber. ``kind`` is Telegram's: text, photo, voice, document …"""

    message_id: int
    kind: str
    words: str | None
    """Its text or caption."""
    sent_at: datetime
