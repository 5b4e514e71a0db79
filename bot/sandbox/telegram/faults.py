"""Troubles on order: refusals, delays, lost connections, doubled and disordered updates."""

from __future__ import annotations

import random
from http import HTTPStatus
from typing import Any, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from bot.sandbox.telegram.errors import ApiError


@dataclass(config=ConfigDict(extra="forbid"))
class Fault:
    """One order: the next `times` requests that match, or each with a probability."""

    method: str | None = None
    kind: Literal["duplicate-update", "reorder"] | None = None
    chat_id: int | None = None
    times: int | None = None
    probability: float | None = None
    seed: int = 0
    status: int | None = None
    description: str | None = None
    retry_after: int | None = None
    drop: Literal["before", "after"] | None = None
    delay_ms: int = 0

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - chance, not a secret
        if (self.method is None) == (self.kind is None):
            raise ValueError("a fault has either a method (* for any) or a kind")
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError("status is a refusal: 400 to 599")
        if self.probability is None and self.times is None:
            self.times = 1

    def strikes(self) -> bool:
        """Whether it happens this time; counts down."""
        if self.probability is not None and self._chance.random() >= self.probability:
            return False
        if self.times is not None:
            if self.times <= 0:
                return False
            self.times -= 1
        return True

    def matches(self, method: str, chat_id: object) -> bool:
        """Whether it is meant for this request."""
        return (
            self.method is not None
            and self.method.lower() in ("*", method.lower())
            and self.chat_id in (None, chat_id)
        )

    def refusal(self) -> ApiError | None:
        """What to answer instead of carrying out, if anything."""
        if self.status is None:
            return None
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = self.retry_after or 1
            return ApiError(429, self.description or f"Too Many Requests: retry after {wait}", wait)
        phrase = self.description or HTTPStatus(self.status).phrase
        return ApiError(self.status, phrase, self.retry_after)


class Faults:
    """The troubles in force; the first that strikes wins."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def order(self, asked: dict[str, Any]) -> None:
        """Put one in force, in the control API's words. Raises ValueError."""
        self._faults.append(Fault(**asked))

    def clear(self) -> None:
        """End all."""
        self._faults.clear()

    def on_request(self, method: str, chat_id: object) -> Fault | None:
        """What strikes this request."""
        return next((f for f in self._faults if f.matches(method, chat_id) and f.strikes()), None)

    def on_update(self, kind: str) -> bool:
        """Whether an update is to be doubled or disordered now."""
        return any(fault.kind == kind and fault.strikes() for fault in self._faults)
