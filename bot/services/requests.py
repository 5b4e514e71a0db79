"""What is asked of the carrier, and what comes back: plain data that the store can hold.

A service stages a request in the outbox; the carrier courier carries it out and puts the answer
into the inbox as an event of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.line import Msisdn, Reading, UsageDay
from bot.services.ports import CancelOutcome, CarrierOrder, FoundLine


@dataclass(frozen=True, slots=True)
class FindLine:
    """Is the number one of ours? ``challenge_id`` is set when a code has to prove it."""

    subscriber_id: int
    msisdn: Msisdn
    challenge_id: int | None


@dataclass(frozen=True, slots=True)
class SendText:
    """A text to the line; ``text`` holds a code, so it is never logged."""

    msisdn: Msisdn
    text: str


@dataclass(frozen=True, slots=True)
class ReadLine:
    line_id: int
    ref: str
    msisdn: Msisdn


@dataclass(frozen=True, slots=True)
class ReadUsage:
    """Usage of the days ``first`` to ``last`` (both included) of the line's zone."""

    line_id: int
    ref: str
    msisdn: Msisdn
    first: date
    last: date
    subscriber_id: int


@dataclass(frozen=True, slots=True)
class SubmitOrder:
    """``key`` is our idempotency key at the carrier, the same at every attempt."""

    order_id: str
    key: str
    ref: str
    msisdn: Msisdn
    plan_code: str
    periods: int


@dataclass(frozen=True, slots=True)
class Look:
    """Where we stand in looking after a submitted order. It goes out with each request about the
    order and comes back unchanged with the answer."""

    number: int = 0
    """Counts the looks since the submission, which is 0 itself."""
    silent: int = 0
    """How many in a row, up to the last one, told us nothing."""
    missing: int = 0
    """How many in a row, up to the last one, found no such order at the carrier."""


@dataclass(frozen=True, slots=True)
class LookUpOrder:
    """What became of the order with that key?"""

    order_id: str
    key: str
    look: Look


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Take back the order with that key, if its service has not begun."""

    order_id: str
    key: str


CarrierRequest = (
    FindLine | SendText | ReadLine | ReadUsage | SubmitOrder | LookUpOrder | CancelOrder
)


@dataclass(frozen=True, slots=True)
class LineFound:
    request: FindLine
    line: FoundLine


@dataclass(frozen=True, slots=True)
class LineMissing:
    request: FindLine


@dataclass(frozen=True, slots=True)
class ReadingTaken:
    reading: Reading


@dataclass(frozen=True, slots=True)
class UsageRead:
    line_id: int
    subscriber_id: int
    days: list[UsageDay]


@dataclass(frozen=True, slots=True)
class OrderAnswered:
    """``look`` is that of the request; ``Look()`` for the answer to the submission itself."""

    order_id: str
    look: Look
    order: CarrierOrder


@dataclass(frozen=True, slots=True)
class OrderOutcomeUnknown:
    """The submission left and no answer came, or a look at it failed: not known either way."""

    order_id: str
    look: Look


@dataclass(frozen=True, slots=True)
class CancelAnswered:
    order_id: str
    outcome: CancelOutcome


@dataclass(frozen=True, slots=True)
class RequestFailed:
    """The carrier refused, or stayed unavailable for as long as the request may wait.

    ``error`` is the name of the `bot.domain.errors.CarrierError`.
    """

    request: CarrierRequest
    error: str


CarrierAnswer = (
    LineFound
    | LineMissing
    | ReadingTaken
    | UsageRead
    | OrderAnswered
    | OrderOutcomeUnknown
    | CancelAnswered
    | RequestFailed
)
