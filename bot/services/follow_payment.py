"""Follow a payment at the platform, from the page that opens to the money or the end.

    opened ─▶ the payer's turn ─▶ processing ─▶ paid ────▶ settled, as every charge is
      │              │                └───────▶ failed ──▶ another way is offered
      │              └─ closed by us ─▶ paid after all, or over: the order closes
      └▶ could not be opened: another way is offered

    kept card, charged ─▶ paid: settled, as every charge is
                       ├▶ declined: another way is offered
                       └▶ the bank wants its holder: the page is offered

What is believed is the payment as the platform holds it, never what a notice says of it.
"""

from __future__ import annotations

from typing import Final

from bot.domain.auto_renewal import Missed
from bot.domain.order import Order, OrderEvent, OrderStatus
from bot.domain.payment import (
    Charge,
    Page,
    Payment,
    PaymentMethod,
    PaymentStatus,
    Settlement,
)
from bot.services.close_order import close_later, close_unpaid
from bot.services.keep_card import keep_card
from bot.services.miss_renewal import miss_order
from bot.services.platform import PaymentState, PlatformPayment
from bot.services.platform_port import Operators
from bot.services.platform_requests import (
    CheckoutNotOpened,
    CheckoutOpened,
    Closing,
    ExpireCheckout,
    LookUpRefunds,
    PaymentSeen,
)
from bot.services.ports import Clock, Notices
from bot.services.settle_payment import SettlePayment
from bot.services.unit import Unit

_ENDS: Final = {
    PaymentState.FAILED: PaymentStatus.FAILED,
    PaymentState.NEEDS_CUSTOMER: PaymentStatus.FAILED,
    PaymentState.EXPIRED: PaymentStatus.EXPIRED,
}
_MISSED: Final = {
    PaymentState.FAILED: Missed.CARD_DECLINED,
    PaymentState.NEEDS_CUSTOMER: Missed.NEEDS_HOLDER,
}
_CLOSES: Final = {Closing.CANCEL: OrderEvent.CANCEL, Closing.EXPIRE: OrderEvent.EXPIRE}


class FollowPayment:
    def __init__(
        self, clock: Clock, notices: Notices, settle: SettlePayment, operators: Operators
    ) -> None:
        self._clock = clock
        self._notices = notices
        self._settle = settle
        self._operators = operators

    async def on_opened(self, unit: Unit, answer: CheckoutOpened) -> None:
        found = await self._open(unit, answer.payment_id)
        if found is None:
            return
        payment, order = found
        unit.payments.keep_page(payment.id, Page(answer.checkout.ref, answer.checkout.url))
        await self._notices.order_moved(unit, order)

    async def on_not_opened(self, unit: Unit, answer: CheckoutNotOpened) -> None:
        """A payment that is being closed stays: the answer to that is on its way."""
        found = await self._open(unit, answer.payment_id)
        if found is None or found[0].status is not PaymentStatus.CREATED:
            return
        await self._fail(unit, *found, PaymentStatus.FAILED)

    async def on_seen(self, unit: Unit, answer: PaymentSeen) -> None:
        seen = answer.payment
        if seen is not None and seen.state is PaymentState.PAID:
            await self._settle_seen(unit, seen)
            return
        payment_id = answer.payment_id or (seen.payment_id if seen is not None else None)
        found = await self._open(unit, payment_id) if payment_id is not None else None
        if found is None:
            return
        payment, order = found
        end = PaymentStatus.EXPIRED if seen is None else _ENDS.get(seen.state)
        if end is None:
            await self._wait(unit, payment, order, seen, answer.why)
        elif answer.why in _CLOSES:
            unit.payments.mark(payment.id, end, self._clock.now())
            await self._close(unit, order, _CLOSES[answer.why])
        elif payment.status is not PaymentStatus.CLOSING and (seen or not payment.has_page):
            await self._fail(unit, payment, order, end, seen)

    async def on_not_closed(self, unit: Unit, request: ExpireCheckout) -> None:
        """Nobody knows whether money came: the order waits until the platform can say."""
        found = await self._open(unit, request.payment_id)
        if found is not None:
            close_later(unit, found[1], self._clock.now())

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _open(self, unit: Unit, payment_id: str) -> tuple[Payment, Order] | None:
        """The payment and its order while the one can still pay the other."""
        payment = await unit.payments.get(payment_id)
        if payment is None or not payment.is_open:
            return None
        order = await unit.orders.get(payment.order_id)
        if order is None or order.status is not OrderStatus.AWAITING_PAYMENT:
            return None
        return payment, order

    async def _settle_seen(self, unit: Unit, seen: PlatformPayment) -> None:
        """A payment that was not made by us is none of ours."""
        if seen.payment_id is None or seen.charge_id is None or seen.amount is None:
            return
        payment = await unit.payments.get(seen.payment_id)
        charge = Charge(
            id=seen.charge_id,
            payment_id=seen.payment_id,
            payer_id=payment.subscriber_id if payment is not None else 0,
            amount=seen.amount,
            platform_ref=seen.ref,
            charged_at=seen.charged_at or self._clock.now(),
        )
        did = await self._settle.settle_charge(unit, charge, PaymentMethod.CARD)
        is_new = did is not Settlement.DUPLICATE_NOTICE
        if is_new:  # a refund that was told of before its charge was passed over
            unit.outbox.platform(LookUpRefunds(charge.id))
        if payment is not None and payment.keeps_card and seen.kept_card is not None and is_new:
            await keep_card(unit, payment.subscriber_id, seen.kept_card, self._clock.now())
        if did is Settlement.PAID and payment is not None:
            await self._tell_if_by_itself(unit, payment)
        if did in {Settlement.MISMATCH, Settlement.UNKNOWN_PAYMENT}:
            await self._operators.page(unit, "charge_fits_no_order", charge=charge.id, did=did)

    async def _tell_if_by_itself(self, unit: Unit, payment: Payment) -> None:
        order = await unit.orders.get(payment.order_id)
        if order is not None and await unit.auto_renewals.of_order(order.id) is not None:
            await self._notices.renewed_by_itself(unit, order)

    async def _wait(
        self,
        unit: Unit,
        payment: Payment,
        order: Order,
        seen: PlatformPayment | None,
        why: Closing | None,
    ) -> None:
        if why is not None:
            close_later(unit, order, self._clock.now())
        going_through = seen is not None and seen.state is PaymentState.PROCESSING
        if going_through and payment.status is not PaymentStatus.PROCESSING:
            unit.payments.mark(payment.id, PaymentStatus.PROCESSING, self._clock.now())
            await self._notices.order_moved(unit, order)

    async def _fail(
        self,
        unit: Unit,
        payment: Payment,
        order: Order,
        end: PaymentStatus,
        seen: PlatformPayment | None = None,
    ) -> None:
        now = self._clock.now()
        unit.payments.mark(payment.id, end, now)
        renewal = await unit.auto_renewals.of_order(order.id)
        if renewal is not None:
            why = _MISSED.get(seen.state) if seen is not None else None
            why = why or Missed.NOT_CHARGED
            await miss_order(unit, self._notices, renewal, order, why, now)
            return
        await self._notices.order_moved(unit, order)
        if order.payer(payment.subscriber_id) is not None:
            await self._notices.shared_order_failed(unit, order, payment.subscriber_id)
            return
        card = await unit.cards.get(payment.card_id) if payment.card_id is not None else None
        if card is None or seen is None:
            await self._notices.payment_failed(unit, order)
        elif seen.state is PaymentState.NEEDS_CUSTOMER:
            await self._notices.card_needs_holder(unit, order, card)
        else:
            await self._notices.card_declined(unit, order, card)

    async def _close(self, unit: Unit, order: Order, event: OrderEvent) -> None:
        closed = await close_unpaid(unit, order, event, self._clock.now())
        await self._notices.order_moved(unit, closed)
        if event is OrderEvent.EXPIRE:
            await self._notices.order_expired(unit, closed)
