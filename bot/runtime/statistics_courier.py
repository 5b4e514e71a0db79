"""The statistics courier: has the books counted beside the decisions, and stores what came of it as
an event.

Counting only reads, so it may be done again as often as need be: after a crash it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.domain.statistics import Period, Statistics
from bot.runtime.clock import Clock
from bot.runtime.codec import statistics_request_from_json
from bot.runtime.marks import Marks
from bot.runtime.request_courier import RequestCourier
from bot.services.events import Effect, Store, StoreFailed
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


class StatisticsCourier(RequestCourier[CountStatistics]):
    name = "statistics"
    source = SOURCE

    def __init__(self, count: Count, store: Store, marks: Marks, clock: Clock) -> None:
        super().__init__(statistics_request_from_json, store, marks, clock)
        self._count = count
        self._one_at_a_time = asyncio.Lock()

    async def _answer(self, _effect: Effect, request: CountStatistics) -> StatisticsAnswer:
        try:
            async with self._one_at_a_time:
                return StatisticsCounted(request, await self._count(request.period))
        except StoreFailed:
            _log.exception("statistics_not_counted")
            return StatisticsNotCounted(request)
