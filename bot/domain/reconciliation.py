"""The reconciliation: now and then, what is open here is compared with what the outside says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Compared(StrEnum):
    """What is asked after, and of whom."""

    PAYMENT = "payment"
    """A payment on a page or by a kept card, open or closed a short while ago: of the platform."""
    REFUND = "refund"
    """A refund that is due: of the platform."""
    STARS_MOVE = "stars_move"
    """A charge or refund of Stars: of Telegram, which lists them; and the list itself."""
    ORDER = "order"
    """An order that is paid and that nobody looks after any more: of the carrier."""


class Heard(StrEnum):
    NOT_YET = "not_yet"
    ANSWER = "answer"
    NOTHING = "nothing"
    """Asked in vain, or without an answer until the next round asked in its place."""


@dataclass(frozen=True, slots=True)
class Round:
    """One reconciliation. It ends with the last answer, or after a bounded time without."""

    id: int
    started_at: datetime
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a round asked after, and what came of it. One subject has one open question at most."""

    round_id: int
    compared: Compared
    subject: str
    """Our own key: of the payment, the refund or the order."""
    order_id: str | None
    asked_at: datetime
    heard: Heard = Heard.NOT_YET
    was: str | None = None
    """How it stood here, in words, where the answer changed that; why, when asked in vain."""
    became: str | None = None
    needs_operator: bool = False

    @property
    def differed(self) -> bool:
        return self.heard is Heard.ANSWER and self.became is not None
