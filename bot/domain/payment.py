"""One attempt to collect the money of an order, and the charges that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.money import STARS, Money


class PaymentMethod(StrEnum):
    WALLET = "wallet"
    INVOICE = "invoice"
    """Telegram's own invoice, through the payment provider connected in BotFather."""
    CARD = "card"
    """Credit or debit card, on the platform's hosted page, or one that is kept at the platform."""
    ALIPAY = "alipay"
    WECHAT_PAY = "wechat_pay"
    STARS = "stars"
    """Telegram Stars, by Telegram's invoice and without a provider."""

    @property
    def is_hosted(self) -> bool:
        """Collected by the payment platform, and given back through it."""
        return self in {PaymentMethod.CARD, PaymentMethod.ALIPAY, PaymentMethod.WECHAT_PAY}

    @property
    def fills_wallets(self) -> bool:
        """It brings money in the currency that wallets hold, from outside of them."""
        return self.is_hosted or self is PaymentMethod.INVOICE

    @property
    def is_invoiced(self) -> bool:
        """Paid in the chat, by an invoice of Telegram's."""
        return self in {PaymentMethod.INVOICE, PaymentMethod.STARS}

    @property
    def sends_back(self) -> bool:
        """What it collected goes back on our request; of others, an operator sends it."""
        return self.is_hosted or self is PaymentMethod.STARS


_KEEPING: Final = "keep"
_LONGEST_ID: Final = 18


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay, as it is chosen: the method, and of a card which one or what becomes of it."""

    method: PaymentMethod
    card_id: int | None = None
    """The kept card that is charged, without a page; None for any other way."""
    keeps_card: bool = False
    """The payer agrees that the card of the page is kept for next time."""

    @property
    def name(self) -> str:
        """``wallet``, ``card``, ``card-keep``, ``card-7``: how a button names it."""
        if self.card_id is not None:
            return f"{self.method}-{self.card_id}"
        return f"{self.method}-{_KEEPING}" if self.keeps_card else str(self.method)

    @classmethod
    def named(cls, name: str) -> Way | None:
        """The way of that name; None when there is none such."""
        word, _, more = name.partition("-")
        try:
            method = PaymentMethod(word)
        except ValueError:
            return None
        if not more:
            return cls(method)
        if method is not PaymentMethod.CARD:
            return None
        if more == _KEEPING:
            return cls(method, keeps_card=True)
        known = more.isascii() and more.isdecimal() and len(more) <= _LONGEST_ID
        return cls(method, card_id=int(more)) if known else None


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
    """Who pays: the order's own subscriber, or somebody whom they asked to."""
    method: PaymentMethod
    amount: Money
    status: PaymentStatus
    created_at: datetime
    processing_at: datetime | None = None
    page: Page | None = None
    card_id: int | None = None
    """The kept card that is charged: there is no page to pay on, and none to close."""
    keeps_card: bool = False

    @property
    def way(self) -> Way:
        return Way(self.method, self.card_id, self.keeps_card)

    @property
    def has_page(self) -> bool:
        """Its payer has to go to the platform's page."""
        return self.method.is_hosted and self.card_id is None

    def takes(self, amount: Money) -> bool:
        """Whether a charge can be of it at all: Stars pay what asks for Stars, and nothing else."""
        return (amount.currency == STARS) == (self.method is PaymentMethod.STARS)

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


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a charge came to stand: the order for which it came, if any, and by which method."""

    order_id: str | None
    method: PaymentMethod


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
    REPLACED = "replaced"
    """The order still waits; another way to pay was chosen since, maybe by somebody else."""
    ALREADY_PAID = "already_paid"
    PRICE_CHANGED = "price_changed"
    WITHDRAWN = "withdrawn"
    COUPON_LOST = "coupon_lost"
    PAUSED = "paused"
