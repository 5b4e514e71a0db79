"""Kept cards, and the way to pay chosen for a line."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.line import Line
from bot.domain.order import Order
from bot.domain.payment import Payment, PaymentMethod, PaymentStatus, Way
from bot.services.platform import SavedCard
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, BEN, NOON, later, order_of

VISA = SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030)
MASTER = SavedCard("pm_2", "cus_1", "mastercard", "4444", 1, 2028)


async def test_cards_come_back_as_kept_the_newest_first(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        unit.cards.keep(ANA.id, VISA, NOON)
        unit.cards.keep(ANA.id, MASTER, later(1))
        kept = await unit.cards.of(ANA.id)
        assert [(each.card, each.kept_at) for each in kept] == [(MASTER, later(1)), (VISA, NOON)]
        assert await unit.cards.of(BEN.id) == []
        assert await unit.cards.get(kept[0].id) == kept[0]


async def test_a_card_is_kept_once_and_removed_for_good(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        unit.cards.keep(ANA.id, VISA, NOON)
        unit.cards.keep(ANA.id, VISA, later(1))
        [card] = await unit.cards.of(ANA.id)
        unit.cards.remove(card.id, later(2))
        unit.cards.keep(ANA.id, VISA, later(3))
        assert await unit.cards.of(ANA.id) == []
        assert await unit.cards.get(card.id) == card
        assert await unit.cards.customer_of(ANA.id) == "cus_1"
        assert await unit.cards.customer_of(BEN.id) is None


async def test_the_same_card_goes_on_under_another_key(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        unit.cards.keep(ANA.id, VISA, NOON)
        [card] = await unit.cards.of(ANA.id)
        anew = replace(VISA, ref="pm_9", customer_ref="cus_9")
        unit.cards.renew(card.id, anew, later(1))
        assert await unit.cards.of(ANA.id) == [replace(card, card=anew, kept_at=later(1))]


async def test_a_line_has_one_default_which_is_its_choosers(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        unit.cards.keep(ANA.id, VISA, NOON)
        [card] = await unit.cards.of(ANA.id)
        assert await unit.cards.default_of(line.id, ANA.id) is None
        for way in (Way(PaymentMethod.ALIPAY), Way(PaymentMethod.CARD, card.id)):
            unit.cards.choose_default(line.id, ANA.id, way, NOON)
            assert await unit.cards.default_of(line.id, ANA.id) == way
            assert await unit.cards.default_of(line.id, BEN.id) is None
        unit.cards.choose_default(line.id, BEN.id, Way(PaymentMethod.WALLET), NOON)
        assert await unit.cards.default_of(line.id, ANA.id) is None
        unit.cards.choose_default(line.id, BEN.id, None, NOON)
        assert await unit.cards.default_of(line.id, BEN.id) is None


async def test_a_payment_tells_which_card_pays_and_whether_one_is_kept(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        unit.cards.keep(ANA.id, VISA, NOON)
        [card] = await unit.cards.of(ANA.id)
        for number, way in enumerate(
            (Way(PaymentMethod.CARD, card.id), Way(PaymentMethod.CARD, keeps_card=True))
        ):
            order: Order = order_of(line, f"LEB-{number}", "awaiting_payment")
            await unit.orders.add(order)
            payment = Payment(
                id=f"payment-{number}",
                order_id=order.id,
                subscriber_id=ANA.id,
                method=way.method,
                amount=order.total,
                status=PaymentStatus.PROCESSING,
                created_at=NOON,
                processing_at=NOON,
                card_id=way.card_id,
                keeps_card=way.keeps_card,
            )
            unit.payments.add(payment)
            assert await unit.payments.get(payment.id) == payment
            assert payment in await unit.payments.open_hosted()
