"""What who asks and who was asked do and see."""

from __future__ import annotations

from bot.domain.order import Order
from bot.domain.payment import (
    Payment,
    PaymentMethod,
    Settlement,
    Way,
)
from bot.domain.subscriber import Subscriber
from bot.services.platform import PaymentState, PlatformPayment
from bot.services.platform_requests import (
    PaymentSeen,
)
from bot.services.read_shared_order import SharedOrder
from tests.services.shop import Shop

MUM, STRANGER = 7002, 7003
BY_CARD, BY_INVOICE = Way(PaymentMethod.CARD), Way(PaymentMethod.INVOICE)
BY_STARS = Way(PaymentMethod.STARS)


async def asks(shop: Shop, who: Subscriber, order: Order) -> str:
    async with shop.unit() as unit:
        asked = await shop.ask_another.ask(unit, who, order.id)
    assert asked.token is not None
    return asked.token


async def asked(shop: Shop, who: Subscriber, code: str = "M30") -> tuple[Order, str]:
    """A renewal that waits for somebody else to pay it, and the link's token."""
    order = (await shop.quote(who, code)).order
    token = await asks(shop, who, order)
    return await shop.order(order), token


async def follows(shop: Shop, payer: Subscriber, token: str) -> Order | None:
    async with shop.unit() as unit:
        return await shop.for_another.follow(unit, payer, token)


async def sees(shop: Shop, payer: Subscriber, order: Order) -> SharedOrder:
    async with shop.unit() as unit:
        return await shop.for_another.look(unit, payer, order.id)


async def chooses(shop: Shop, payer: Subscriber, order: Order, way: Way) -> Payment:
    async with shop.unit() as unit:
        paying = await shop.for_another.pay(unit, payer, order.id, way)
    assert paying.shared_order.payment is not None
    return paying.shared_order.payment


async def about_to_pay(shop: Shop, who: Subscriber, payer: Subscriber, way: Way) -> Payment:
    order, token = await asked(shop, who)
    await follows(shop, payer, token)
    payment = await chooses(shop, payer, order, way)
    shop.heard()
    return payment


async def paid_by(shop: Shop, who: Subscriber, payer: Subscriber) -> Order:
    payment = await about_to_pay(shop, who, payer, BY_INVOICE)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
    return await stored(shop, payment)


async def stored(shop: Shop, payment: Payment) -> Order:
    async with shop.unit() as unit:
        order = await unit.orders.get(payment.order_id)
    assert order is not None
    return order


async def the_page_is_paid(shop: Shop, payment: Payment) -> None:
    ref = f"cs_{payment.id}"
    paid = PlatformPayment(payment.id, ref, PaymentState.PAID, f"ch_{payment.id}", payment.amount)
    async with shop.unit() as unit:
        await shop.follow_payment.on_seen(unit, PaymentSeen(payment.id, paid))
