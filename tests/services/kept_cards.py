"""A card that is kept, charged, and its holder's again, as the tests do it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.order import Order
from bot.domain.payment import Payment, PaymentMethod, Way
from bot.domain.subscriber import Subscriber
from bot.services.card_port import KeptCard
from bot.services.keep_card import keep_card
from bot.services.platform import PaymentState, PlatformPayment, SavedCard
from bot.services.platform_requests import (
    PaymentSeen,
)
from tests.services.shop import Shop

VISA = SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030)
PAGE, KEEPING = Way(PaymentMethod.CARD), Way(PaymentMethod.CARD, keeps_card=True)


def by(card: KeptCard) -> Way:
    return Way(PaymentMethod.CARD, card.id)


async def kept(shop: Shop, lin: Subscriber) -> list[KeptCard]:
    async with shop.unit() as unit:
        return await unit.cards.of(lin.id)


async def keeps(shop: Shop, lin: Subscriber, card: SavedCard = VISA) -> KeptCard:
    async with shop.unit() as unit:
        await keep_card(unit, lin.id, card, shop.clock.now())
    return (await kept(shop, lin))[0]


async def removes(shop: Shop, lin: Subscriber, card: KeptCard) -> None:
    async with shop.unit() as unit:
        await shop.methods.remove(unit, lin, card.id)


async def charged(shop: Shop, lin: Subscriber, card: KeptCard) -> tuple[Order, Payment]:
    """An order whose payer tapped on pay with the kept card."""
    order = (await shop.quote(lin)).order
    payment = (await shop.pay(lin, order, by(card))).payment
    assert payment is not None
    return order, payment


def paid(payment: Payment, **more: object) -> PlatformPayment:
    seen = PlatformPayment(payment.id, "pi_1", PaymentState.PAID, "ch_1", payment.amount)
    return replace(seen, **more)  # type: ignore[arg-type]


def ended(payment: Payment, state: PaymentState) -> PlatformPayment:
    return PlatformPayment(payment.id, "pi_1", state)


async def seen(shop: Shop, payment: Payment, platform: PlatformPayment | None) -> None:
    async with shop.unit() as unit:
        await shop.follow_payment.on_seen(unit, PaymentSeen(payment.id, platform))


async def stored(shop: Shop, payment: Payment) -> Payment:
    async with shop.unit() as unit:
        found = await unit.payments.get(payment.id)
    assert found is not None
    return found
