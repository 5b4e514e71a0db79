"""Ask the platform for the money of a payment: a page to pay on, or the charge of a kept card."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.language import ENGLISH, nearest
from bot.domain.order import Order
from bot.domain.payment import Payment, PaymentMethod
from bot.domain.subscriber import Subscriber
from bot.services.keep_card import chargeable_card
from bot.services.platform import CheckoutTerms
from bot.services.platform_requests import ChargeCard, OpenCheckout
from bot.services.ports import Clock
from bot.services.unit import Unit
from bot.services.watch_platform import read_soon


async def ask_for_money(
    unit: Unit,
    clock: Clock,
    subscriber: Subscriber,
    order: Order,
    names: Mapping[str, str],
    payment: Payment,
    begins_by: datetime,
) -> None:
    """Of the platform; a payment by another way is the dialogue's to ask for. ``names``: what the
    platform calls what is bought, by language. ``begins_by``: past that a kept card is not charged
    any more.

    Raises `PaymentMethodUnavailable` when the card was removed, or has expired.
    """
    title = f"{names[nearest(subscriber.language, names) or ENGLISH]} · {order.id}"
    if payment.card_id is not None:
        card = await chargeable_card(unit, subscriber.id, payment.card_id, clock.now())
        charge = ChargeCard(payment.id, card.card, payment.amount, title, begins_by)
        unit.outbox.platform(charge, subscriber.id)
    elif payment.has_page:
        terms = await _terms(unit, subscriber, order, payment, title)
        unit.outbox.platform(OpenCheckout(terms), subscriber.id)
    else:
        return
    read_soon(unit, clock)


async def _terms(
    unit: Unit, subscriber: Subscriber, order: Order, payment: Payment, title: str
) -> CheckoutTerms:
    is_card = payment.method is PaymentMethod.CARD
    return CheckoutTerms(
        payment_id=payment.id,
        method=payment.method,
        amount=payment.amount,
        title=title,
        language=subscriber.language,
        expires_at=order.expires_at,
        customer_ref=await unit.cards.customer_of(subscriber.id) if is_card else None,
        keep_card=payment.keeps_card,
    )
