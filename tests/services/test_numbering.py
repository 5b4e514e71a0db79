"""Receipts and credit notes count 1, 2, 3, … whoever pays at once, and whatever fails between."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.line import Line
from bot.domain.order import Order
from bot.domain.payment import PaymentMethod, Way
from bot.domain.subscriber import Subscriber
from storage.database import Database
from storage.unit import SqliteStore
from tests.clocks import StoppedClock
from tests.services.books import breaches
from tests.services.conftest import NOW
from tests.services.shop import Shop, catalogue, found_line, yuan


class Racer:
    """Somebody with a line and ¥500 in its wallet, who does one thing."""

    def __init__(self, shop: Shop, subscriber: Subscriber, line: Line) -> None:
        self._shop = shop
        self._subscriber = subscriber
        self._line = line
        self.orders: list[Order] = []

    async def pays_by_wallet(self) -> None:
        order = await self._quoted()
        await self._shop.pay_by_wallet(self._subscriber, order)

    async def is_charged_twice(self) -> None:
        payment = await self._shop.open_invoice(self._subscriber, await self._quoted())
        for _ in range(2):
            await self._shop.charged(self._shop.charge_of(payment))

    async def tops_up(self) -> Order:
        order = await self._shop.topped_up(self._subscriber, yuan(50))
        self.orders.append(order)
        return order

    async def has_it_back(self) -> None:
        await self._shop.operator_refunds(await self.tops_up())

    async def is_crashed(self) -> None:
        """The number is taken, and the transaction comes to nothing."""
        order = await self._quoted()
        with suppress(ZeroDivisionError):
            async with self._shop.unit() as unit:
                way = Way(PaymentMethod.WALLET)
                await self._shop.payments.pay(unit, self._subscriber, order.id, way)
                raise ZeroDivisionError

    async def _quoted(self) -> Order:
        order = (await self._shop.quote(self._subscriber)).order
        self.orders.append(order)
        return order


Deed = Callable[[Racer], Awaitable[object]]
PAPERS: Final[dict[Deed, tuple[int, int]]] = {
    Racer.pays_by_wallet: (1, 0),
    Racer.is_charged_twice: (1, 1),
    Racer.tops_up: (1, 0),
    Racer.has_it_back: (1, 1),
    Racer.is_crashed: (0, 0),
}
"""How many receipts and credit notes come of each."""


async def race(path: Path, deeds: list[Deed]) -> tuple[list[int], list[int]]:
    """Everybody at once; the numbers of all receipts and of all credit notes."""
    clock = StoppedClock(NOW)
    async with Database(path) as database:
        shop = Shop(SqliteStore(database, clock.now), clock)
        await shop.put_on_sale(catalogue())
        racers = [await _racer(shop, 1001 + place) for place in range(len(deeds))]
        await asyncio.gather(*(deed(racer) for deed, racer in zip(deeds, racers, strict=True)))
        receipts: list[int] = []
        notes: list[int] = []
        async with shop.unit() as unit:
            for order in (order for racer in racers for order in racer.orders):
                stored = await unit.orders.get(order.id)
                if stored is not None and stored.receipt_number is not None:
                    receipts.append(stored.receipt_number)
                notes += [r.credit_note_number for r in await unit.payments.refunds_of(order.id)]
    return sorted(receipts), sorted(notes)


async def _racer(shop: Shop, number: int) -> Racer:
    line = await shop.link_contact(6000 + number, found_line(str(number)))
    await shop.fund(line, yuan(500))
    return Racer(shop, await shop.subscriber(6000 + number), line)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(list(PAPERS)), min_size=2, max_size=12))
def test_numbers_have_no_gaps_however_payments_race_and_fail(
    migrated: Path, deeds: list[Deed]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(shutil.copy(migrated, Path(folder) / "bot.db"))
        receipts, notes = asyncio.run(race(path, deeds))
        assert breaches(path) == {}
    of_receipts, of_notes = (sum(each) for each in zip(*(PAPERS[d] for d in deeds), strict=True))
    assert receipts == list(range(1, of_receipts + 1))
    assert notes == list(range(1, of_notes + 1))
