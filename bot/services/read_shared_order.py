"""Read somebody else's order as whoever was asked to pay it may see it.

A shared order shows what is paid for and how it stands, and nothing more: not the line's name or
use, no wallet, no other order. Only who followed a link to the order sees it, or who paid it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.errors import PayLinkEnded
from bot.domain.line import Line
from bot.domain.offer import Offer
from bot.domain.order import PAID_FOR, Order, OrderStatus
from bot.domain.payment import Payment, PaymentStatus, Way
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.services.card_port import KeptCard
from bot.services.choose_method import ways_by
from bot.services.find_plan import renewed_plan
from bot.services.fulfil_order import line_of
from bot.services.open_payment import is_going_through
from bot.services.ports import Clock
from bot.services.unit import Unit


class Stage(StrEnum):
    """How the order stands for whoever may pay it."""

    OPEN = "open"
    YOURS = "yours"
    """They have chosen a way, and have not paid yet."""
    GOING_THROUGH = "going_through"
    """Their payment is."""
    TAKEN = "taken"
    """Somebody's payment is going through, or the order is being closed."""
    PAID_BY_YOU = "paid_by_you"
    DELIVERED = "delivered"
    """Paid by them, and active or booked."""
    GOING_BACK = "going_back"
    """Paid by them, and their money is on its way back, or is back."""
    PAID = "paid"
    """By somebody else."""
    CHANGED = "changed"
    """The plan has another price by now, or is not sold any more."""
    CLOSED = "closed"


PAYABLE: Final = frozenset({Stage.OPEN, Stage.YOURS})


@dataclass(frozen=True, slots=True)
class SharedOrder:
    """``line`` is for its number's end alone."""

    order: Order
    plan: Plan
    line: Line
    stage: Stage
    ways: list[Way]
    """The payer's own; none where nothing can be paid any more."""
    cards: list[KeptCard]
    """The payer's."""
    payment: Payment | None
    """The payer's, while it is open."""


class ReadSharedOrder:
    def __init__(self, clock: Clock, offer: Offer) -> None:
        self._clock = clock
        self._offer = offer

    async def read(self, unit: Unit, payer: Subscriber, order_id: str) -> SharedOrder:
        """Raises `PayLinkEnded` unless they followed a link to the order that was not taken back,
        or have paid it: whether there is such an order is not told."""
        order = await unit.orders.get(order_id)
        if order is None:
            raise PayLinkEnded
        has_followed = await unit.pay_links.has_followed(payer.id, order_id)
        if not has_followed and order.paid_by != payer.id:
            raise PayLinkEnded
        return await self.shared_order_of(unit, payer, order)

    async def shared_order_of(self, unit: Unit, payer: Subscriber, order: Order) -> SharedOrder:
        """The caller has made sure that they may see it."""
        now = self._clock.now()
        plan = await renewed_plan(unit, order.renewal)
        opened = await unit.payments.open_of(order.id) if order.is_open else None
        own = opened if opened is not None and opened.subscriber_id == payer.id else None
        stage = await self._stage(unit, payer, order, plan, opened)
        cards = await unit.cards.of(payer.id)
        methods = self._offer.methods(order.total.currency) if stage in PAYABLE else []
        line = await line_of(unit, order)
        return SharedOrder(order, plan, line, stage, ways_by(methods, cards, now), cards, own)

    async def _stage(
        self, unit: Unit, payer: Subscriber, order: Order, plan: Plan, opened: Payment | None
    ) -> Stage:
        if order.status in PAID_FOR:
            return _paid(order) if order.paid_by == payer.id else Stage.PAID
        is_waiting = order.status is OrderStatus.AWAITING_PAYMENT
        if not is_waiting or order.expires_at <= self._clock.now():
            return Stage.CLOSED
        if await unit.lines.holder(order.line_id) != order.subscriber_id:
            return Stage.CLOSED
        current = await unit.catalogue.current(plan.code)
        if current is None or current.version != plan.version:
            return Stage.CHANGED
        return self._payment_stage(payer, opened)

    def _payment_stage(self, payer: Subscriber, opened: Payment | None) -> Stage:
        if opened is None:
            return Stage.OPEN
        is_theirs = opened.subscriber_id == payer.id
        if is_going_through(opened, self._clock.now()):
            return Stage.GOING_THROUGH if is_theirs else Stage.TAKEN
        if opened.status is PaymentStatus.CLOSING:
            return Stage.TAKEN
        return Stage.YOURS if is_theirs else Stage.OPEN


def _paid(order: Order) -> Stage:
    if order.status is OrderStatus.FULFILLED:
        return Stage.DELIVERED
    if order.status in {OrderStatus.REFUNDING, OrderStatus.REFUNDED}:
        return Stage.GOING_BACK
    return Stage.PAID_BY_YOU
