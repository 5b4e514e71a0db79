"""Read the desk: today in numbers, and whom or what an operator looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.errors import UnknownSubject
from bot.domain.ledger import wallet_of
from bot.domain.line import Line, Msisdn, Reading
from bot.domain.money import Money
from bot.domain.order import ACTIVATION_PROMISE, Order
from bot.domain.plan import Plan
from bot.domain.statistics import period, revenue
from bot.domain.subscriber import Subscriber
from bot.domain.support import SupportCase
from bot.services.desk_view_port import Waiting, WalletLine
from bot.services.find_plan import last_sold
from bot.services.ports import Clock
from bot.services.read_orders import OrderCard, ReadOrders
from bot.services.unit import Unit

MOST_FOUND: Final = 6
FEWEST_DIGITS: Final = 4
LATEST_ORDERS: Final = 4
LATEST_MOVEMENTS: Final = 10


@dataclass(frozen=True, slots=True)
class Today:
    """The operator's day so far."""

    revenue: Sequence[Money]
    """As `bot.domain.statistics` defines it: in the operator's currency, then in every other one
    in which something moved."""
    orders: int
    activating: int
    delayed: int
    undelivered: int
    """Charged longer ago than activation may take, and not delivered."""
    waiting: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought: orders, else people and lines to choose from."""

    order: OrderCard | None = None
    people: Sequence[Subscriber] = ()
    lines: Sequence[Line] = ()

    @property
    def number(self) -> int:
        return len(self.people) + len(self.lines)


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A line as an operator sees it, whether anybody holds it or not."""

    line: Line
    reading: Reading | None
    plan: Plan | None
    """What the reading says that the line has, as it was last sold; None for a plan of others."""
    wallet: Money
    movements: Sequence[WalletLine]
    """The newest first."""
    holder: Subscriber | None
    former: Subscriber | None
    """Who held it last, where nobody does now."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A subscriber as an operator sees them, with one of their lines."""

    person: Subscriber
    line: DeskLine | None
    lines: Sequence[Line]
    orders: Sequence[Order]
    unsent: Sequence[tuple[str, int]]
    case: SupportCase | None
    """Of support, while it is open."""
    now: datetime


class ReadDesk:
    def __init__(self, clock: Clock, zone: ZoneInfo, currency: str, orders: ReadOrders) -> None:
        self._clock = clock
        self._zone = zone
        self._currency = currency
        self._orders = orders

    @property
    def zone(self) -> ZoneInfo:
        return self._zone

    async def today(self, unit: Unit) -> Today:
        now = self._clock.now()
        (today,) = period(now, 1, self._zone).day_spans
        activating, delayed = await unit.desk.activating()
        earned = {self._currency: Money.zero(self._currency)}
        earned |= revenue(await unit.desk.earned(today))
        return Today(
            revenue=list(earned.values()),
            orders=await unit.desk.paid_orders(today),
            activating=activating,
            delayed=delayed,
            undelivered=await unit.desk.undelivered(now - ACTIVATION_PROMISE),
            waiting=len(await unit.desk.waiting()),
        )

    async def waiting(self, unit: Unit) -> list[Waiting]:
        return await unit.desk.waiting()

    async def find(self, unit: Unit, typed: str, number: Msisdn | None) -> Found:
        """By an order's reference, a number or at least its last four digits, a Telegram id, or a
        part of a name. ``number`` is what was typed as an E.164 number, if it is one."""
        order = await unit.orders.get(typed.strip().upper())
        if order is not None:
            return Found(await self._orders.card_of(unit, order))
        digits = number.removeprefix("+") if number is not None else _digits(typed)
        if digits is None:
            return Found(people=await unit.desk.named(typed.strip(), MOST_FOUND))
        lines = await unit.desk.lines_ending(digits, MOST_FOUND)
        person = await unit.subscribers.find(int(digits)) if len(digits) < 17 else None
        people = [person] if person is not None else []
        return Found(people=people, lines=lines[: MOST_FOUND - len(people)])

    async def order(self, unit: Unit, order_id: str) -> OrderCard:
        """Any subscriber's. Raises `UnknownSubject`."""
        order = await unit.orders.get(order_id)
        if order is None:
            raise UnknownSubject(order_id)
        return await self._orders.card_of(unit, order)

    async def subject(self, unit: Unit, subscriber_id: int) -> Subject:
        """With the line that they see at home. Raises `UnknownSubject`."""
        person = await unit.subscribers.find(subscriber_id)
        if person is None:
            raise UnknownSubject(str(subscriber_id))
        lines = await unit.lines.of(subscriber_id)
        default = next((each for each in lines if each.id == person.default_line_id), None)
        shown = default or next(iter(lines), None)
        line = await self.line(unit, shown.id) if shown is not None else None
        return await self._subject(unit, person, line)

    async def line(self, unit: Unit, line_id: int) -> DeskLine:
        """Raises `UnknownSubject`."""
        line = await unit.lines.get(line_id)
        if line is None:
            raise UnknownSubject(str(line_id))
        reading = await unit.readings.latest(line_id)
        return DeskLine(
            line,
            reading,
            await last_sold(unit, reading.plan_code) if reading is not None else None,
            await unit.ledger.balance(wallet_of(line_id), self._currency),
            await unit.desk.wallet_lines(line_id, LATEST_MOVEMENTS),
            holder=await _known(unit, await unit.lines.holder(line_id)),
            former=await _known(unit, await unit.lines.former_holder(line_id)),
        )

    async def subject_of_line(self, unit: Unit, line: DeskLine) -> Subject | None:
        """The line's holder; None where nobody holds it now."""
        return await self._subject(unit, line.holder, line) if line.holder is not None else None

    async def _subject(self, unit: Unit, person: Subscriber, line: DeskLine | None) -> Subject:
        return Subject(
            person, line, await unit.lines.of(person.id),
            await unit.orders.of(person.id, LATEST_ORDERS, 0), await unit.desk.unsent(person.id),
            await unit.cases.open_of(person.id), self._clock.now(),
        )  # fmt: skip


async def _known(unit: Unit, subscriber_id: int | None) -> Subscriber | None:
    return await unit.subscribers.find(subscriber_id) if subscriber_id is not None else None


def _digits(typed: str) -> str | None:
    plain = typed.strip().removeprefix("+").replace(" ", "").replace("-", "")
    is_number = plain.isascii() and plain.isdecimal() and len(plain) >= FEWEST_DIGITS
    return plain if is_number else None
