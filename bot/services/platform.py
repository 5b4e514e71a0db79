"""What the services ask of a payment platform, and what it says.

The platform's notices are only a trigger: what counts is the object as the platform holds it when
it is asked. Amounts are in minor units, instants aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self

from bot.domain.dispute import DisputeState
from bot.domain.money import Money
from bot.domain.payment import PaymentMethod


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A card that the subscriber agreed to have kept at the platform. ``ref`` is the platform's key
    for it, never a card number."""

    ref: str
    customer_ref: str
    brand: str
    last_four: str
    expires_month: int
    expires_year: int


@dataclass(frozen=True, slots=True)
class CheckoutTerms:
    """What a hosted page is opened for. ``payment_id`` is our key for it at the platform."""

    payment_id: str
    method: PaymentMethod
    amount: Money
    title: str
    language: str
    expires_at: datetime
    customer_ref: str | None
    """The platform's key of the subscriber, when there is one."""
    keep_card: bool
    """The subscriber agreed that the card is kept for next time."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A hosted page that waits for its payer."""

    ref: str
    url: str
    expires_at: datetime


class PaymentState(StrEnum):
    OPEN = "open"
    PROCESSING = "processing"
    """The payer has done their part; the money is not there yet."""
    PAID = "paid"
    FAILED = "failed"
    NEEDS_CUSTOMER = "needs_customer"
    """A saved card that the bank lets be charged only with its holder present."""
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """A word of the platform that we do not understand; mapped, never a crash."""


@dataclass(frozen=True, slots=True)
class PlatformPayment:
    """A payment as the platform holds it now."""

    payment_id: str | None
    """Ours, from the platform's metadata; None when it was not made by us."""
    ref: str
    state: PaymentState
    charge_id: str | None = None
    """Set once money has moved: the identity under which it counts, once."""
    amount: Money | None = None
    charged_at: datetime | None = None
    kept_card: SavedCard | None = None
    decline: str | None = None
    """The platform's short code for why it failed."""


class RefundState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PlatformRefund:
    """``key`` is ours when we asked for it, None when it was made in the platform's dashboard."""

    ref: str
    charge_id: str
    amount: Money
    state: RefundState
    key: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PlatformDispute:
    """The payer's bank takes a charge back."""

    ref: str
    charge_id: str
    amount: Money
    state: DisputeState

    @property
    def is_open(self) -> bool:
        """The bank has not decided."""
        return self.state in {DisputeState.INQUIRY, DisputeState.OPEN}


class Subject(StrEnum):
    """What a notice is about."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PlatformNotice:
    """That something happened to an object; ``id`` makes a repeated notice one."""

    id: str
    subject: Subject
    ref: str
    at: datetime


class PaymentPlatform(Protocol):
    """A payment platform as its adapter speaks to it.

    Every method may raise a `bot.domain.errors.PlatformError`: `PlatformRefused` is final,
    `PlatformUnavailable` means that nothing was done, `PlatformOutcomeUnknown` that it may have
    been. ``async with`` opens and closes the connections.
    """

    async def __aenter__(self) -> Self: ...

    async def open_checkout(self, terms: CheckoutTerms) -> Checkout:
        """Opens the hosted page once for the payment: a repeated call gives the same page."""
        ...

    async def payment(self, ref: str) -> PlatformPayment:
        """The payment under the platform's key. Raises `PlatformRefused` when there is none."""
        ...

    async def find_payment(self, payment_id: str) -> PlatformPayment | None:
        """The payment that was made for ours, found by our id; None when there is none."""
        ...

    async def expire(self, ref: str) -> PlatformPayment:
        """Closes the page, unless the payment got ahead; the payment as it stands after that."""
        ...

    async def charge_saved(
        self, payment_id: str, card: SavedCard, amount: Money, title: str
    ) -> PlatformPayment:
        """Charges the kept card without its holder, once for the payment. A decline is a state of
        the payment returned, not an error."""
        ...

    async def forget_card(self, card: SavedCard) -> None:
        """Removes the card at the platform; one that is gone already is forgotten too."""
        ...

    async def refund(self, key: str, charge_id: str, amount: Money) -> PlatformRefund:
        """Sends the amount back to where the charge came from, once under our key."""
        ...

    async def refunds(self, ref: str) -> list[PlatformRefund]:
        """The refund of that key, or all of the charge with that key."""
        ...

    async def dispute(self, ref: str) -> PlatformDispute: ...

    async def notices_since(self, cursor: str | None) -> list[PlatformNotice]:
        """What happened after the notice of that id, the oldest first; None: in the last day."""
        ...

    def read_notice(self, raw: bytes, headers: Mapping[str, str], now: datetime) -> PlatformNotice:
        """The notice that a webhook carries. Raises `bot.domain.errors.ForgedNotice` unless its
        signature over the raw bytes holds and is not too old."""
        ...
