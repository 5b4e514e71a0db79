"""What is kept of people and lines: who holds which, what proves it, and what was read of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.domain.line import Line, Msisdn, Reading, UsageDay
from bot.domain.subscriber import Subscriber
from bot.services.ports import FoundLine


class Subscribers(Protocol):
    async def find(self, subscriber_id: int) -> Subscriber | None: ...

    def add(self, subscriber: Subscriber, at: datetime) -> None: ...

    def save(self, subscriber: Subscriber) -> None:
        """Writes name, language and default line as they now are."""
        ...

    def mark_blocked(self, subscriber_id: int, at: datetime | None) -> None:
        """The person blocked the bot at that instant; None: came back."""
        ...

    def wait_for_line(self, subscriber_id: int, target: str | None) -> None:
        """Where a deep link leads once a line is linked; None: nowhere (any more)."""
        ...

    async def awaited_target(self, subscriber_id: int) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Link:
    """To whom a line is linked now, and since when."""

    subscriber_id: int
    linked_at: datetime


class Lines(Protocol):
    async def get(self, line_id: int) -> Line | None: ...

    async def of(self, subscriber_id: int) -> list[Line]:
        """The lines linked to the subscriber, the longest linked first."""
        ...

    async def holder(self, line_id: int) -> int | None:
        """The subscriber to whom the line is linked now."""
        ...

    async def former_holder(self, line_id: int) -> int | None:
        """The subscriber whose link to the line ended last."""
        ...

    async def link_of(self, line_id: int) -> Link | None: ...

    async def was_ever_linked(self, msisdn: Msisdn) -> bool: ...

    async def remember(self, found: FoundLine, at: datetime) -> Line:
        """Stores or updates the line by its number and returns it with its id."""
        ...

    def link(self, line_id: int, subscriber_id: int, at: datetime) -> None: ...

    def unlink(self, line_id: int, at: datetime) -> None: ...

    def rename(self, line_id: int, name: str | None) -> None:
        """What the holder calls the line; None: by its number."""
        ...


@dataclass(frozen=True, slots=True)
class LinkChallenge:
    """A typed number that a texted code, and at first the card's last four digits, must prove."""

    id: int
    subscriber_id: int
    msisdn: Msisdn
    code_hash: str | None
    """None while no code was sent: no code is right then."""
    found: FoundLine | None
    tries: int
    code_proved: bool
    expires_at: datetime


class LinkChallenges(Protocol):
    async def open(
        self, subscriber_id: int, msisdn: Msisdn, at: datetime, expires_at: datetime
    ) -> int:
        """Closes the subscriber's former challenge and opens one, without a code yet; its id."""
        ...

    async def current(self, subscriber_id: int) -> LinkChallenge | None:
        """The subscriber's challenge that is not closed, expired or not."""
        ...

    async def get(self, challenge_id: int) -> LinkChallenge | None:
        """The challenge, or None when it is unknown or closed."""
        ...

    async def opened_since(self, subscriber_id: int, since: datetime) -> int: ...

    async def tries_since(self, subscriber_id: int, since: datetime) -> int:
        """Wrong codes and digits over all challenges opened since then."""
        ...

    async def texts_to(self, msisdn: Msisdn, since: datetime) -> int:
        """Codes that were sent to the number, over the challenges of every chat."""
        ...

    async def guesses_at(self, msisdn: Msisdn, since: datetime) -> int:
        """Wrong answers to codes that were sent to the number, over every chat."""
        ...

    def mark_found(self, challenge_id: int, found: FoundLine, code_hash: str) -> None:
        """The number is one of ours, and a code with that hash was sent to it."""
        ...

    def count_try(self, challenge_id: int) -> None: ...

    def mark_code_proved(self, challenge_id: int, at: datetime) -> None: ...

    def close(self, challenge_id: int, at: datetime) -> None: ...


class Readings(Protocol):
    async def latest(self, line_id: int) -> Reading | None: ...

    async def asked_at(self, line_id: int) -> datetime | None:
        """When the carrier was last asked for a reading of the line."""
        ...

    def mark_asked(self, line_id: int, at: datetime) -> None: ...

    def put(self, reading: Reading, at: datetime) -> None:
        """Keeps the reading unless a newer one is held. One held from after ``at`` is not newer:
        the clock was put back since."""
        ...

    async def usage(self, line_id: int, first: date, last: date) -> list[UsageDay]: ...

    def put_usage(self, line_id: int, days: Sequence[UsageDay]) -> None: ...
