"""What is asked of the payment platform, and what comes back: plain data that the store can hold.

As with the carrier (`bot.services.requests`): a service stages a request, a courier carries it out
and puts the answer into the inbox. The adapter finds by our own ids what was done already, so that
every request may be asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.money import Money
from bot.services.platform import (
    Checkout,
    CheckoutTerms,
    PlatformDispute,
    PlatformPayment,
    PlatformRefund,
    SavedCard,
)


class Closing(StrEnum):
    """Why a page is closed."""

    CANCEL = "cancel"
    """The subscriber lets the order go."""
    EXPIRE = "expire"
    """The order's time is over."""
    REPLACE = "replace"
    """The order is paid, or going to be paid, in another way."""


@dataclass(frozen=True, slots=True)
class OpenCheckout:
    terms: CheckoutTerms


@dataclass(frozen=True, slots=True)
class ExpireCheckout:
    """Close the payment's page, unless the money was faster. ``ref`` is None while we do not know
    whether there is a page."""

    payment_id: str
    ref: str | None
    why: Closing


@dataclass(frozen=True, slots=True)
class ChargeCard:
    """Charge the kept card without its holder, once for the payment."""

    payment_id: str
    card: SavedCard
    amount: Money
    title: str
    begins_by: datetime
    """Past that it is not begun any more, only looked for."""


@dataclass(frozen=True, slots=True)
class ForgetCard:
    """Remove the card at the platform: nobody here will charge it again."""

    card: SavedCard


@dataclass(frozen=True, slots=True)
class LookUpPayment:
    """What became of the payment: by the platform's key, or without one by our own id."""

    ref: str | None
    payment_id: str | None


@dataclass(frozen=True, slots=True)
class RefundCharge:
    """Send the amount back, once under our key; asked again, it tells what became of it."""

    key: str
    charge_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class LookUpRefunds:
    """The refund of that key of the platform's, or all of the charge with that key."""

    ref: str


@dataclass(frozen=True, slots=True)
class LookUpDispute:
    ref: str


@dataclass(frozen=True, slots=True)
class ReadNotices:
    """What happened after the notice of that id; each notice becomes an event of its own."""

    cursor: str | None


PlatformRequest = (
    OpenCheckout
    | ExpireCheckout
    | ChargeCard
    | ForgetCard
    | LookUpPayment
    | RefundCharge
    | LookUpRefunds
    | LookUpDispute
    | ReadNotices
)


@dataclass(frozen=True, slots=True)
class CheckoutOpened:
    payment_id: str
    checkout: Checkout


@dataclass(frozen=True, slots=True)
class CheckoutNotOpened:
    """The platform would not open the page, or could not be reached for too long."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    """The payment as the platform holds it now, None when it holds none: of a kept card that was
    not charged then."""

    payment_id: str | None
    payment: PlatformPayment | None
    why: Closing | None = None
    """Set in the answer to `ExpireCheckout`: it was closed if it still could be."""


@dataclass(frozen=True, slots=True)
class RefundsSeen:
    refunds: list[PlatformRefund]


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    dispute: PlatformDispute


@dataclass(frozen=True, slots=True)
class NoticesRead:
    """All notices up to that one are in the inbox."""

    cursor: str


@dataclass(frozen=True, slots=True)
class AskedInVain:
    """The platform refused, or could not be reached for a day. ``code`` is its own word."""

    request: PlatformRequest
    code: str


PlatformAnswer = (
    CheckoutOpened
    | CheckoutNotOpened
    | PaymentSeen
    | RefundsSeen
    | DisputeSeen
    | NoticesRead
    | AskedInVain
)
