"""Renew a line: show what is sold, and quote a plan for it. Top-ups are quoted alike.

A quote is an order that nobody has confirmed. It keeps the plan's version, the price and the
currency as the subscriber saw them. A plan may have a price in Stars beside the one in money: the
quote is in the currency of the way to pay that is chosen, and priced anew when that is another.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.calendar import after_days
from bot.domain.errors import UnknownOrder, UnknownPlan, WrongOrderStatus
from bot.domain.ledger import wallet_of
from bot.domain.line import Line
from bot.domain.money import STARS, Money
from bot.domain.offer import Offer, currency_of
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
    wallet; empty when the wallet is short and nothing else is offered. Of a quote, also those of
    another currency."""
    starts_at: datetime | None
    """At the end of what already runs or waits; None when nothing does: as soon as it is active."""
    cards: list[KeptCard] = field(default_factory=list)
    """The subscriber's, among them those of the ways."""
    top_up: Money | None = None
    """What to put into the wallet so that it can pay; None when it can, or where one top-up cannot
    bring so much."""

    @property
    def wallet_enough(self) -> bool:
        return Way(PaymentMethod.WALLET) in self.ways

    def chosen(self, way: Way | None) -> Way | None:
        """That way to pay, else the first, of those that take the order's currency."""
        money, currency = self.wallet.currency, self.order.total.currency
        if way is not None and self.offers(way) and currency_of(way.method, money) == currency:
            return way
        fitting = (each for each in self.ways if currency_of(each.method, money) == currency)
        return next(fitting, None)

    def offers(self, way: Way) -> bool:
        if not way.keeps_card:
            return way in self.ways
        page = Way(PaymentMethod.CARD)
        has_room = len(self.cards) < MOST_KEPT
        return has_room and way == replace(page, keeps_card=True) and page in self.ways


class RenewLine:
    """``offer``: what is offered beside the wallet."""

    def __init__(self, clock: Clock, order_prefix: str, offer: Offer, top_ups: TopUpBounds) -> None:
        self._clock = clock
        self._order_prefix = order_prefix
        self._offer = offer
        self._top_ups = top_ups
        self._money = top_ups.least.currency

    @property
    def fills_wallets(self) -> bool:
        """Whether any of the ways to pay brings money into a wallet."""
        return any(method.fills_wallets for method in self._offer.methods(self._money))

    async def catalogue(self, unit: Unit) -> list[Plan]:
        """The plans on sale, with their prices in Stars where Stars are taken."""
        plans = await unit.catalogue.on_sale()
        if self._offer.methods(STARS):
            return plans
        return [replace(plan, stars=None) for plan in plans]

    async def plan(self, unit: Unit, code: str) -> Plan:
        """The plan on sale under that code. Raises `UnknownPlan`."""
        plan = await unit.catalogue.current(code)
        if plan is None:
            raise UnknownPlan(code)
        return plan

    async def quote(
        self,
        unit: Unit,
        subscriber: Subscriber,
        plan_code: str,
        periods: int,
        way: Way | None = None,
    ) -> Quote:
        """In the currency of that way to pay, or of the one that is proposed; the best coupon of
        the subscriber's is taken off at once.

        Raises `NoLine`, `UnknownPlan`, `PeriodsOutOfRange`.
        """
        line = chosen_line(await unit.lines.of(subscriber.id), subscriber)
        plan = await self.plan(unit, plan_code)
        plan.check_periods(periods)
        buys = Renewal(plan.code, plan.version, periods, plan.days_for(periods))
        order = self.draft(subscriber, line, buys, plan.total(periods))
        best = await best_for(unit, subscriber.id, plan, order.price, order.created_at)
        order = await self._priced_for(unit, order.with_discount(best), plan, line, way)
        return await self.open_quote(unit, order, plan, line)

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

    async def requote(
        self, unit: Unit, subscriber: Subscriber, order_id: str, way: Way | None = None
    ) -> Quote:
        """The open quote as it stands; one that nobody has confirmed, in the currency of that way
        to pay, with the best coupon there.

        Raises `UnknownOrder`, `WrongOrderStatus`, `UnknownLine`, and `UnknownPlan` for one that is
        withdrawn, which has no other price any more.
        """
        order = await own_order(unit, subscriber.id, order_id)
        if not order.is_open:
            raise WrongOrderStatus(order.id, order.status)
        plan = await plan_of(unit, order)
        line = await own_line(unit, subscriber.id, order.line_id)
        if plan is not None and way is not None and order.status is OrderStatus.QUOTED:
            priced = await self._priced_for(unit, order, plan, line, way)
            if priced != order:
                await self.plan(unit, plan.code)
                await unit.orders.reprice(priced)
            order = priced
        return await self._quote_of(unit, order, plan, line)

    async def _quote_of(self, unit: Unit, order: Order, plan: Plan | None, line: Line) -> Quote:
        now = self._clock.now()
        wallet = await unit.ledger.balance(wallet_of(line.id), self._money)
        cards = await unit.cards.of(order.subscriber_id)
        ways = await self._ways_for(unit, order, plan, line, cards, wallet)
        quote = Quote(order, plan, line, wallet, ways, starts_at=None, cards=cards)
        if isinstance(order.buys, TopUp):
            return quote
        covered = await covered_until(unit, line, now)
        is_short = not quote.wallet_enough and order.total.currency == self._money
        return replace(
            quote,
            starts_at=covered if covered is not None and covered > now else None,
            top_up=self._filling(order.total - wallet) if is_short else None,
        )

    async def _ways_for(
        self,
        unit: Unit,
        order: Order,
        plan: Plan | None,
        line: Line,
        cards: list[KeptCard],
        wallet: Money,
    ) -> list[Way]:
        methods = await self._methods_for(unit, order, plan, wallet)
        ways = ways_by(methods, cards, self._clock.now())
        default = await unit.cards.default_of(line.id, order.subscriber_id)
        return sorted(ways, key=lambda each: each != default)

    async def _methods_for(
        self, unit: Unit, order: Order, plan: Plan | None, wallet: Money
    ) -> list[PaymentMethod]:
        """Those that can pay, first the one that paid last time. A quote is paid in any currency in
        which its plan has a price, an order that is confirmed in its own."""
        if plan is None:
            offered = self._offer.methods(order.total.currency)
            methods = [method for method in offered if method.fills_wallets]
            last = await unit.orders.last_topped_up_with(order.subscriber_id)
            return sorted(methods, key=lambda each: each is not last)
        is_quote = order.status is OrderStatus.QUOTED
        methods = []
        for currency in [self._money, STARS] if is_quote else [order.total.currency]:
            if currency == self._money:
                in_money = await self._in_currency(unit, order, plan, currency)
                methods += [PaymentMethod.WALLET] if in_money.total <= wallet else []
            if plan.total_in(currency, order.renewal.periods) is not None:
                methods += self._offer.methods(currency)
        last = await unit.orders.last_paid_with(order.subscriber_id)
        return sorted(methods, key=lambda each: each is not last)

    async def _priced_for(
        self, unit: Unit, order: Order, plan: Plan, line: Line, way: Way | None
    ) -> Order:
        """In the currency of that way, or of the first of those that can pay. Where Stars do not
        buy the plan there is only one."""
        if plan.stars is None or not self._offer.methods(STARS):
            return order
        wallet = await unit.ledger.balance(wallet_of(line.id), self._money)
        cards = await unit.cards.of(order.subscriber_id)
        ways = await self._ways_for(unit, order, plan, line, cards, wallet)
        methods = [each.method for each in ways]
        wanted = way.method if way is not None and way.method in methods else None
        wanted = wanted or next(iter(methods), None)
        if wanted is None:
            return order
        return await self._in_currency(unit, order, plan, currency_of(wanted, self._money))

    async def _in_currency(self, unit: Unit, order: Order, plan: Plan, currency: str) -> Order:
        price = plan.total_in(currency, order.renewal.periods)
        if price is None or currency == order.total.currency:
            return order
        now = self._clock.now()
        return order.at_price(price, await best_for(unit, order.subscriber_id, plan, price, now))

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
