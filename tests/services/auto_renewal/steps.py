"""What the tests of auto-renewal do and see, over virtual time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.line import Line
from bot.domain.order import Order
from bot.domain.payment import PaymentMethod, Way
from bot.domain.subscriber import Subscriber
from bot.services.platform import PaymentState, PlatformPayment
from bot.services.platform_requests import ChargeCard, PaymentSeen
from bot.services.ports import CarrierOrder, CarrierOrderState
from bot.services.requests import Look, OrderAnswered, ReadLine, SubmitOrder
from tests.services.shop import Shop

END = datetime(2026, 12, 8, 7, tzinfo=UTC)
"""Sixteen days after the tests begin."""
WALLET = Way(PaymentMethod.WALLET)


async def agrees(
    shop: Shop, lin: Subscriber, line: Line, way: Way | None = WALLET, code: str = "M30"
) -> None:
    async with shop.unit() as unit:
        plan = await unit.catalogue.current(code)
        assert plan is not None
        assert await shop.auto.turn_on(unit, lin, line.id, code, plan.version, way) is not None


async def until(shop: Shop, at: datetime) -> None:
    await shop.pass_time(seconds=(at - shop.clock.now()).total_seconds())


def before(**length: float) -> datetime:
    return END - timedelta(**length)


def told(shop: Shop) -> list[int | str]:
    """What was said of renewals that go by themselves."""
    return [
        of if what == "renewal_missed" else what
        for what, of in shop.heard()
        if what in {"renewal_ahead", "renewed_by_itself", "renewal_missed"}
    ]


async def orders(shop: Shop, lin: Subscriber) -> list[Order]:
    async with shop.unit() as unit:
        return await unit.orders.of(lin.id, 20, 0)


async def delivers(shop: Shop) -> list[SubmitOrder]:
    """The carrier delivers what it was asked for, after what the line has."""
    asked = shop.asked(SubmitOrder)
    for request in asked:
        done = CarrierOrder(CarrierOrderState.DONE)
        async with shop.unit() as unit:
            await shop.fulfil.on_answered(unit, OrderAnswered(request.order_id, Look(), done))
    shop.asked(ReadLine)
    return asked


async def charge_ends(shop: Shop, state: PaymentState | None) -> list[ChargeCard]:
    """The platform says how the charge of the kept card ended."""
    asked = shop.asked(ChargeCard)
    for request in asked:
        seen = None
        if state is PaymentState.PAID:
            charge_id = f"ch_{request.payment_id}"
            seen = PlatformPayment(request.payment_id, "pi_1", state, charge_id, request.amount)
        elif state is not None:
            seen = PlatformPayment(request.payment_id, "pi_1", state)
        async with shop.unit() as unit:
            await shop.follow_payment.on_seen(unit, PaymentSeen(request.payment_id, seen))
    return asked


async def skips(shop: Shop, lin: Subscriber, line: Line, end_at: datetime = END) -> bool:
    async with shop.unit() as unit:
        return await shop.auto.skip(unit, lin, line.id, end_at)
