"""Renew a line: show what is sold, and quote a plan for it.

A quote is an order that nobody has confirmed. It keeps the plan's version, the price and the
currency as the subscriber saw them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.calendar import after_days
from bot.domain.errors import UnknownOrder, UnknownPlan, WrongOrderStatus
from bot.domain.ledger import wallet_of
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import PAYMENT_WINDOW, Order, OrderStatus, Renewal, new_order_id
from bot.domain.payment import PaymentMethod, Way
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.services.card_port import KeptCard
from bot.services.choose_method import ways_by
from bot.services.hold_coupon import best_for
from bot.services.keep_card import MOST_KEPT
from bot.services.link_line import own_line
from bot.services.order_keys import expiry_timer
from bot.services.ports import Clock
from bot.services.read_account import chosen_line
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Quote:
    """What the subscriber is asked to confirm."""

    order: Order
    plan: Plan
    line: Line
    wallet: Money
    ways: list[Way]
    """Those that can pay now, first the line's default, else the one that paid last time, else the
    wallet; empty when the wallet is short and nothing else is offered."""
    starts_at: datetime | None
    """At the end of what already runs or waits; None when nothing does: as soon as it is active."""
    cards: list[KeptCard] = field(default_factory=list)
    """The subscriber's, among them those of the ways."""

    @property
    def wallet_enough(self) -> bool:
        return self.order.total <= self.wallet

    def offers(self, way: Way) -> bool:
        if not way.keeps_card:
            return way in self.ways
        page = Way(PaymentMethod.CARD)
        has_room = len(self.cards) < MOST_KEPT
        return has_room and way == replace(page, keeps_card=True) and page in self.ways


class RenewLine:
    """``methods``: what is offered beside the wallet, in the operator's order."""

    def __init__(self, clock: Clock, order_prefix: str, methods: Sequence[PaymentMethod]) -> None:
        self._clock = clock
        self._order_prefix = order_prefix
        self._methods = methods

    async def catalogue(self, unit: Unit) -> list[Plan]:
        return await unit.catalogue.on_sale()

    async def plan(self, unit: Unit, code: str) -> Plan:
        """The plan on sale under that code. Raises `UnknownPlan`."""
        plan = await unit.catalogue.current(code)
        if plan is None:
            raise UnknownPlan(code)
        return plan

    async def quote(
        self, unit: Unit, subscriber: Subscriber, plan_code: str, periods: int
    ) -> Quote:
        """The best coupon of the subscriber's is taken off at once.

        Raises `NoLine`, `UnknownPlan`, `PeriodsOutOfRange`.
        """
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        plan = await self.plan(unit, plan_code)
        plan.check_periods(periods)
        now = self._clock.now()
        order = Order(
            id=new_order_id(self._order_prefix, now),
            subscriber_id=subscriber.id,
            line_id=line.id,
            buys=Renewal(plan.code, plan.version, periods, plan.days_for(periods)),
            total=plan.total(periods),
            status=OrderStatus.QUOTED,
            created_at=now,
            expires_at=now + PAYMENT_WINDOW,
        ).with_discount(await best_for(unit, subscriber.id, plan, periods, now))
        while not await unit.orders.add(order):
            order = replace(order, id=new_order_id(self._order_prefix, now))
        unit.timers.set(
            expiry_timer(order.id), "order_expiry", {"order_id": order.id}, order.expires_at
        )
        return await self._quote_of(unit, order, plan, line)

    async def requote(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Quote:
        """The open quote as it stands.

        Raises `UnknownOrder`, `WrongOrderStatus`, `NotARenewal`, `UnknownLine`.
        """
        order = await own_order(unit, subscriber.id, order_id)
        if not order.is_open:
            raise WrongOrderStatus(order.id, order.status)
        plan = await renewed_plan(unit, order.renewal)
        return await self._quote_of(
            unit, order, plan, await own_line(unit, subscriber.id, order.line_id)
        )

    async def _quote_of(self, unit: Unit, order: Order, plan: Plan, line: Line) -> Quote:
        wallet = await unit.ledger.balance(wallet_of(line.id), order.total.currency)
        methods = [PaymentMethod.WALLET] if order.total <= wallet else []
        methods += self._methods
        last = await unit.orders.last_paid_with(order.subscriber_id)
        methods.sort(key=lambda each: each is not last)
        now = self._clock.now()
        cards = await unit.cards.of(order.subscriber_id)
        ways = ways_by(methods, cards, now)
        default = await unit.cards.default_of(line.id, order.subscriber_id)
        ways.sort(key=lambda each: each != default)
        covered = await covered_until(unit, line, now)
        starts_at = covered if covered is not None and covered > now else None
        return Quote(order, plan, line, wallet, ways, starts_at, cards)


async def covered_until(unit: Unit, line: Line, now: datetime) -> datetime | None:
    """The end of all that the line already has: the carrier's word, what was bought since, and
    what is paid for and still being delivered."""
    reading = await unit.readings.latest(line.id)
    ends = [each.ends_at for each in await unit.entitlements.of_line(line.id, ending_after=now)]
    ends += [
        after_days(each.starts_at, each.renewal.days, line.reset_zone)
        for each in await unit.orders.undelivered(line.id)
        if each.starts_at is not None
    ]
    if reading is not None and reading.valid_until is not None:
        ends.append(reading.valid_until)
    return max(ends, default=None)


async def renewed_plan(unit: Unit, renewal: Renewal) -> Plan:
    """The plan in the version that was ordered."""
    plan = await unit.catalogue.version(renewal.plan_code, renewal.plan_version)
    if plan is None:
        raise UnknownPlan(renewal.plan_code)
    return plan


async def own_order(unit: Unit, subscriber_id: int, order_id: str) -> Order:
    """The order, if it is the subscriber's own. Raises `UnknownOrder`."""
    order = await unit.orders.get(order_id)
    if order is None or order.subscriber_id != subscriber_id:
        raise UnknownOrder(order_id)
    return order
