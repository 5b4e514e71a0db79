"""Faults that a test or a person gives the carrier, and when they strike."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.sandbox import faults


class Kind(StrEnum):
    """What goes wrong."""

    DELAY = "delay"  # the answer comes `delay_ms` of real time late
    OUTAGE = "outage"  # 503, nothing done
    RATE_LIMIT = "rate-limit"  # 429 with Retry-After, nothing done
    NONSENSE = "nonsense"  # done, but the answer's body is not what the standard says
    TIMEOUT_AFTER_ACCEPT = "timeout-after-accept"  # done, and no answer ever
    OUT_OF_FUNDS = "out-of-funds"  # the operator's account at the carrier is empty
    REJECT = "reject"  # accepted, later rejected
    NEVER_ACTIVATES = "never-activates"  # accepted, then in progress for ever
    DUPLICATE_EVENT = "duplicate-event"  # the notice of an order's end is sent twice


Operation = Literal["order", "order-state", "usage", "balance", "product", "sms", "*"]

ANY_CALL = frozenset({Kind.DELAY, Kind.OUTAGE, Kind.RATE_LIMIT, Kind.NONSENSE})
SENDING_TEXTS = ANY_CALL | {Kind.TIMEOUT_AFTER_ACCEPT}
PLACING_ORDERS = SENDING_TEXTS | {Kind.OUT_OF_FUNDS}
ORDER_OUTCOMES = frozenset({Kind.REJECT, Kind.NEVER_ACTIVATES})
SPOILING = SENDING_TEXTS - {Kind.DELAY}
EVENTS = frozenset({Kind.DUPLICATE_EVENT})


class Fault(faults.Fault):
    """A fault of the carrier's.

    "order" is the placing of an order; looking one up or cancelling it is "order-state".
    """

    operation: Operation = "*"
    kind: Kind
    hold_s: Annotated[float, Field(ge=0, le=120)] = 0
    retry_after: Annotated[int, Field(ge=0)] = 1


class Faults(faults.Faults[Fault]):
    """The carrier's faults that wait for their moment."""
