"""The one loop that decides: an event, a transaction, and what it staged to the couriers.

A dialogue or service that raises has its transaction rolled back; a second transaction then says
so: a `Refusal` is told to the person, anything else is apologised for and buried among the dead
letters. When even the apology fails, the event is buried without one, and so is what is no update
of Telegram's (`bot.runtime.reading`). `StoreFailed` ends the process, and what was not decided is
decided after the next start; an event at which the store has failed twice, and which could still be
buried, is to blame for it itself.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

import structlog
from telegram import Update

from bot.domain.errors import Refusal, TooFast
from bot.runtime import (
    carrier_courier,
    intake,
    platform_courier,
    reading,
    stars_courier,
    statistics_courier,
    support_courier,
)
from bot.runtime.application import DecidingApplication
from bot.runtime.clock import Clock
from bot.runtime.codec import answer_from_json
from bot.runtime.couriers import Courier
from bot.runtime.flood import Flood, Hearing
from bot.runtime.logs import redact
from bot.runtime.reading import Unreadable
from bot.runtime.timers import Timers
from bot.runtime.undecided import Undecided
from bot.services.events import Effect, Event, RuntimeUnit, Store, StoreFailed
from bot.services.unit import Lane, Unit

Route = Callable[[Unit, Any], Awaitable[None]]
"""Takes an answer of the carrier, the payment platform, Telegram or the books as its dataclass, or
the payload of a timer, a notice or a command as a ``dict``."""

_ANSWERS: Final = frozenset(
    each.SOURCE
    for each in (
        carrier_courier,
        platform_courier,
        stars_courier,
        statistics_courier,
        support_courier,
    )
)
_PAYMENT: Final = "successful_payment"
_PRESS: Final = "callback_query"
_LONGEST_ERROR: Final = 8_000
_SUSPECT: Final = "store_failed_at_event"

_log = structlog.get_logger(__name__)


class OnRefusal(Protocol):
    """Tells the person what failed; ``reference`` is what to quote when it was not a `Refusal`."""

    async def __call__(
        self, update: Update, error: Exception, unit: RuntimeUnit, reference: str
    ) -> None: ...


class Decider:
    """``routes`` by the event's kind, for everything that is not a Telegram update.

    As ``store`` give the couriers' `bot.runtime.marks.Marks`, which write along with decisions.
    """

    def __init__(
        self,
        store: Store,
        undecided: Undecided,
        application: DecidingApplication,
        routes: Mapping[str, Route],
        on_refusal: OnRefusal,
        couriers: Mapping[str, Courier],
        timers: Timers,
        flood: Flood,
        clock: Clock,
    ) -> None:
        self._store = store
        self._undecided = undecided
        self._application = application
        self._routes = routes
        self._on_refusal = on_refusal
        self._couriers = couriers
        self._timers = timers
        self._flood = flood
        self._clock = clock
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_stopping = False

    @property
    def is_idle(self) -> bool:
        return self._idle.is_set()

    async def run(self) -> None:
        while not self._is_stopping:
            event = await self._undecided.next()
            self._idle.clear()
            await self._decide(event)
            self._idle.set()

    async def stop(self) -> None:
        """Finishes the present decision and begins no other."""
        self._is_stopping = True
        await self._idle.wait()

    async def _decide(self, event: Event) -> None:
        update = None
        try:
            if event.source == intake.SOURCE:
                raw = json.loads(event.payload)
                reading.check(raw)
                hearing = self._flood.judge(event.kind, raw)
                if hearing is Hearing.PASSED_OVER:
                    await self._pass_over(event, raw)
                    return
                update = reading.read(raw, self._application.bot)
                if hearing is Hearing.SLOW_DOWN:
                    raise TooFast
            async with self._store.unit() as unit:
                if update is None:
                    await self._route(event, unit)
                else:
                    await self._application.decide(update, unit)
                unit.inbox.mark_decided(event.id, self._clock.now())
        except Unreadable as error:
            await self._put_aside(event, error)
        except StoreFailed as error:
            await self._suspect(event, error)
            raise
        except Exception as error:
            await self._application.forget()
            await self._refuse(event, update, error)
        else:
            self._hand_over(unit.effects.staged)

    async def _put_aside(self, event: Event, error: Unreadable) -> None:
        """What is no update of Telegram's is nobody's either: nobody is told. Should it speak of a
        payment, somebody has to look at it."""
        tell = _log.error if _PAYMENT in event.payload else _log.warning
        tell("update_unreadable", event_id=event.id, kind=event.kind, why=str(error))
        async with self._store.unit() as unit:
            unit.inbox.bury(event, "", str(error), self._clock.now())
            unit.inbox.mark_decided(event.id, self._clock.now())

    async def _pass_over(self, event: Event, raw: dict[str, Any]) -> None:
        """Nothing is done; but a button that was pressed stops waiting."""
        async with self._store.unit() as unit:
            if event.kind == _PRESS:
                answer = {"callback_query_id": raw[_PRESS]["id"]}
                unit.outbox.telegram("answerCallbackQuery", answer, chat_id=None, lane=Lane.ANSWER)
            unit.inbox.mark_decided(event.id, self._clock.now())
        self._hand_over(unit.effects.staged)

    async def _route(self, event: Event, unit: RuntimeUnit) -> None:
        route = self._routes[event.kind]
        if event.source in _ANSWERS:
            await route(unit, answer_from_json(event.kind, event.payload))
        else:
            await route(unit, json.loads(event.payload))

    async def _refuse(self, event: Event, update: Update | None, error: Exception) -> None:
        reference = _reference()
        try:
            async with self._store.unit() as unit:
                if not isinstance(error, Refusal):
                    self._bury(event, reference, error, unit)
                if update is not None:
                    await self._tell(update, error, unit, reference)
                unit.inbox.mark_decided(event.id, self._clock.now())
        except StoreFailed:
            raise
        except Exception as second:
            async with self._store.unit() as unit:
                self._bury(event, reference, second, unit)
                unit.inbox.mark_decided(event.id, self._clock.now())
        else:
            self._hand_over(unit.effects.staged)

    async def _suspect(self, event: Event, error: StoreFailed) -> None:
        """Remembers at which event the store failed, and buries it the second time. With a store
        that takes nothing at all neither is possible, and no event is blamed."""
        with suppress(StoreFailed):
            async with self._store.unit() as unit:
                if await unit.counters.get(_SUSPECT) == event.id:
                    self._bury(event, _reference(), error, unit)
                    unit.inbox.mark_decided(event.id, self._clock.now())
                else:
                    unit.counters.set(_SUSPECT, event.id)

    async def _tell(
        self, update: Update, error: Exception, unit: RuntimeUnit, reference: str
    ) -> None:
        self._application.unit = unit
        try:
            await self._on_refusal(update, error, unit, reference)
        finally:
            self._application.unit = None

    def _bury(self, event: Event, reference: str, error: Exception, unit: RuntimeUnit) -> None:
        _log.error(
            "event_failed",
            event_id=event.id,
            source=event.source,
            kind=event.kind,
            reference=reference,
            exc_info=error,
        )
        trace = redact("".join(traceback.format_exception(error)))
        unit.inbox.bury(event, reference, trace[-_LONGEST_ERROR:], self._clock.now())

    def _hand_over(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            courier = self._couriers.get(effect.courier)
            if courier is not None:  # else it waits in the outbox for a bot that has one
                courier.hand(effect)
        self._timers.look_again()


def _reference() -> str:
    """Short enough to be read out to the support."""
    return secrets.token_hex(3).upper()
