"""Refund an order: its money goes back to where it came from, and its plan off the line, or its
top-up out of the wallet, once.

A wallet has its money at once. What a payment platform collected is owed (`RefundStatus.DUE`) until
it was sent: on our request where the way it came allows that, else by an operator. Then the order
is refunded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.domain import ledger
from bot.domain.errors import NothingOwed, SeveralOwed, TopUpSpent, WrongOrderStatus
from bot.domain.ledger import Journal, wallet_of
from bot.domain.money import Money
from bot.domain.order import Order, OrderEvent, OrderStatus, TopUp
from bot.domain.payment import PaymentMethod, Refund, RefundStatus
from bot.services.hold_coupon import release_coupon
from bot.services.order_keys import cancel_timer, carrier_key, delay_timer, look_timer
from bot.services.ports import Clock, Notices
from bot.services.requests import Look, LookUpOrder, ReadLine
from bot.services.send_refund import payer_of, send_back
from bot.services.unit import Unit

REFUND_FAILED: Final = "refund_failed"
"""Why an order is in review whose money the platform could not send back."""


class RefundOrder:
    def __init__(self, clock: Clock, notices: Notices) -> None:
        self._clock = clock
        self._notices = notices

    async def give_back(
        self,
        unit: Unit,
        order: Order,
        reason: str,
        event: OrderEvent = OrderEvent.REFUND,
        detail: str | None = None,
    ) -> None:
        """Returns the money of an order that is not, or no longer, delivered.

        Raises `WrongOrderStatus` for an order that was never paid or is refunded already,
        `TopUpSpent`.
        """
        if order.paid_with is None or order.status in {
            OrderStatus.REFUNDING,
            OrderStatus.REFUNDED,
        }:
            raise WrongOrderStatus(order.id, order.status)
        refunding = await unit.orders.move(
            replace(order, reason=reason), event, self._clock.now(), detail or reason
        )
        for timer in (look_timer, delay_timer, cancel_timer):
            unit.timers.cancel(timer(order.id))
        unit.cancellations.close(order.id, self._clock.now())
        await release_coupon(unit, order)
        if order.status is OrderStatus.FULFILLED:
            await self._undo_delivery(unit, order)
        if order.paid_at is None:
            await self._owe_unplaced(unit, order, reason)
        else:
            await self._owe(
                unit, f"order:{order.id}", order, None, order.total, reason, _owed_or_held(order)
            )
        if order.paid_with == PaymentMethod.WALLET:
            unit.payments.mark_refunded(f"order:{order.id}", self._clock.now())
            refunding = await unit.orders.move(refunding, OrderEvent.REFUND_DONE, self._clock.now())
        await self._notices.order_moved(unit, refunding)
        await self._notices.order_refunding(unit, refunding)

    async def mark_sent(self, unit: Unit, order_id: str, charge_id: str | None) -> Refund:
        """Books what an operator has sent back in the platform's own dashboard: of several refunds
        the one of that charge, or the order's own, which goes by the order's id.

        Raises `NothingOwed`, and `SeveralOwed` when the charge has to be named.
        """
        due = [
            each
            for each in await unit.payments.refunds_of(order_id)
            if each.status is not RefundStatus.DONE
        ]
        meant = [each for each in due if charge_id in {None, each.charge_id or order_id}]
        if not meant:
            raise NothingOwed(order_id)
        if len(meant) > 1:
            raise SeveralOwed(order_id)
        (refund,) = meant
        await self.done(unit, refund)
        return refund

    async def failed(self, unit: Unit, refund: Refund) -> None:
        """The platform could not send the money, or it came back: it is owed, and the order is an
        operator's."""
        if refund.status is RefundStatus.DONE:
            times = await _times_back(unit, refund)
            key, method, order_id = refund.key, refund.method, refund.order_id
            self._post(unit, ledger.refund_bounced(key, method, order_id, refund.amount, times))
        unit.payments.mark_refund_failed(refund.key)
        order = await unit.orders.get(refund.order_id)
        if order is None or order.status not in {OrderStatus.REFUNDING, OrderStatus.REFUNDED}:
            return
        held = await unit.orders.move(
            replace(order, reason=REFUND_FAILED), OrderEvent.REFUND_FAILED, self._clock.now()
        )
        await self._notices.order_moved(unit, held)
        await self._notices.order_in_review(unit, held)

    async def done(self, unit: Unit, refund: Refund, platform_ref: str | None = None) -> None:
        """The platform, by its key, or an operator has sent the money; with the last that is owed,
        the order is refunded."""
        now = self._clock.now()
        times = await _times_back(unit, refund)
        key, method, order_id = refund.key, refund.method, refund.order_id
        self._post(unit, ledger.refund_sent(key, method, order_id, refund.amount, times))
        unit.payments.mark_refunded(refund.key, now, platform_ref)
        order = await unit.orders.get(refund.order_id)
        if order is None:
            raise LookupError(refund.key)
        others = [
            each
            for each in await unit.payments.refunds_of(order.id)
            if each.status is not RefundStatus.DONE
        ]
        if order.reason == REFUND_FAILED and order.status is OrderStatus.REVIEW:
            order = await unit.orders.move(order, OrderEvent.REFUND, now)
        if order.status is OrderStatus.REFUNDING and not others:
            order = await unit.orders.move(order, OrderEvent.REFUND_DONE, now)
            await self._notices.order_moved(unit, order)
        payer_id = await payer_of(unit, refund)
        await self._notices.refund_sent(unit, order, refund.amount, payer_id)

    async def is_spent(self, unit: Unit, order: Order) -> bool:
        """Whether a top-up can no longer be taken out of its wallet: what is there is less, or
        belongs to the line's next holder."""
        if not isinstance(order.buys, TopUp) or order.status is not OrderStatus.FULFILLED:
            return False
        held = await unit.ledger.balance(wallet_of(order.line_id), order.total.currency)
        holder = await unit.lines.holder(order.line_id)
        return held < order.total or holder not in {None, order.subscriber_id}

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _undo_delivery(self, unit: Unit, order: Order) -> None:
        if isinstance(order.buys, TopUp):
            if await self.is_spent(unit, order):
                raise TopUpSpent(order.id)
            self._post(unit, ledger.top_up_reversed(order.id, order.line_id, order.total))
        else:
            self._post(unit, ledger.activation_reversed(order.id, order.price))
            await self._take_off_line(unit, order)

    async def _take_off_line(self, unit: Unit, order: Order) -> None:
        """Plans that wait behind it move up at the carrier, so their dates are asked for anew."""
        now = self._clock.now()
        unit.entitlements.remove(order.id)
        for later in await unit.entitlements.of_line(order.line_id, ending_after=now):
            if order.starts_at is not None and later.starts_at > order.starts_at:
                key = carrier_key(later.order_id)
                unit.outbox.carrier(LookUpOrder(later.order_id, key, Look()))
        line = await unit.lines.get(order.line_id)
        if line is not None:
            unit.readings.mark_asked(line.id, now)
            unit.outbox.carrier(ReadLine(line.id, line.ref, line.msisdn))

    async def _owe_unplaced(self, unit: Unit, order: Order, reason: str) -> None:
        """The order was never paid as agreed: what came for it lies in suspense."""
        for charge in await unit.payments.unplaced_of(order.id):
            journal = ledger.unplaced_to_return(charge.id, order.id, charge.amount)
            key = f"charge:{charge.id}"
            await self._owe(unit, key, order, charge.id, charge.amount, reason, journal)

    async def _owe(
        self,
        unit: Unit,
        key: str,
        order: Order,
        charge_id: str | None,
        amount: Money,
        reason: str,
        journal: Journal,
    ) -> None:
        self._post(unit, journal)
        unit.payments.owe_refund(
            key=key,
            order_id=order.id,
            charge_id=charge_id,
            method=PaymentMethod(order.paid_with or ""),
            amount=amount,
            reason=reason,
            at=self._clock.now(),
        )
        await send_back(unit, key)

    def _post(self, unit: Unit, journal: Journal) -> None:
        unit.ledger.post(journal, self._clock.now())


async def _times_back(unit: Unit, refund: Refund) -> int:
    """How often what was sent has come back so far."""
    times = 0
    while await unit.ledger.has(ledger.bounce_key(refund.key, times + 1)):
        times += 1
    return times


def _owed_or_held(order: Order) -> Journal:
    if order.paid_with == PaymentMethod.WALLET:
        return ledger.refund_to_wallet(order.id, order.line_id, order.total, order.price)
    return ledger.refund_owed(order.id, order.total, order.price)
