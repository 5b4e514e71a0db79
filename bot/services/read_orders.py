"""Read the orders: the bills, page by page, and one order's card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.dispute import DisputeState
from bot.domain.ledger import wallet_of
from bot.domain.line import Line
from bot.domain.order import PAID_FOR, Order, TopUp
from bot.domain.payment import Payment
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.services.find_plan import plan_of
from bot.services.fulfil_order import line_of
from bot.services.ports import Clock
from bot.services.renew_line import own_order
from bot.services.unit import OrderEventRow, Unit

PAGE_SIZE: Final = 4


@dataclass(frozen=True, slots=True)
class OrderPage:
    """``page`` counts from 0; ``pages`` is at least 1."""

    orders: list[tuple[Order, Plan | None]]
    """Each with its plan; a top-up has none."""
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OrderCard:
    """One order with its history, as its card shows it."""

    order: Order
    plan: Plan | None
    """None for a top-up."""
    line: Line
    history: list[OrderEventRow]
    now: datetime
    is_cancelling: bool = False
    """Somebody wants it back, and the carrier's word is awaited."""
    payment: Payment | None = None
    """The open one of an order that waits for its payment, whoever pays."""
    dispute: DisputeState | None = None
    """How it stands with the payer's bank, which was asked to take the payment back."""

    @property
    def own_payment(self) -> Payment | None:
        """The page of somebody else's is theirs alone."""
        is_own = self.payment is None or self.order.payer(self.payment.subscriber_id) is None
        return self.payment if is_own else None

    @property
    def can_be_cancelled(self) -> bool:
        return self.order.is_queued(self.now) and not self.is_cancelling


class ReadOrders:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def page(self, unit: Unit, subscriber: Subscriber, page: int) -> OrderPage:
        """The page asked for, or the last one there is."""
        count = await unit.orders.count(subscriber.id)
        pages = max(1, -(-count // PAGE_SIZE))
        page = min(max(page, 0), pages - 1)
        orders = await unit.orders.of(subscriber.id, PAGE_SIZE, page * PAGE_SIZE)
        return OrderPage([(each, await plan_of(unit, each)) for each in orders], page, pages)

    async def card(self, unit: Unit, subscriber: Subscriber, order_id: str) -> OrderCard:
        """Raises `UnknownOrder` unless the order is the subscriber's own."""
        return await self.card_of(unit, await own_order(unit, subscriber.id, order_id))

    async def card_of(self, unit: Unit, order: Order) -> OrderCard:
        line = await line_of(unit, order)
        plan = await plan_of(unit, order)
        history = await unit.orders.history(order.id)
        is_cancelling = await unit.cancellations.open_of(order.id) is not None
        payment = await unit.payments.open_of(order.id) if order.is_open else None
        dispute = await unit.disputes.latest_of(order.id) if order.status in PAID_FOR else None
        return OrderCard(
            order,
            plan,
            line,
            history,
            self._clock.now(),
            is_cancelling,
            payment,
            dispute.state if dispute is not None else None,
        )

    async def waiting_for(self, unit: Unit, top_up: Order) -> Order | None:
        """The order for which the top-up was made, if the wallet can pay it now."""
        if not isinstance(top_up.buys, TopUp) or top_up.buys.for_order is None:
            return None
        order = await unit.orders.get(top_up.buys.for_order)
        if order is None or not order.is_open or order.expires_at <= self._clock.now():
            return None
        held = await unit.ledger.balance(wallet_of(order.line_id), order.total.currency)
        return order if order.total <= held else None

    async def latest(self, unit: Unit, subscriber: Subscriber) -> OrderCard | None:
        """The newest order that was confirmed; None when there is none."""
        newest = await unit.orders.of(subscriber.id, 1, 0)
        return await self.card_of(unit, newest[0]) if newest else None

    async def latest_renewal(self, unit: Unit, subscriber: Subscriber) -> OrderCard | None:
        """The same of those that buy a plan."""
        newest = await unit.orders.latest_renewal(subscriber.id)
        return await self.card_of(unit, newest) if newest is not None else None
