"""Faults that a test or a person gives the payments platform."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.sandbox import faults


class Kind(StrEnum):
    """What goes wrong."""

    DELAY = "delay"  # the answer comes `delay_ms` of real time late
    OUTAGE = "outage"  # 503, nothing done
    RATE_LIMIT = "rate-limit"  # 429, nothing done
    NO_CONNECTION = "no-connection"  # the connection breaks before anything is done
    TIMEOUT_AFTER_ACCEPT = "timeout-after-accept"  # done, and no answer ever
    STORED_500 = "stored-500"  # 500, kept under the idempotency key; done if `done`
    DECLINE = "decline"  # the next payment is declined, whatever it is paid with
    ASYNC = "async"  # a Checkout payment is only on its way; the control API settles it
    REFUND_FAILS = "refund-fails"  # pending, then failed
    REFUND_PENDING = "refund-pending"  # pending until the control API settles it
    NOTICE_LOST = "notice-lost"  # never sent; the event is listed all the same
    NOTICE_DOUBLE = "notice-double"  # sent twice
    NOTICE_LATE = "notice-late"  # sent `delay_ms` of the sandbox's time later
    NOTICE_REORDERED = "notice-reordered"  # sent after the notice that follows it


Operation = Literal[
    "session-create",
    "session-read",
    "session-expire",
    "intent-create",
    "intent-read",
    "intent-cancel",
    "customer-create",
    "customer-read",
    "method-read",
    "method-detach",
    "refund-create",
    "refund-read",
    "charge-read",
    "dispute-read",
    "event-read",
    "endpoint",
    "pay",
    "*",
]
EventType = Literal[
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_reinstated",
    "charge.dispute.funds_withdrawn",
    "charge.failed",
    "charge.refunded",
    "charge.succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.created",
    "payment_intent.canceled",
    "payment_intent.created",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.succeeded",
    "payment_method.attached",
    "payment_method.detached",
    "refund.created",
    "refund.failed",
    "refund.updated",
]

REFUSALS = frozenset({Kind.OUTAGE, Kind.RATE_LIMIT, Kind.NO_CONNECTION})
CALLS = REFUSALS | {Kind.DELAY, Kind.TIMEOUT_AFTER_ACCEPT, Kind.STORED_500}
DECLINES = frozenset({Kind.DECLINE})
DETOURS = frozenset({Kind.ASYNC})
REFUND_OUTCOMES = frozenset({Kind.REFUND_FAILS, Kind.REFUND_PENDING})
NOTICES = frozenset({Kind.NOTICE_LOST, Kind.NOTICE_DOUBLE, Kind.NOTICE_LATE, Kind.NOTICE_REORDERED})


class Fault(faults.Fault):
    """A fault of the payments platform's.

    `operation` narrows it to one kind of call, or a notice's fault to one type of event.
    `hold_s` is how long a request waits that gets no answer.
    """

    operation: Operation | EventType = "*"
    kind: Kind
    done: bool = True
    hold_s: Annotated[float, Field(ge=0, le=120)] = 0


class Faults(faults.Faults[Fault]):
    """The platform's faults that wait for their moment."""
