"""Settle a payment: money that a platform took, or that the wallet holds, meets its order.

A charge is known by the platform's charge id and counts once. What it does depends on the order as
it stands in this transaction, not on what the notice says of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain import ledger
from bot.domain.entitlement import starts_after
from bot.domain.errors import InsufficientBalance
from bot.domain.ledger import wallet_of
from bot.domain.money import Money
from bot.domain.order import PAID_FOR, Order, OrderEvent, OrderStatus, Renewal, TopUp
from bot.domain.payment import (
    Charge,
    Payment,
    PaymentMethod,
    PaymentStatus,
    PreCheckoutRefusal,
    Settlement,
)
from bot.services.close_order import ask_to_close
from bot.services.fulfil_order import FulfilOrder, line_of
from bot.services.hold_coupon import hold_coupon
from bot.services.order_keys import expiry_timer
from bot.services.platform_requests import Closing
from bot.services.ports import Clock, Notices
from bot.services.renew_line import covered_until
from bot.services.send_refund import send_back
from bot.services.unit import Unit

PROCESSING_GRACE: Final = timedelta(minutes=5)
"""An approved pre-checkout from which no payment came is over after this."""


class SettlePayment:
    def __init__(self, clock: Clock, notices: Notices, fulfil: FulfilOrder) -> None:
        self._clock = clock
        self._notices = notices
        self._fulfil = fulfil

    async def check(
        self, unit: Unit, payment_id: str, payer_id: int, amount: Money
    ) -> PreCheckoutRefusal | None:
        """The last word before money moves; None approves. Telegram waits ten seconds for it."""
        payment = await unit.payments.get(payment_id)
        order = await unit.orders.get(payment.order_id) if payment is not None else None
        if payment is None or order is None:
            return PreCheckoutRefusal.UNKNOWN
        if payment.subscriber_id != payer_id:
            return PreCheckoutRefusal.NOT_YOURS
        refusal = await self._closed(unit, order, payment)
        refusal = refusal or await self._repriced(unit, order, amount)
        if refusal is None and await unit.maintenance.is_on():
            return PreCheckoutRefusal.PAUSED
        if refusal is None:
            unit.payments.mark(payment.id, PaymentStatus.PROCESSING, self._clock.now())
        return refusal

    async def _closed(
        self, unit: Unit, order: Order, payment: Payment
    ) -> PreCheckoutRefusal | None:
        if order.status in PAID_FOR:
            return PreCheckoutRefusal.ALREADY_PAID
        is_waiting = (
            order.status is OrderStatus.AWAITING_PAYMENT
            and self._clock.now() < order.expires_at
            and await unit.lines.holder(order.line_id) == order.subscriber_id
        )
        if not is_waiting:
            return PreCheckoutRefusal.CLOSED
        is_current = payment.status in {PaymentStatus.CREATED, PaymentStatus.PROCESSING}
        return None if is_current else PreCheckoutRefusal.REPLACED

    async def _repriced(self, unit: Unit, order: Order, amount: Money) -> PreCheckoutRefusal | None:
        if amount != order.total:
            return PreCheckoutRefusal.PRICE_CHANGED
        if isinstance(order.buys, TopUp):
            return None
        plan = await unit.catalogue.current(order.buys.plan_code)
        if plan is None:
            return PreCheckoutRefusal.WITHDRAWN
        if plan.version != order.buys.plan_version:
            return PreCheckoutRefusal.PRICE_CHANGED
        if order.discount is not None and not await unit.coupons.is_held(order.id):
            return PreCheckoutRefusal.COUPON_LOST
        return None

    async def settle_charge(
        self, unit: Unit, charge: Charge, came_by: PaymentMethod = PaymentMethod.INVOICE
    ) -> Settlement:
        """Counts the charge and does what follows from it. The same charge again does nothing.

        ``came_by`` tells whose charge it is when we know no such payment.
        """
        if await unit.payments.has_charge(charge.id):
            return Settlement.DUPLICATE_NOTICE
        payment = await unit.payments.get(charge.payment_id)
        order = await unit.orders.get(payment.order_id) if payment is not None else None
        if payment is None or order is None or not payment.takes(charge.amount):
            await unit.payments.add_charge(charge, None, Settlement.UNKNOWN_PAYMENT)
            self._suspend(unit, charge, came_by, None)
            await self._notices.charge_unplaced(unit, charge)
            return Settlement.UNKNOWN_PAYMENT
        did = await self._meaning(unit, charge, payment, order)
        await unit.payments.add_charge(charge, order.id, did)
        match did:
            case Settlement.PAID:
                self._collect(unit, charge, payment, order)
                await self._mark_paid(unit, order, payment, OrderEvent.PAY)
            case Settlement.REOPENED:
                self._collect(unit, charge, payment, order)
                reopened = await self._mark_paid(unit, order, payment, OrderEvent.PAY_LATE)
                if isinstance(order.buys, Renewal) and reopened.paid_by is None:
                    await self._notices.paid_late(unit, reopened)
            case Settlement.TOO_LATE:
                await self._return_late(unit, charge, payment, order)
            case Settlement.SECOND_CHARGE:
                await self._return(unit, charge, payment, order, "second_charge")
                await self._notices.charged_twice(unit, order, charge.payer_id)
            case _:
                await self._hold(unit, charge, payment, order)
        return did

    async def pay_from_wallet(self, unit: Unit, order: Order, payment: Payment) -> Order:
        """Raises `InsufficientBalance`. The database refuses an overdrawn wallet besides."""
        wallet = wallet_of(order.line_id)
        if await unit.ledger.balance(wallet, order.total.currency) < order.total:
            raise InsufficientBalance(order.id)
        now = self._clock.now()
        payment_made = ledger.wallet_payment(order.id, order.line_id, order.total, order.price)
        unit.ledger.post(payment_made, now)
        return await self._mark_paid(unit, order, payment, OrderEvent.PAY)

    async def _mark_paid(
        self, unit: Unit, order: Order, payment: Payment, event: OrderEvent
    ) -> Order:
        now = self._clock.now()
        paid = await unit.orders.move(
            replace(
                order,
                paid_at=now,
                paid_with=payment.method,
                paid_by=order.payer(payment.subscriber_id),
                receipt_number=await unit.orders.next_receipt_number(),
                starts_at=await self._starts_at(unit, order, now),
                reason=None,
            ),
            event,
            now,
            detail=payment.method,
        )
        await self._end_payments(unit, order, payment)
        if order.discount is not None:
            unit.coupons.mark_used(order.id, now)
        unit.timers.cancel(expiry_timer(order.id))
        if paid.paid_by is not None:
            await self._notices.paid_by_another(unit, paid)
        await self._fulfil.begin(unit, paid)
        return paid

    async def _starts_at(self, unit: Unit, order: Order, now: datetime) -> datetime | None:
        if isinstance(order.buys, TopUp):
            return None
        return starts_after(now, await covered_until(unit, await line_of(unit, order), now))

    async def _end_payments(self, unit: Unit, order: Order, charged: Payment) -> None:
        """The one has brought money, and no other way to pay stays open beside it."""
        now = self._clock.now()
        other = await unit.payments.open_of(order.id)
        if other is not None and other.id != charged.id:
            unit.payments.mark(other.id, PaymentStatus.CANCELLED, now)
            ask_to_close(unit, other, Closing.REPLACE)
        unit.payments.mark(charged.id, PaymentStatus.SUCCEEDED, now)

    # ── what a charge means ───────────────────────────────────────────────────────────────────────

    async def _meaning(
        self, unit: Unit, charge: Charge, payment: Payment, order: Order
    ) -> Settlement:
        if order.status in PAID_FOR:
            return Settlement.SECOND_CHARGE
        if charge.amount != payment.amount or charge.payer_id != payment.subscriber_id:
            return Settlement.MISMATCH
        if order.status is OrderStatus.AWAITING_PAYMENT:
            return Settlement.PAID
        return Settlement.REOPENED if await self._reopens(unit, order) else Settlement.TOO_LATE

    async def _reopens(self, unit: Unit, order: Order) -> bool:
        """A closed order can be had after all when its line is still the payer's, and its plan and
        its price still hold. Its coupon was given back when it closed, so that it has to be had
        anew."""
        if await unit.lines.holder(order.line_id) != order.subscriber_id:
            return False
        if isinstance(order.buys, TopUp):
            return True
        plan = await unit.catalogue.current(order.buys.plan_code)
        if plan is None or plan.version != order.buys.plan_version:
            return False
        return await hold_coupon(unit, order, plan, self._clock.now()) is None

    def _collect(self, unit: Unit, charge: Charge, payment: Payment, order: Order) -> None:
        journal = ledger.charge_received(
            charge.id, payment.method, order.id, charge.amount, order.price
        )
        unit.ledger.post(journal, self._clock.now())

    def _suspend(
        self, unit: Unit, charge: Charge, method: PaymentMethod, order_id: str | None
    ) -> None:
        journal = ledger.charge_unplaced(charge.id, method, order_id, charge.amount)
        unit.ledger.post(journal, self._clock.now())

    async def _return(
        self, unit: Unit, charge: Charge, payment: Payment, order: Order, reason: str
    ) -> None:
        now = self._clock.now()
        journal = ledger.charge_to_return(charge.id, payment.method, order.id, charge.amount)
        unit.ledger.post(journal, now)
        unit.payments.owe_refund(
            key=f"charge:{charge.id}",
            order_id=order.id,
            charge_id=charge.id,
            method=payment.method,
            amount=charge.amount,
            reason=reason,
            at=now,
        )
        await send_back(unit, f"charge:{charge.id}")

    async def _return_late(
        self, unit: Unit, charge: Charge, payment: Payment, order: Order
    ) -> None:
        """The plan, its price or the line is gone: the money goes back, and the order says so."""
        await self._return(unit, charge, payment, order, "paid_too_late")
        refunding = await unit.orders.move(
            replace(
                order,
                paid_with=payment.method,
                paid_by=order.payer(payment.subscriber_id),
                reason="paid_too_late",
            ),
            OrderEvent.PAY_TOO_LATE,
            self._clock.now(),
        )
        await self._notices.order_moved(unit, refunding)
        await self._notices.order_refunding(unit, refunding)

    async def _hold(self, unit: Unit, charge: Charge, payment: Payment, order: Order) -> None:
        """Another amount, currency or payer than agreed: an operator decides. The order's owner is
        told of the order, whoever else has paid of the money."""
        self._suspend(unit, charge, payment.method, order.id)
        is_awaited = order.status is OrderStatus.AWAITING_PAYMENT
        if not is_awaited or charge.payer_id != order.subscriber_id:
            await self._notices.charge_unplaced(unit, charge)
        if not is_awaited:
            return
        now = self._clock.now()
        reason = "other_amount" if charge.amount != payment.amount else "other_payer"
        await self._end_payments(unit, order, payment)
        held = await unit.orders.move(
            replace(
                order,
                paid_with=payment.method,
                paid_by=order.payer(payment.subscriber_id),
                reason=reason,
            ),
            OrderEvent.PAY_MISMATCHED,
            now,
        )
        unit.timers.cancel(expiry_timer(order.id))
        await self._notices.order_moved(unit, held)
        await self._notices.order_in_review(unit, held)
