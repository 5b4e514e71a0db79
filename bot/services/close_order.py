"""Close an unpaid order, and the page on which it could be paid.

Where there is a page, the platform closes it first: a payment that was faster wins. Only its answer
closes the order (`bot.services.follow_payment`). The charge of a kept card has no page to close:
money may have moved, and how it ended is asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.domain.order import Order, OrderEvent
from bot.domain.payment import Payment
from bot.services.hold_coupon import release_coupon
from bot.services.order_keys import expiry_timer
from bot.services.platform_requests import Closing, ExpireCheckout, LookUpPayment
from bot.services.unit import Unit

ASK_AGAIN_AFTER: Final = timedelta(minutes=5)


async def close_unpaid(unit: Unit, order: Order, event: OrderEvent, now: datetime) -> Order:
    unit.timers.cancel(expiry_timer(order.id))
    await release_coupon(unit, order)
    return await unit.orders.move(order, event, now)


def ask_to_close(unit: Unit, payment: Payment, why: Closing) -> None:
    """Asks the platform to close the payment's page, or how a kept card's charge ended; of other
    payments there is nothing to ask."""
    if payment.has_page:
        ref = payment.page.ref if payment.page is not None else None
        unit.outbox.platform(ExpireCheckout(payment.id, ref, why), payment.subscriber_id)
    elif payment.method.is_hosted:
        unit.outbox.platform(LookUpPayment(None, payment.id), payment.subscriber_id)


def close_later(unit: Unit, order: Order, now: datetime) -> None:
    """The order's payment may still go through: its end is looked at once more in a while."""
    timer = {"order_id": order.id}
    due_at = max(order.expires_at, now + ASK_AGAIN_AFTER)
    unit.timers.set(expiry_timer(order.id), "order_expiry", timer, due_at)
