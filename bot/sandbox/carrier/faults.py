"""Faults that a test or a person gives the carrier, and when they strike."""

import random
from collections.abc import Container
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr


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


class Fault(BaseModel):
    """One fault. It strikes `times` times, or each time with `probability`, or until removed.

    "order" is the placing of an order; looking one up or cancelling it is "order-state".
    """

    model_config = ConfigDict(extra="forbid")

    operation: Operation = "*"
    kind: Kind
    times: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(gt=0, le=1)] | None = None
    seed: int = 0
    delay_ms: Annotated[int, Field(ge=0, le=120_000)] = 2_000
    hold_s: Annotated[float, Field(ge=0, le=120)] = 0
    retry_after: Annotated[int, Field(ge=0)] = 1

    _random: random.Random = PrivateAttr()

    def model_post_init(self, _: Any) -> None:
        """Draw from the fault's own seed, so that a run can be repeated."""
        self._random = random.Random(self.seed)  # noqa: S311 - a test's dice, not a secret

    def strikes(self) -> bool:
        """Whether it strikes this time."""
        return self.probability is None or self._random.random() < self.probability


class Faults:
    """The faults that wait for their moment."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, operation: str, kinds: Container[Kind]) -> Fault | None:
        """The fault that strikes this operation now, counted as used."""
        for fault in self.waiting:
            if fault.operation not in ("*", operation) or fault.kind not in kinds:
                continue
            if not fault.strikes():
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times == 0:
                    self.waiting.remove(fault)
            return fault
        return None
