"""Auto-renewals: one a line, found by its last order too."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.auto_renewal import AutoRenewal
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.payment import PaymentMethod, Way
from bot.services.platform import SavedCard
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, NOON, later, order_of

PRICE = Money(19_900, "CNY")


async def test_an_auto_renewal_comes_back_as_stored(store: SqliteStore, line: Line) -> None:
    agreed = AutoRenewal(line.id, ANA.id, "M30", PRICE, Way(PaymentMethod.WALLET), NOON)
    async with store.unit() as unit:
        assert await unit.auto_renewals.get(line.id) is None
        for renewal in (agreed, replace(agreed, way=None), replace(agreed, end_at=later(1))):
            unit.auto_renewals.put(renewal)
            assert await unit.auto_renewals.get(line.id) == renewal
        unit.auto_renewals.end(line.id)
        assert await unit.auto_renewals.get(line.id) is None


async def test_how_far_its_period_has_come_is_kept(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        unit.cards.keep(ANA.id, SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030), NOON)
        [card] = await unit.cards.of(ANA.id)
        await unit.orders.add(order_of(line, "LEB-1", "awaiting_payment"))
        agreed = AutoRenewal(
            line.id, ANA.id, "M30", PRICE, Way(PaymentMethod.CARD, card.id), NOON, later(9)
        )
        charged = agreed.announced(Money(20_900, "CNY"), later(1)).ordered("LEB-1")
        unit.auto_renewals.put(charged)
        assert await unit.auto_renewals.get(line.id) == charged
        assert await unit.auto_renewals.of_order("LEB-1") == charged
        assert await unit.auto_renewals.of_order("LEB-2") is None
