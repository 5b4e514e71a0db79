"""Statistics.

[Statistics] ─▶ counted beside the decisions ─▶ today in words ─▶ [7 days] [30 days]
[Chart] ─▶ 30 days as a picture in a message of its own ─▶ [Close]
"""

from __future__ import annotations

from bot.domain.operator import Deed
from bot.services.authority import Authority
from bot.services.read_statistics import ReadStatistics
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.desk.only import Only
from handlers.routing import DONE, NextStep, Part
from handlers.screens.desk import statistics as screens


class StatisticsDialogue:
    def __init__(self, authority: Authority, statistics: ReadStatistics) -> None:
        self._authority = authority
        self._statistics = statistics

    async def count(self, context: EventContext) -> NextStep:
        asked = context.pressed.number
        days = asked if asked in screens.SPANS else screens.SPANS[0]
        await self._statistics.ask(context.unit, context.subscriber.id, days)
        context.wait_for(screens.SHOWS, screens.subject(days))
        context.answer(context.t.plain("Counting…"))
        return DONE

    async def draw(self, context: EventContext) -> NextStep:
        await self._statistics.ask(
            context.unit, context.subscriber.id, screens.DRAWN_DAYS, as_picture=True
        )
        context.answer(context.t.plain("Counting…"))
        return DONE

    async def close(self, context: EventContext) -> NextStep:
        message_id = context.pressed_message_id
        if message_id is not None:
            sending.delete(context.unit, context.subscriber.id, message_id)
        return DONE

    def part(self) -> Part:
        only = Only(self._authority, Deed.READ_STATISTICS)
        return Part(
            entries=[
                only.on_press(Action.STATISTICS, self.count),
                only.on_press(Action.STATISTICS_CHART, self.draw),
                only.on_press(Action.STATISTICS_CLOSE, self.close),
            ]
        )
