"""Renew a line: show what is sold, and quote a plan for it. Top-ups are quoted alike.

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
from bot.domain.order import PAYMENT_WINDOW, Order, OrderStatus, Renewal, TopUp, new_order_id
from bot.domain.payment import PaymentMethod, Way
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.domain.top_up import TopUpBounds
from bot.services.card_port import KeptCard
from bot.services.choose_method import ways_by
from bot.services.find_plan import plan_of
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
    plan: Plan | None
    """None for a top-up."""
    line: Line
    wallet: Money
    ways: list[Way]
    """Those that can pay now, first the line's default, else the one that paid last time, else the
    wallet; empty when the wallet is short and nothing else is offered."""
    starts_at: datetime | None
    """At the end of what already runs or waits; None when nothing does: as soon as it is active."""
    cards: list[KeptCard] = field(default_factory=list)
    """The subscriber's, among them those of the ways."""
    top_up: Money | None = None
    """What to put into the wallet so that it can pay; None when it can, or where one top-up cannot
    bring so much."""

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

    def __init__(
        self,
        clock: Clock,
        order_prefix: str,
        methods: Sequence[PaymentMethod],
        top_ups: TopUpBounds,
    ) -> None:
        self._clock = clock
        self._order_prefix = order_prefix
        self._methods = methods
        self._top_ups = top_ups

    @property
    def fills_wallets(self) -> bool:
        """Whether any of the ways to pay brings money into a wallet."""
        return any(method.fills_wallets for method in self._methods)

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
        buys = Renewal(plan.code, plan.version, periods, plan.days_for(periods))
        order = self.draft(subscriber, line, buys, plan.total(periods))
        best = await best_for(unit, subscriber.id, plan, periods, order.created_at)
        return await self.open_quote(unit, order.with_discount(best), plan, line)

    def draft(
        self, subscriber: Subscriber, line: Line, buys: Renewal | TopUp, price: Money
    ) -> Order:
        now = self._clock.now()
        return Order(
            id=new_order_id(self._order_prefix, now),
            subscriber_id=subscriber.id,
            line_id=line.id,
            buys=buys,
            total=price,
            status=OrderStatus.QUOTED,
            created_at=now,
            expires_at=now + PAYMENT_WINDOW,
        )

    async def open_quote(self, unit: Unit, order: Order, plan: Plan | None, line: Line) -> Quote:
        """Stores the draft; it closes by itself unless it is paid."""
        while not await unit.orders.add(order):
            order = replace(order, id=new_order_id(self._order_prefix, order.created_at))
        unit.timers.set(
            expiry_timer(order.id), "order_expiry", {"order_id": order.id}, order.expires_at
        )
        return await self._quote_of(unit, order, plan, line)

    async def requote(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Quote:
        """The open quote as it stands. Raises `UnknownOrder`, `WrongOrderStatus`, `UnknownLine`."""
        order = await own_order(unit, subscriber.id, order_id)
        if not order.is_open:
            raise WrongOrderStatus(order.id, order.status)
        plan = await plan_of(unit, order)
        return await self._quote_of(
            unit, order, plan, await own_line(unit, subscriber.id, order.line_id)
        )

    async def _quote_of(self, unit: Unit, order: Order, plan: Plan | None, line: Line) -> Quote:
        now = self._clock.now()
        wallet = await unit.ledger.balance(wallet_of(line.id), order.total.currency)
        cards = await unit.cards.of(order.subscriber_id)
        ways = ways_by(await self._methods_for(unit, order, wallet), cards, now)
        default = await unit.cards.default_of(line.id, order.subscriber_id)
        ways.sort(key=lambda each: each != default)
        quote = Quote(order, plan, line, wallet, ways, starts_at=None, cards=cards)
        if isinstance(order.buys, TopUp):
            return quote
        covered = await covered_until(unit, line, now)
        return replace(
            quote,
            starts_at=covered if covered is not None and covered > now else None,
            top_up=None if quote.wallet_enough else self._filling(order.total - wallet),
        )

    async def _methods_for(self, unit: Unit, order: Order, wallet: Money) -> list[PaymentMethod]:
        """Those that can pay, first the one that paid last time."""
        if isinstance(order.buys, TopUp):
            methods = [method for method in self._methods if method.fills_wallets]
            last = await unit.orders.last_topped_up_with(order.subscriber_id)
        else:
            methods = [PaymentMethod.WALLET] if order.total <= wallet else []
            methods += self._methods
            last = await unit.orders.last_paid_with(order.subscriber_id)
        return sorted(methods, key=lambda each: each is not last)

    def _filling(self, missing: Money) -> Money | None:
        return self._top_ups.covering(missing) if self.fills_wallets else None


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


async def own_order(unit: Unit, subscriber_id: int, order_id: str) -> Order:
    """The order, if it is the subscriber's own. Raises `UnknownOrder`."""
    order = await unit.orders.get(order_id)
    if order is None or order.subscriber_id != subscriber_id:
        raise UnknownOrder(order_id)
    return order
