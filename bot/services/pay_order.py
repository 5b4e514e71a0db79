"""Pay an order: confirm the quote, open the payment, or let the order go.

Each call may come twice (two taps, a repeated update): the second one finds what the first did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.errors import PaymentMethodUnavailable, WrongOrderStatus
from bot.domain.offer import Offer
from bot.domain.order import (
    PAID_FOR,
    PAYMENT_UNHEARD,
    PAYMENT_WINDOW,
    Order,
    OrderEvent,
    OrderStatus,
    TopUp,
)
from bot.domain.pay_link import LINK_WINDOW
from bot.domain.payment import Payment, PaymentMethod, PaymentStatus, Way
from bot.domain.plan import Plan
from bot.domain.subscriber import Subscriber
from bot.services.ask_for_money import ask_for_money
from bot.services.close_order import ask_to_close, close_later, close_unpaid
from bot.services.find_plan import plan_of, renewed_plan
from bot.services.hold_coupon import CouponRefused, hold_coupon
from bot.services.link_line import own_line
from bot.services.open_payment import is_going_through, let_go, open_payment
from bot.services.order_keys import expiry_timer
from bot.services.platform_requests import Closing
from bot.services.ports import Clock, Notices
from bot.services.renew_line import Quote, RenewLine, own_order
from bot.services.settle_payment import PROCESSING_GRACE, SettlePayment
from bot.services.unit import Unit

PAYER_WAITS: Final = timedelta(seconds=45)
"""How long somebody looks at the chat and waits for a kept card to be charged."""


@dataclass(frozen=True, slots=True)
class Payable:
    """What became of a tap on pay."""

    order: Order
    plan: Plan | None
    """None for a top-up."""
    payment: Payment | None
    """The payment that was opened or used; None when the order was paid before."""
    requoted: Quote | None = None
    """Set when the price changed since the quote: nothing was opened, here is the new quote."""
    lost_coupon: CouponRefused | None = None
    """Set beside it when the price changed because the coupon is no longer to be had."""
    fresh: bool = True
    """False when this tap repeats an earlier one: nothing new is to be sent."""


class PayOrder:
    def __init__(
        self,
        clock: Clock,
        notices: Notices,
        renew: RenewLine,
        settle: SettlePayment,
        offer: Offer,
        top_up_names: Mapping[str, str],
    ) -> None:
        self._clock = clock
        self._notices = notices
        self._renew = renew
        self._settle = settle
        self._offer = offer
        self._top_up_names = top_up_names

    async def pay(
        self,
        unit: Unit,
        subscriber: Subscriber,
        order_id: str,
        way: Way,
        *,
        charge_within: timedelta = PAYER_WAITS,
    ) -> Payable:
        """Pays from the wallet at once, opens the payment that the invoice will carry, or asks the
        platform for a page or to charge the kept card, within that time or not at all.

        Raises `UnknownOrder`, `WrongOrderStatus` (closed), `PaymentMethodUnavailable` (no wallet
        fills itself), `InsufficientBalance`, `UnknownPlan` (withdrawn since the quote),
        `UnknownLine` (the line has another holder since the quote, and so has its wallet).
        """
        order = await own_order(unit, subscriber.id, order_id)
        if isinstance(order.buys, TopUp) and not way.method.fills_wallets:
            raise PaymentMethodUnavailable(way.name)
        plan = await plan_of(unit, order)
        if order.status in PAID_FOR:
            return Payable(order, plan, None, fresh=False)
        self._check_payable(order)
        await own_line(unit, subscriber.id, order.line_id)
        if not self._offer.takes(way.method, order.total.currency):
            return await self._in_another_currency(unit, subscriber, order, plan, way)
        if plan is not None:
            requoted = await self._requoted(unit, subscriber, order, plan, way)
            if requoted is not None:
                return requoted
        if order.status is OrderStatus.QUOTED:
            order = await self._confirm(unit, order, self._clock.now() + PAYMENT_WINDOW)
        now = self._clock.now()
        payment, fresh = await open_payment(unit, order, way, subscriber.id, now)
        if not fresh:
            return Payable(order, plan, payment, fresh=False)
        await self._notices.shared_order_moved(unit, order)
        if way.method is PaymentMethod.WALLET:
            order = await self._settle.pay_from_wallet(unit, order, payment)
        else:
            begins_by = now + charge_within
            names = self._top_up_names if plan is None else plan.names
            await ask_for_money(unit, self._clock, subscriber, order, names, payment, begins_by)
        return Payable(order, plan, payment)

    async def hand_over(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Payable:
        """Confirms the order as `pay` does, for somebody else to pay it: no payment is opened, and
        the order waits for longer.

        Raises `UnknownOrder`, `NotARenewal`, `WrongOrderStatus`, `UnknownLine`, `UnknownPlan`.
        """
        order = await own_order(unit, subscriber.id, order_id)
        plan = await renewed_plan(unit, order.renewal)
        self._check_payable(order)
        await own_line(unit, subscriber.id, order.line_id)
        requoted = await self._requoted(unit, subscriber, order, plan, None)
        if requoted is not None:
            return requoted
        until = max(order.expires_at, order.created_at + LINK_WINDOW)
        if order.status is OrderStatus.QUOTED:
            return Payable(await self._confirm(unit, order, until), plan, None)
        self._wait_until(unit, order, until)
        unit.orders.prolong(order.id, until)
        return Payable(replace(order, expires_at=until), plan, None)

    async def cancel(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Order:
        """Lets an unpaid order go; one with a page stays open until the platform has closed that.

        Raises `UnknownOrder`, `WrongOrderStatus`.
        """
        order = await own_order(unit, subscriber.id, order_id)
        if order.status is OrderStatus.CANCELLED:
            return order
        if not order.is_open:
            raise WrongOrderStatus(order.id, order.status)
        now = self._clock.now()
        payment = await unit.payments.open_of(order.id)
        if payment is not None and payment.method.is_hosted:
            let_go(unit, order, payment, now, PaymentStatus.CLOSING)
            ask_to_close(unit, payment, Closing.CANCEL)
            return order
        if payment is not None:
            let_go(unit, order, payment, now)
        closing = _with_doubt(order, payment)
        cancelled = await close_unpaid(unit, closing, OrderEvent.CANCEL, now)
        await self._notices.shared_order_moved(unit, cancelled)
        return cancelled

    async def on_expiry_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        """Closes an order that nobody paid. A payment just approved is waited for a little, a page
        is closed first, and an order confirmed while this timer was already on its way has its
        time anew."""
        order = await unit.orders.get(timer["order_id"])
        if order is None or not order.is_open:
            return
        if self._clock.now() < order.expires_at:
            unit.timers.set(expiry_timer(order.id), "order_expiry", timer, order.expires_at)
            return
        payment = await unit.payments.open_of(order.id)
        if payment is not None and payment.method.is_hosted:
            if not is_going_through(payment, self._clock.now()):
                unit.payments.mark(payment.id, PaymentStatus.CLOSING, self._clock.now())
            ask_to_close(unit, payment, Closing.EXPIRE)
            close_later(unit, order, self._clock.now())
            return
        if payment is not None and is_going_through(payment, self._clock.now()):
            later = self._clock.now() + PROCESSING_GRACE
            unit.timers.set(expiry_timer(order.id), "order_expiry", timer, later)
            return
        if payment is not None:
            unit.payments.mark(payment.id, PaymentStatus.EXPIRED, self._clock.now())
        was_confirmed = order.status is OrderStatus.AWAITING_PAYMENT
        closing = _with_doubt(order, payment)
        expired = await close_unpaid(unit, closing, OrderEvent.EXPIRE, self._clock.now())
        if was_confirmed:
            await self._notices.order_moved(unit, expired)
            await self._notices.order_expired(unit, expired)

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    def _check_payable(self, order: Order) -> None:
        if not order.is_open:
            raise WrongOrderStatus(order.id, order.status)
        if order.expires_at <= self._clock.now():
            raise WrongOrderStatus(order.id, OrderStatus.EXPIRED)

    async def _confirm(self, unit: Unit, order: Order, until: datetime) -> Order:
        self._wait_until(unit, order, until)
        waiting = replace(order, expires_at=until)
        return await unit.orders.move(waiting, OrderEvent.CONFIRM, self._clock.now())

    def _wait_until(self, unit: Unit, order: Order, until: datetime) -> None:
        unit.timers.set(expiry_timer(order.id), "order_expiry", {"order_id": order.id}, until)

    async def _requoted(
        self, unit: Unit, subscriber: Subscriber, order: Order, plan: Plan, way: Way | None
    ) -> Payable | None:
        """None while the price holds: then the coupon is held for the order, if it has one."""
        current = await self._renew.plan(unit, plan.code)
        if current.version != plan.version:
            return await self._requote(unit, subscriber, order, plan, way)
        if order.status is not OrderStatus.QUOTED:
            return None
        lost = await hold_coupon(unit, order, plan, self._clock.now())
        if lost is None:
            return None
        return await self._requote(unit, subscriber, order, plan, way, lost)

    async def _requote(
        self,
        unit: Unit,
        subscriber: Subscriber,
        order: Order,
        plan: Plan,
        way: Way | None,
        lost: CouponRefused | None = None,
    ) -> Payable:
        cancelled = await self.cancel(unit, subscriber, order.id)
        again = order.renewal
        quote = await self._renew.quote(unit, subscriber, again.plan_code, again.periods, way)
        return Payable(cancelled, plan, None, requoted=quote, lost_coupon=lost)

    async def _in_another_currency(
        self, unit: Unit, subscriber: Subscriber, order: Order, plan: Plan | None, way: Way
    ) -> Payable:
        """An old button names another way than the quote stands for by now: here is its price.

        Raises `PaymentMethodUnavailable` where that way is not to be had, and for an order that is
        confirmed: it stays in the currency that was agreed.
        """
        quote = await self._renew.requote(unit, subscriber, order.id, way)
        if not self._offer.takes(way.method, quote.order.total.currency):
            raise PaymentMethodUnavailable(way.name)
        return Payable(order, plan, None, requoted=quote)


def _with_doubt(order: Order, payment: Payment | None) -> Order:
    """We approved this payment and heard no more of it: the payer may have been charged, and the
    notice may be lost or still wait. Nobody is told then that nothing was charged."""
    if payment is None or payment.status is not PaymentStatus.PROCESSING:
        return order
    return replace(order, reason=PAYMENT_UNHEARD)
