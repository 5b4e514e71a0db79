"""The order: what one line is to get, a renewal or money in its wallet, from the quote to the
delivery.

The machine is a table (`TRANSITIONS`); the store moves a status only by compare-and-set along it.

    quoted ─ confirm ▶ awaiting_payment ─ pay ▶ paid ─ submit ▶ fulfilling ─ activate ▶ fulfilled
       │                 │   │    │               │                │  │
       └──── cancel ─────┤   │    └ mismatch ▶ review ◀ lose track ┘  │
                         ▼   ▼                    │                   ▼ reject
                  cancelled  expired ─ pay late ▶ paid, or too late ▶ refunding ▶ refunded
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.coupon import Discount
from bot.domain.errors import ForbiddenTransition, NotARenewal
from bot.domain.money import Money

PAYMENT_WINDOW: Final = timedelta(minutes=30)
"""How long an unpaid order waits before it closes."""
PAYMENT_UNHEARD: Final = "payment_unheard"
"""The reason of an order that closed after its payment was approved and no more was heard of it."""
ACTIVATION_PROMISE: Final = timedelta(minutes=30)
"""Past this after payment the subscriber is told and support is offered."""


class OrderStatus(StrEnum):
    QUOTED = "quoted"
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    FULFILLING = "fulfilling"
    FULFILLED = "fulfilled"
    REVIEW = "review"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class OrderEvent(StrEnum):
    CONFIRM = "confirm"
    CANCEL = "cancel"
    EXPIRE = "expire"
    PAY = "pay"
    PAY_MISMATCHED = "pay_mismatched"
    PAY_LATE = "pay_late"
    PAY_TOO_LATE = "pay_too_late"
    SUBMIT = "submit"
    ACTIVATE = "activate"
    REJECT = "reject"
    LOSE_TRACK = "lose_track"
    REFUND = "refund"
    REFUND_DONE = "refund_done"
    REFUND_FAILED = "refund_failed"
    RETRY = "retry"


_S, _E = OrderStatus, OrderEvent
TRANSITIONS: Final[dict[tuple[OrderStatus, OrderEvent], OrderStatus]] = {
    (_S.QUOTED, _E.CONFIRM): _S.AWAITING_PAYMENT,
    (_S.QUOTED, _E.CANCEL): _S.CANCELLED,
    (_S.QUOTED, _E.EXPIRE): _S.EXPIRED,
    (_S.AWAITING_PAYMENT, _E.CANCEL): _S.CANCELLED,
    (_S.AWAITING_PAYMENT, _E.EXPIRE): _S.EXPIRED,
    (_S.AWAITING_PAYMENT, _E.PAY): _S.PAID,
    (_S.AWAITING_PAYMENT, _E.PAY_MISMATCHED): _S.REVIEW,
    (_S.EXPIRED, _E.PAY_LATE): _S.PAID,
    (_S.CANCELLED, _E.PAY_LATE): _S.PAID,
    (_S.EXPIRED, _E.PAY_TOO_LATE): _S.REFUNDING,
    (_S.CANCELLED, _E.PAY_TOO_LATE): _S.REFUNDING,
    (_S.PAID, _E.SUBMIT): _S.FULFILLING,
    (_S.PAID, _E.REJECT): _S.REFUNDING,
    (_S.FULFILLING, _E.ACTIVATE): _S.FULFILLED,
    (_S.FULFILLING, _E.REJECT): _S.REFUNDING,
    (_S.FULFILLING, _E.LOSE_TRACK): _S.REVIEW,
    (_S.PAID, _E.REFUND): _S.REFUNDING,
    (_S.FULFILLING, _E.REFUND): _S.REFUNDING,
    (_S.FULFILLED, _E.REFUND): _S.REFUNDING,
    (_S.REVIEW, _E.REFUND): _S.REFUNDING,
    (_S.REVIEW, _E.ACTIVATE): _S.FULFILLED,
    (_S.REVIEW, _E.RETRY): _S.FULFILLING,
    (_S.REFUNDING, _E.REFUND_DONE): _S.REFUNDED,
    (_S.REFUNDING, _E.REFUND_FAILED): _S.REVIEW,
    (_S.REFUNDED, _E.REFUND_FAILED): _S.REVIEW,
}

OPEN: Final = frozenset({_S.QUOTED, _S.AWAITING_PAYMENT})
"""Not paid yet, and still payable."""
PAID_FOR: Final = frozenset(
    {_S.PAID, _S.FULFILLING, _S.FULFILLED, _S.REVIEW, _S.REFUNDING, _S.REFUNDED}
)
"""Money has moved for the order."""


def next_status(status: OrderStatus, event: OrderEvent) -> OrderStatus:
    """Where the event leads. Raises `ForbiddenTransition` when the table has no such edge."""
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise ForbiddenTransition(f"{status} has no {event}") from None


@dataclass(frozen=True, slots=True)
class Renewal:
    """So many periods of a plan, in the version that the subscriber saw."""

    plan_code: str
    plan_version: int
    periods: int
    days: int


@dataclass(frozen=True, slots=True)
class TopUp:
    """Money for the line's wallet: what the order costs is what the wallet gets."""

    for_order: str | None = None
    """The order that the wallet was short of money for, to go back to."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered, at the price that the subscriber saw."""

    id: str
    """The reference that people read and say, ``LEB-2611-8K3F``."""
    subscriber_id: int
    line_id: int
    buys: Renewal | TopUp
    total: Money
    status: OrderStatus
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None = None
    paid_with: str | None = None
    paid_by: int | None = None
    """Who paid, when it was somebody else than the subscriber."""
    fulfilled_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    delayed: bool = False
    receipt_number: int | None = None
    reason: str | None = None
    """Why it is closed in doubt, in review, refunding or refunded, as a short code."""
    discount: Discount | None = None

    @property
    def renewal(self) -> Renewal:
        """For what only renewals have. Raises `NotARenewal`."""
        if not isinstance(self.buys, Renewal):
            raise NotARenewal(self.id)
        return self.buys

    @property
    def price(self) -> Money:
        """The plan's price for all periods; what is left of it after the discount is the total."""
        return self.total if self.discount is None else self.total + self.discount.amount

    def at_price(self, price: Money, discount: Discount | None) -> Order:
        """The same order at another price, less that discount."""
        return replace(self, total=price, discount=None).with_discount(discount)

    def with_discount(self, discount: Discount | None) -> Order:
        """The same order at its price less that discount, in place of the one it had."""
        total = self.price if discount is None else self.price - discount.amount
        return replace(self, total=total, discount=discount)

    def payer(self, payer_id: int) -> int | None:
        """That payer as ``paid_by`` names one."""
        return None if payer_id == self.subscriber_id else payer_id

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_queued(self, now: datetime) -> bool:
        """Bought, and waiting for the end of the plan that runs before it."""
        bought = self.status in {_S.PAID, _S.FULFILLING, _S.FULFILLED}
        return bought and self.starts_at is not None and now < self.starts_at


#: Without 0, O, 1, I, L and U: read aloud and typed without mistakes (after Crockford's base 32).
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_order_id(brand: str, at: datetime) -> str:
    """A fresh reference, ``BRAND-YYMM-XXXX``: 810,000 a month; the store refuses a repeat."""
    tail = "".join(secrets.choice(_ALPHABET) for _ in range(4))
    return f"{brand}-{at:%y%m}-{tail}"
