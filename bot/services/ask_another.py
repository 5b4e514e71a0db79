"""Ask somebody else to pay a renewal: make a link that opens this one order to be paid.

The order is confirmed by it, so that its price and its coupon stand, and waits for longer than one
that its subscriber pays. A link is told once and only its hash is kept: asking again makes another,
and all of them end together.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import PaymentMethodUnavailable
from bot.domain.money import STARS
from bot.domain.offer import Offer
from bot.domain.order import Order, OrderStatus
from bot.domain.pay_link import hash_of, new_token
from bot.domain.payment import PaymentMethod, Way
from bot.domain.subscriber import Subscriber
from bot.services.pay_order import Payable, PayOrder
from bot.services.ports import Clock
from bot.services.renew_line import RenewLine, own_order
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Asked:
    """``token`` is for the link and stands nowhere else; None when the price changed since the
    quote, and nothing was confirmed."""

    payable: Payable
    token: str | None


class AskAnother:
    def __init__(self, clock: Clock, renew: RenewLine, pay: PayOrder, offer: Offer) -> None:
        self._clock = clock
        self._renew = renew
        self._pay = pay
        self._offer = offer

    async def ask(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Asked:
        """Raises `UnknownOrder`, `NotARenewal`, `WrongOrderStatus`, `UnknownLine`, `UnknownPlan`,
        and `PaymentMethodUnavailable` where nobody else has a way to pay it."""
        await self._price_for_others(unit, subscriber, order_id)
        payable = await self._pay.hand_over(unit, subscriber, order_id)
        if payable.requoted is not None:
            return Asked(payable, None)
        token = new_token()
        unit.pay_links.add(hash_of(token), order_id, self._clock.now())
        return Asked(payable, token)

    async def end(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Order:
        """Takes every link to the order back. Raises `UnknownOrder`."""
        order = await own_order(unit, subscriber.id, order_id)
        unit.pay_links.end(order.id, self._clock.now())
        return order

    async def _price_for_others(self, unit: Unit, subscriber: Subscriber, order_id: str) -> None:
        """Nobody else has the wallet: where only Stars are taken beside it, a quote is in Stars."""
        order = await own_order(unit, subscriber.id, order_id)
        if self._offer.methods(order.total.currency):
            return
        if order.status is OrderStatus.QUOTED and self._offer.methods(STARS):
            in_stars = Way(PaymentMethod.STARS)
            order = (await self._renew.requote(unit, subscriber, order_id, in_stars)).order
        if not self._offer.methods(order.total.currency):
            raise PaymentMethodUnavailable(order_id)
