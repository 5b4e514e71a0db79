"""One attempt to collect the money of an order, and the charges that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.money import Money


class PaymentMethod(StrEnum):
    WALLET = "wallet"
    INVOICE = "invoice"
    """Telegram's own invoice, through the payment provider connected in BotFather."""
    CARD = "card"
    """Credit or debit card, on the platform's hosted page."""
    ALIPAY = "alipay"
    WECHAT_PAY = "wechat_pay"

    @property
    def is_hosted(self) -> bool:
        """Paid on the platform's own page, and given back through the platform."""
        return self in {PaymentMethod.CARD, PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY}


class PaymentStatus(StrEnum):
    CREATED = "created"
    PROCESSING = "processing"
    """The pre-checkout was approved, or the payer has done their part on the page; money may move
    any moment."""
    CLOSING = "closing"
    """Let go by the subscriber; whether the money was faster is asked of the platform."""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Page:
    """A hosted page that waits for its payer. ``ref`` is the platform's own key."""

    ref: str
    url: str


@dataclass(frozen=True, slots=True)
class Payment:
    """``id`` is random, unguessable and the whole payload of its invoice."""

    id: str
    order_id: str
    subscriber_id: int
    method: PaymentMethod
    amount: Money
    status: PaymentStatus
    created_at: datetime
    processing_at: datetime | None = None
    page: Page | None = None

    @property
    def is_open(self) -> bool:
        """It may still succeed, as far as we know."""
        return self.status in OPEN_PAYMENT


OPEN_PAYMENT: Final = frozenset(
    {PaymentStatus.CREATED, PaymentStatus.PROCESSING, PaymentStatus.CLOSING}
)


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that a platform says it took. The charge id is its identity: one payment may be
    charged twice (Telegram lets one invoice be paid again), one charge counts once."""

    id: str
    payment_id: str
    payer_id: int
    amount: Money
    platform_ref: str
    charged_at: datetime


class RefundStatus(StrEnum):
    DUE = "due"
    """Owed to the payer, and not sent yet."""
    FAILED = "failed"
    """Owed still: the platform could not send it, so an operator has to find another way."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that goes back to where it came from. ``key`` makes it happen once: ``order:<id>`` for
    what an order cost, ``charge:<id>`` for a charge that paid nothing."""

    key: str
    order_id: str
    charge_id: str | None
    method: PaymentMethod
    amount: Money
    status: RefundStatus
    reason: str
    created_at: datetime
    credit_note_number: int
    """1, 2, 3, … without gaps over all refunds, from the moment in which it is owed."""


class Settlement(StrEnum):
    """What a charge did."""

    PAID = "paid"
    DUPLICATE_NOTICE = "duplicate_notice"
    SECOND_CHARGE = "second_charge"
    MISMATCH = "mismatch"
    REOPENED = "reopened"
    TOO_LATE = "too_late"
    UNKNOWN_PAYMENT = "unknown_payment"


class PreCheckoutRefusal(StrEnum):
    """Why a payment is refused before money moves."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    CLOSED = "closed"
    ALREADY_PAID = "already_paid"
    PRICE_CHANGED = "price_changed"
    WITHDRAWN = "withdrawn"
    COUPON_LOST = "coupon_lost"
