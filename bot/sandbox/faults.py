"""Faults that wait for their moment, whatever they do to whom."""

import random
from collections.abc import Container
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr


class Fault(BaseModel):
    """One fault. It strikes `times` times, or each time with `probability`, or until removed.

    Those that derive from it name the operations and the kinds of their part of the world.
    """

    model_config = ConfigDict(extra="forbid")

    operation: str = "*"
    kind: str
    times: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(gt=0, le=1)] | None = None
    seed: int = 0
    delay_ms: Annotated[int, Field(ge=0, le=120_000)] = 2_000

    _random: random.Random = PrivateAttr()

    def model_post_init(self, _: Any) -> None:
        """Draw from the fault's own seed, so that a run can be repeated."""
        self._random = random.Random(self.seed)  # noqa: S311 - a test's dice, not a secret

    def strikes(self) -> bool:
        """Whether it strikes this time."""
        return self.probability is None or self._random.random() < self.probability


AnyFault = TypeVar("AnyFault", bound=Fault)


class Faults(Generic[AnyFault]):
    """The faults that wait for their moment."""

    def __init__(self) -> None:
        self.waiting: list[AnyFault] = []

    def take(self, operation: str, kinds: Container[str]) -> AnyFault | None:
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
