"""The statistics courier: has the books counted beside the decisions, and stores what came of it as
an event.

Counting only reads, so it may be done again as often as need be: after a crash it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from pydantic import ValidationError

from bot.domain.statistics import Period, Statistics
from bot.runtime.clock import Clock
from bot.runtime.codec import answer_to_json, statistics_request_from_json
from bot.runtime.couriers import Courier
from bot.runtime.marks import Marks
from bot.services.events import Effect, NewEvent, Store, StoreFailed
from bot.services.statistics_requests import (
    CountStatistics,
    StatisticsAnswer,
    StatisticsCounted,
    StatisticsNotCounted,
)

SOURCE: Final = "statistics"

Count = Callable[[Period], Awaitable[Statistics]]
"""Counts on a connection of its own. Raises `bot.services.events.StoreFailed`."""

_log = structlog.get_logger(__name__)


class StatisticsCourier(Courier):
    name = "statistics"

    def __init__(self, count: Count, store: Store, marks: Marks, clock: Clock) -> None:
        super().__init__(store, marks, clock)
        self._count = count
        self._one_at_a_time = asyncio.Lock()

    async def carry_out(self, effect: Effect) -> None:
        try:
            request = statistics_request_from_json(effect.kind, effect.payload)
        except (KeyError, ValidationError) as error:
            _log.error("request_unreadable", effect=effect.id, kind=effect.kind)
            self._marks.failed(effect.id, type(error).__name__)
            return
        async with self._one_at_a_time:
            kind, payload = answer_to_json(await self._answer(request))
        self._marks.tell(NewEvent(SOURCE, str(effect.id), kind, payload))
        self._marks.done(effect.id)

    async def _answer(self, request: CountStatistics) -> StatisticsAnswer:
        try:
            return StatisticsCounted(request, await self._count(request.period))
        except StoreFailed:
            _log.exception("statistics_not_counted")
            return StatisticsNotCounted(request)
