"""Read support: when somebody answers, and a case as the operators see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.errors import UnknownSubject
from bot.domain.line import Line
from bot.domain.subscriber import Subscriber
from bot.domain.support import SupportCase, Written
from bot.domain.support_hours import SupportHours
from bot.services.ports import Clock
from bot.services.read_orders import OrderCard, ReadOrders
from bot.services.unit import Unit

LATEST_MESSAGES: Final = 8


@dataclass(frozen=True, slots=True)
class Attendance:
    """Whether somebody answers now, or from when on, and how long an answer takes then."""

    hours: SupportHours
    zone: ZoneInfo
    opens_at: datetime | None
    """None: open now."""
    answer_within: timedelta


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case as the operators see it. ``order`` is the one that it is about, else the latest."""

    case: SupportCase
    person: Subscriber
    line: Line | None
    plan: str | None
    order: OrderCard | None
    messages: Sequence[Written]
    now: datetime


class ReadSupport:
    def __init__(
        self, clock: Clock, orders: ReadOrders, hours: SupportHours, zone: ZoneInfo,
        answer_within: timedelta,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._orders = orders
        self._hours = hours
        self._zone = zone
        self._answer_within = answer_within

    def attendance(self) -> Attendance:
        now = self._clock.now()
        opens_at = self._hours.opens_at(now, self._zone)
        return Attendance(
            self._hours, self._zone, None if opens_at == now else opens_at, self._answer_within
        )

    async def card(self, unit: Unit, case_id: int) -> CaseCard:
        """Raises `UnknownSubject`."""
        case = await unit.cases.get(case_id)
        person = await unit.subscribers.find(case.subscriber_id) if case is not None else None
        if case is None or person is None:
            raise UnknownSubject(str(case_id))
        lines = await unit.lines.of(person.id)
        line = next((each for each in lines if each.id == person.default_line_id), None)
        line = line or next(iter(lines), None)
        reading = await unit.readings.latest(line.id) if line is not None else None
        return CaseCard(
            case,
            person,
            line,
            reading.plan_code if reading is not None else None,
            await self._order_of(unit, case, person),
            await unit.cases.messages(case.id, LATEST_MESSAGES),
            self._clock.now(),
        )

    async def _order_of(
        self, unit: Unit, case: SupportCase, person: Subscriber
    ) -> OrderCard | None:
        order = await unit.orders.get(case.order_id) if case.order_id is not None else None
        if order is not None:
            return await self._orders.card_of(unit, order)
        return await self._orders.latest(unit, person)
