"""Pay somebody else's renewal, by a link that they sent.

follows the link ─▶ sees the order, as far as it must ─▶ pays by a way of their own
a link that is none, has ended, or whose order's time is over ─▶ one answer for all of them

The money is the payer's all along: their payment, their card, and back to them. Whether it still
meets an order is decided when it comes, as ever (`bot.services.settle_payment`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.domain.errors import PaymentMethodUnavailable, TooManyTries
from bot.domain.order import Order
from bot.domain.pay_link import hash_of
from bot.domain.payment import Way
from bot.domain.subscriber import Subscriber
from bot.services.ask_for_money import ask_for_money
from bot.services.open_payment import open_payment
from bot.services.pay_order import PAYER_WAITS
from bot.services.ports import Clock, Notices
from bot.services.read_shared_order import PAYABLE, ReadSharedOrder, SharedOrder
from bot.services.unit import Unit

MOST_TRIES: Final = 5
"""Links followed in vain within an hour."""


@dataclass(frozen=True, slots=True)
class Paying:
    """What became of a tap on a way to pay."""

    shared_order: SharedOrder
    fresh: bool
    """Whether a payment was opened by it, so that its invoice is to be sent."""


class PayForAnother:
    def __init__(self, clock: Clock, notices: Notices, shared_orders: ReadSharedOrder) -> None:
        self._clock = clock
        self._notices = notices
        self._shared_orders = shared_orders

    async def follow(self, unit: Unit, payer: Subscriber, token: str) -> Order | None:
        """The order behind the link, which they may read from now on; None, counted as a try, for
        one that leads nowhere. Raises `TooManyTries`."""
        now = self._clock.now()
        tried = await unit.pay_links.tries_since(payer.id, now - timedelta(hours=1))
        if tried >= MOST_TRIES:
            raise TooManyTries
        token_hash = hash_of(token)
        order_id = await unit.pay_links.leads_to(token_hash)
        order = await unit.orders.get(order_id) if order_id is not None else None
        if order is None or order.expires_at <= now:
            unit.pay_links.count_try(payer.id, now)
            return None
        if order.subscriber_id != payer.id:
            unit.pay_links.follow(token_hash, payer.id, now)
        return order

    async def look(self, unit: Unit, payer: Subscriber, order_id: str) -> SharedOrder:
        """Raises `PayLinkEnded`."""
        return await self._shared_orders.read(unit, payer, order_id)

    async def pay(self, unit: Unit, payer: Subscriber, order_id: str, way: Way) -> Paying:
        """Opens the payment that an invoice will carry, or asks the platform for a page or to
        charge the payer's kept card. Where nothing can be paid any more the shared order says so.

        Raises `PayLinkEnded`, `PaymentMethodUnavailable`.
        """
        shared_order = await self._shared_orders.read(unit, payer, order_id)
        if shared_order.stage not in PAYABLE:
            return Paying(shared_order, fresh=False)
        if way not in shared_order.ways:
            raise PaymentMethodUnavailable(way.name)
        now, order = self._clock.now(), shared_order.order
        payment, fresh = await open_payment(unit, order, way, payer.id, now)
        if fresh:
            begins_by = now + PAYER_WAITS
            names = shared_order.plan.names
            await ask_for_money(unit, self._clock, payer, order, names, payment, begins_by)
            await self._notices.order_moved(unit, order)
        paying = await self._shared_orders.shared_order_of(unit, payer, order)
        return Paying(replace(paying, payment=payment), fresh)
