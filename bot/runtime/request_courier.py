"""A courier that asks the outside something: reads the request, has it answered, and stores what it
was told as an event.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

import structlog
from pydantic import ValidationError

from bot.runtime.clock import Clock
from bot.runtime.codec import Answer, answer_to_json
from bot.runtime.couriers import Courier
from bot.runtime.marks import Marks
from bot.services.events import Effect, NewEvent, Store

Request = TypeVar("Request")

_log = structlog.get_logger(__name__)


class GivenUp(Exception):
    """No answer came in time, and what was asked for stands as it was; the text says why."""


class RequestCourier(Courier, Generic[Request]):
    """``source`` names it among events; ``read`` makes a request of an effect's kind and payload.

    Raised by `read` for what is no request: `KeyError`, `pydantic.ValidationError`.
    """

    source: str

    def __init__(
        self, read: Callable[[str, str], Request], store: Store, marks: Marks, clock: Clock
    ) -> None:
        super().__init__(store, marks, clock)
        self._request_of = read

    async def carry_out(self, effect: Effect) -> None:
        try:
            request = self._request_of(effect.kind, effect.payload)
        except (KeyError, ValidationError) as error:
            _log.error("request_unreadable", effect=effect.id, kind=effect.kind)
            self._marks.failed(effect.id, type(error).__name__)
            return
        try:
            answer = await self._answer(effect, request)
        except GivenUp as why:
            _log.warning("request_given_up", effect=effect.id, kind=effect.kind, why=str(why))
            self._marks.failed(effect.id, str(why))
            return
        if answer is not None:
            self._tell(effect, answer)
        self._marks.done(effect.id)

    @abstractmethod
    async def _answer(self, effect: Effect, request: Request) -> Answer | None:
        """None when no answer is to be given. Raises `GivenUp`."""

    def _tell(self, effect: Effect, answer: Answer) -> None:
        kind, payload = answer_to_json(answer)
        self._marks.tell(NewEvent(self.source, self._answer_id(effect), kind, payload))

    def _answer_id(self, effect: Effect) -> str:
        """Under which the answer is stored once."""
        return str(effect.id)
