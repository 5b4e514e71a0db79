"""Open the payment of an order in the place of the one that is open, whoever of them pays."""

from __future__ import annotations

import secrets
from datetime import datetime

from bot.domain.errors import WrongOrderStatus
from bot.domain.order import Order
from bot.domain.payment import Payment, PaymentStatus, Way
from bot.services.close_order import ask_to_close
from bot.services.platform_requests import Closing
from bot.services.settle_payment import PROCESSING_GRACE
from bot.services.unit import Unit


async def open_payment(
    unit: Unit, order: Order, way: Way, payer_id: int, now: datetime
) -> tuple[Payment, bool]:
    """The payment, and whether it is fresh: the same way of the same payer is found open again.

    Raises `WrongOrderStatus` while another payment is going through.
    """
    former = await unit.payments.open_of(order.id)
    if former is not None:
        if (former.way, former.subscriber_id) == (way, payer_id):
            return former, False
        let_go(unit, order, former, now)
        ask_to_close(unit, former, Closing.REPLACE)
    payment = _payment(order, way, payer_id, now)
    unit.payments.add(payment)
    return payment, True


def let_go(
    unit: Unit,
    order: Order,
    payment: Payment,
    now: datetime,
    to_status: PaymentStatus = PaymentStatus.CANCELLED,
) -> None:
    """Raises `WrongOrderStatus` while the payment is going through."""
    if is_going_through(payment, now):
        raise WrongOrderStatus(order.id, PaymentStatus.PROCESSING)
    unit.payments.mark(payment.id, to_status, now)


def is_going_through(payment: Payment, now: datetime) -> bool:
    """Money may move any moment: for a while after a pre-checkout was approved (also where the
    clock was moved back meanwhile), and at the platform until it says how it ended."""
    if payment.method.is_hosted:
        return payment.status is PaymentStatus.PROCESSING
    return (
        payment.status is PaymentStatus.PROCESSING
        and payment.processing_at is not None
        and abs(now - payment.processing_at) < PROCESSING_GRACE
    )


def _payment(order: Order, way: Way, payer_id: int, now: datetime) -> Payment:
    """The charge of a kept card is on its way from the start."""
    is_charge = way.card_id is not None
    return Payment(
        id=secrets.token_urlsafe(18),
        order_id=order.id,
        subscriber_id=payer_id,
        method=way.method,
        amount=order.total,
        status=PaymentStatus.PROCESSING if is_charge else PaymentStatus.CREATED,
        created_at=now,
        processing_at=now if is_charge else None,
        card_id=way.card_id,
        keeps_card=way.keeps_card,
    )
