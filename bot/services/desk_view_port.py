"""What the desk reads of everything: counts, finds, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.statistics import Earned, Span
from bot.domain.subscriber import Subscriber


@dataclass(frozen=True, slots=True)
class WalletLine:
    """One movement of a line's wallet. ``kind`` is the journal's."""

    kind: str
    order_id: str | None
    amount: Money
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """What only an operator can settle. ``kind``: ``review``, ``delayed``, ``refund``,
    ``dispute``, ``support``."""

    kind: str
    order_id: str | None
    since: datetime
    case_id: int | None = None
    """Of ``support``; with the subscriber's name."""
    name: str = ""


class DeskView(Protocol):
    async def earned(self, span: Span) -> list[Earned]:
        """What was delivered and what was taken back, by the ledger."""
        ...

    async def paid_orders(self, span: Span) -> int: ...

    async def activating(self) -> tuple[int, int]:
        """The orders that are paid and not delivered yet, and how many of them are delayed."""
        ...

    async def undelivered(self, paid_before: datetime) -> int:
        """Of those, the ones paid before that."""
        ...

    async def waiting(self) -> list[Waiting]:
        """The longest waiting first."""
        ...

    async def lines_ending(self, digits: str, limit: int) -> list[Line]:
        """The lines whose number ends with those digits."""
        ...

    async def named(self, part: str, limit: int) -> list[Subscriber]:
        """The subscribers whose name holds that, in whichever case; the newest first."""
        ...

    async def wallet_lines(self, line_id: int, limit: int) -> list[WalletLine]:
        """The newest first."""
        ...

    async def unsent(self, chat_id: int) -> list[tuple[str, int]]:
        """Why messages to the chat were given up, as far as that is still on record, and how often
        each; never what they said."""
        ...
