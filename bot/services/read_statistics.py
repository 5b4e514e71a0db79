"""Read the statistics: ask for a period to be counted, and show what came of it.

    ask ─▶ counted beside the decisions ─▶ on_counted ─▶ the screen that still waits, or a picture

Whoever asked may have lost the role meanwhile: they are asked for it again before they see it.
"""

from __future__ import annotations

from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.operator import Deed
from bot.domain.statistics import period
from bot.services.authority import Authority
from bot.services.ports import Clock
from bot.services.statistics_requests import (
    CountStatistics,
    StatisticsCounted,
    StatisticsNotCounted,
)
from bot.services.unit import Unit


class StatisticsNotices(Protocol):
    async def counted(self, unit: Unit, answer: StatisticsCounted) -> None: ...

    async def not_counted(self, unit: Unit, answer: StatisticsNotCounted) -> None: ...


class ReadStatistics:
    """``zone`` is the operator's: its midnights part the days."""

    def __init__(
        self, clock: Clock, authority: Authority, notices: StatisticsNotices, zone: ZoneInfo
    ) -> None:
        self._clock = clock
        self._authority = authority
        self._notices = notices
        self._zone = zone

    async def ask(self, unit: Unit, by: int, days: int, *, as_picture: bool = False) -> None:
        """Has the last ``days`` counted. Raises `NotAllowed`."""
        await self._authority.require(unit, by, Deed.READ_STATISTICS)
        wanted = period(self._clock.now(), days, self._zone)
        unit.outbox.statistics(CountStatistics(by, as_picture, wanted))

    async def on_counted(self, unit: Unit, answer: StatisticsCounted) -> None:
        if await self._may_read(unit, answer.request.asked_by):
            await self._notices.counted(unit, answer)

    async def on_not_counted(self, unit: Unit, answer: StatisticsNotCounted) -> None:
        if await self._may_read(unit, answer.request.asked_by):
            await self._notices.not_counted(unit, answer)

    async def _may_read(self, unit: Unit, by: int) -> bool:
        operator = await self._authority.of(unit, by)
        return operator is not None and operator.role.may(Deed.READ_STATISTICS)
