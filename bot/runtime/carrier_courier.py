"""The carrier courier: asks the carrier, and stores what it answered as an event.

An order is the one request that must not be carried out twice. The attempt is written down before
it is made; when its outcome is unknown, or a crash left it in doubt, the answer says so and the
services look before they order again. Everything else may be asked again.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from bot.domain.errors import CarrierError, OutcomeUnknown, RateLimited
from bot.runtime.asking import ask
from bot.runtime.backoff import Backoff
from bot.runtime.clock import Clock
from bot.runtime.codec import request_from_json
from bot.runtime.marks import Marks
from bot.runtime.request_courier import RequestCourier
from bot.services.events import Effect, Store
from bot.services.ports import Carrier
from bot.services.requests import (
    CarrierAnswer,
    CarrierRequest,
    Look,
    LookUpOrder,
    OrderOutcomeUnknown,
    RequestFailed,
    SubmitOrder,
)

SOURCE: Final = "carrier"
_ORDER_PATIENCE: Final = timedelta(minutes=10)
_PATIENCE: Final = timedelta(seconds=30)
"""For how long after it was staged a request is tried again while the carrier is unavailable."""

_log = structlog.get_logger(__name__)


class CarrierCourier(RequestCourier[CarrierRequest]):
    """``at_once`` bounds the calls under way; a call is given up after ``timeout_s``."""

    name = "carrier"
    source = SOURCE

    def __init__(
        self,
        carrier: Carrier,
        store: Store,
        marks: Marks,
        clock: Clock,
        *,
        at_once: int = 16,
        timeout_s: float = 10.0,
    ) -> None:
        super().__init__(request_from_json, store, marks, clock)
        self._carrier = carrier
        self._at_once = asyncio.Semaphore(at_once)
        self._timeout_s = timeout_s

    def _answer_id(self, effect: Effect) -> str:
        return f"{effect.id}:{effect.attempts}"

    async def _answer(self, effect: Effect, request: CarrierRequest) -> CarrierAnswer | None:
        """Asks until there is an answer or patience ends; None when no answer is to be given."""
        if isinstance(request, SubmitOrder) and effect.attempts:
            return OrderOutcomeUnknown(request.order_id, look=Look())
        backoff = Backoff(0.5, 30.0)
        while True:
            try:
                return await self._ask(effect, request)
            except CarrierError as error:
                if error.operator_must_act:
                    _log.error("carrier_needs_operator", error=type(error).__name__)
                if error.permanent or not self._may_wait(effect, request, error):
                    return _failure(request, error)
                wait_s = error.retry_after_s if isinstance(error, RateLimited) else 0.0
                await self._clock.pause(max(wait_s, backoff.next_s()))
            except Exception as error:
                # A fault of the adapter, or nonsense that it did not expect: asking again would
                # only repeat it, and nobody knows what became of an order.
                _log.exception("carrier_adapter_failed", effect=effect.id, kind=effect.kind)
                return _failure(request, OutcomeUnknown(type(error).__name__))

    def _may_wait(self, effect: Effect, request: CarrierRequest, error: CarrierError) -> bool:
        is_order = isinstance(request, SubmitOrder)
        if is_order and isinstance(error, OutcomeUnknown):
            return False
        patience = _ORDER_PATIENCE if is_order else _PATIENCE
        return self._clock.now() - effect.created_at < patience

    async def _ask(self, effect: Effect, request: CarrierRequest) -> CarrierAnswer | None:
        async with self._at_once, self.on_the_wire():
            if isinstance(request, SubmitOrder):
                await self._write_attempt(effect)
            try:
                async with asyncio.timeout(self._timeout_s):
                    return await ask(self._carrier, request)
            except TimeoutError as error:
                raise OutcomeUnknown("no answer in time") from error

    async def _write_attempt(self, effect: Effect) -> None:
        async with self._store.unit() as unit:
            unit.effects.mark_attempt(effect.id, None)


def _failure(request: CarrierRequest, error: CarrierError) -> CarrierAnswer:
    """What to answer for a request that came to nothing. A look that failed says nothing about the
    order, nor does a submission without an answer."""
    match request:
        case LookUpOrder():
            return OrderOutcomeUnknown(request.order_id, request.look)
        case SubmitOrder() if isinstance(error, OutcomeUnknown):
            return OrderOutcomeUnknown(request.order_id, look=Look())
        case _:
            return RequestFailed(request, type(error).__name__)
