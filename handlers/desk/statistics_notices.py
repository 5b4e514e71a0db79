"""How statistics come once they are counted: into the message that waits for them, or as a picture.

A message that shows something else by then is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.domain.plan import Plan
from bot.services.find_plan import last_sold
from bot.services.ports import Clock
from bot.services.statistics_requests import (
    CountStatistics,
    StatisticsCounted,
    StatisticsNotCounted,
)
from bot.services.unit import Unit
from handlers import sending
from handlers.screens.desk import statistics as screens
from handlers.screens.screen import Screen, inline_keyboard
from handlers.texts import Texts, texts


class ChatStatisticsNotices:
    """Implements `bot.services.read_statistics.StatisticsNotices`. ``currency`` is the operator's:
    what is drawn of, unless only another one has moved."""

    def __init__(self, clock: Clock, zone: ZoneInfo, currency: str) -> None:
        self._clock = clock
        self._zone = zone
        self._currency = currency

    async def counted(self, unit: Unit, answer: StatisticsCounted) -> None:
        request, counted = answer.request, answer.statistics
        t = await self._texts(unit, request)
        if request.as_picture:
            self._send_picture(unit, t, answer)
            return
        plans = await self._plans(unit, answer)
        screen = screens.statistics(t, request.period, counted, plans, self._zone)
        await self._put(unit, request, screen)

    async def not_counted(self, unit: Unit, answer: StatisticsNotCounted) -> None:
        request = answer.request
        screen = screens.not_counted(await self._texts(unit, request), len(request.period.days))
        if request.as_picture:
            sending.tell(unit, request.asked_by, screen)
        else:
            await self._put(unit, request, screen)

    async def _put(self, unit: Unit, request: CountStatistics, screen: Screen) -> None:
        chat_id, subject = request.asked_by, screens.subject(len(request.period.days))
        panel = await unit.chat_messages.get(chat_id, sending.PANEL)
        if panel is not None and (panel.shows, panel.subject) == (screens.SHOWS, subject):
            sending.edit(unit, chat_id, panel.message_id, screen, self._clock.now())

    def _send_picture(self, unit: Unit, t: Texts, answer: StatisticsCounted) -> None:
        chat_id, period = answer.request.asked_by, answer.request.period
        facts = screens.picture(period, answer.statistics, self._currency)
        parameters = {
            "chat_id": chat_id,
            "photo": {"$file": facts},
            "caption": screens.picture_caption(t, period, answer.statistics, facts["currency"]),
            "parse_mode": "HTML",
            "reply_markup": inline_keyboard(screens.picture_keys(t)),
        }
        unit.outbox.telegram("sendPhoto", parameters, chat_id=chat_id)

    async def _plans(self, unit: Unit, answer: StatisticsCounted) -> Mapping[str, Plan]:
        """Those that were sold, on sale or not, as they were last sold."""
        found: dict[str, Plan] = {}
        for code in dict.fromkeys(each.plan_code for each in answer.statistics.so_far.earned):
            plan = await last_sold(unit, code)
            if plan is not None:
                found[code] = plan
        return found

    async def _texts(self, unit: Unit, request: CountStatistics) -> Texts:
        known = await unit.subscribers.find(request.asked_by)
        return texts(known.language if known is not None else "en")
