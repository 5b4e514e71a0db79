"""Coupons in the store: the limit, once a subscriber, and what an order gives back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.coupon import Coupon, CouponRefusal, Discount, Share
from bot.domain.errors import WrongOrderStatus
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import OrderEvent, OrderStatus
from bot.domain.plan import BillingCycle
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, BEN, NOON, later, order_of

FULL = Coupon(
    code="FULL",
    off=Money(2_000, "CNY"),
    offered=True,
    cycles=frozenset({BillingCycle.DAILY, BillingCycle.MONTHLY}),
    first_renewal=True,
    once_a_subscriber=True,
    minimum=Money(5_000, "CNY"),
    starts_at=NOON,
    ends_at=later(60),
    max_uses=2,
)
BARE = Coupon(code="BARE", off=Share(1_000), offered=False)


async def issue(store: SqliteStore, *coupons: Coupon) -> None:
    async with store.unit() as unit:
        for coupon in coupons:
            unit.coupons.issue(coupon, NOON)


async def orders(store: SqliteStore, line: Line, *ids: str) -> None:
    async with store.unit() as unit:
        for order_id in ids:
            await unit.orders.add(order_of(line, order_id))


async def hold(store: SqliteStore, code: str, order_id: str, whose: int) -> CouponRefusal | None:
    async with store.unit() as unit:
        coupon = await unit.coupons.get(code)
        assert coupon is not None
        return await unit.coupons.hold(coupon, order_id, whose, NOON)


async def uses(store: SqliteStore, code: str) -> int:
    async with store.unit() as unit:
        coupon = await unit.coupons.get(code)
    assert coupon is not None
    return coupon.used


async def test_a_coupon_comes_back_as_it_was_issued(store: SqliteStore) -> None:
    await issue(store, FULL, BARE)
    async with store.unit() as unit:
        assert await unit.coupons.get("FULL") == FULL
        assert await unit.coupons.get("BARE") == BARE
        assert await unit.coupons.get("NONE") is None


async def test_a_code_is_issued_once(store: SqliteStore) -> None:
    await issue(store, BARE)
    with pytest.raises(sqlite3.IntegrityError):
        await issue(store, BARE)


async def test_the_limit_holds_and_a_released_use_can_be_had_again(
    store: SqliteStore, line: Line
) -> None:
    await issue(store, replace(BARE, max_uses=1))
    await orders(store, line, "A", "B")
    assert await hold(store, "BARE", "A", ANA.id) is None
    assert await hold(store, "BARE", "B", BEN.id) is CouponRefusal.SOLD_OUT
    async with store.unit() as unit:
        assert await unit.coupons.is_held("A")
        assert not await unit.coupons.is_held("B")
        await unit.coupons.release("A")
        await unit.coupons.release("A")
    assert await uses(store, "BARE") == 0
    assert await hold(store, "BARE", "B", BEN.id) is None


async def test_an_order_holds_one_coupon_and_a_subscriber_one_use_where_it_says_so(
    store: SqliteStore, line: Line
) -> None:
    await issue(store, BARE, FULL)
    await orders(store, line, "A", "B", "C")
    assert await hold(store, "FULL", "A", ANA.id) is None
    assert await hold(store, "BARE", "A", ANA.id) is CouponRefusal.ALREADY_USED
    assert await hold(store, "FULL", "B", ANA.id) is CouponRefusal.ALREADY_USED
    assert await hold(store, "BARE", "B", ANA.id) is None
    assert await hold(store, "BARE", "C", ANA.id) is None
    assert await hold(store, "FULL", "C", BEN.id) is CouponRefusal.ALREADY_USED
    assert (await uses(store, "FULL"), await uses(store, "BARE")) == (1, 2)
    async with store.unit() as unit:
        assert await unit.coupons.used_by(ANA.id) == {"FULL", "BARE"}
        assert await unit.coupons.used_by(BEN.id) == frozenset()


async def test_the_database_refuses_more_uses_than_the_limit(store: SqliteStore) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await issue(store, replace(BARE, max_uses=1, used=2))


async def test_known_are_the_offered_and_the_redeemed_that_have_not_ended(
    store: SqliteStore, line: Line
) -> None:
    soon = replace(FULL, code="SOON", ends_at=later(10))
    await issue(store, FULL, BARE, soon)
    async with store.unit() as unit:
        assert [each.code for each in await unit.coupons.known_to(ANA.id, NOON)] == ["SOON", "FULL"]
        unit.coupons.redeem("BARE", ANA.id, NOON)
        unit.coupons.redeem("BARE", ANA.id, later(1))
        known = await unit.coupons.known_to(ANA.id, later(10))
        assert [each.code for each in known] == ["FULL", "BARE"]
        assert [each.code for each in await unit.coupons.known_to(BEN.id, later(60))] == []


async def test_tries_are_counted_for_each_subscriber_and_hour(
    store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        for minute in (0, 30, 59):
            unit.coupons.count_try(ANA.id, later(minute))
        unit.coupons.count_try(BEN.id, later(59))
        hour_ago = later(61) - timedelta(hours=1)
        assert await unit.coupons.tries_since(ANA.id, hour_ago) == 2


async def test_a_quote_keeps_its_discount_and_only_a_quote_changes_it(
    store: SqliteStore, line: Line
) -> None:
    await orders(store, line, "A")
    quoted = order_of(line, "A").with_discount(Discount("FULL", Money(2_000, "CNY")))
    async with store.unit() as unit:
        await unit.orders.reprice(quoted)
        stored = await unit.orders.get("A")
        assert stored == quoted
        assert (stored.total, stored.price) == (Money(17_900, "CNY"), Money(19_900, "CNY"))
        confirmed = await unit.orders.move(quoted, OrderEvent.CONFIRM, NOON)
        assert (await unit.orders.get("A")) == confirmed
        with pytest.raises(WrongOrderStatus):
            await unit.orders.reprice(confirmed.with_discount(None))


@pytest.mark.parametrize(
    ("status", "renewed"),
    [
        (OrderStatus.AWAITING_PAYMENT, False),
        (OrderStatus.EXPIRED, False),
        (OrderStatus.PAID, True),
        (OrderStatus.FULFILLED, True),
        (OrderStatus.REFUNDED, False),
    ],
)
async def test_whoever_paid_and_was_not_given_it_back_has_renewed(
    store: SqliteStore, line: Line, path: Path, status: OrderStatus, renewed: bool
) -> None:
    await orders(store, line, "A")
    async with store.unit() as unit:
        confirmed = await unit.orders.move(order_of(line, "A"), OrderEvent.CONFIRM, NOON)
        assert confirmed
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE orders SET status = ?", (status,))
    async with store.unit() as unit:
        assert await unit.orders.has_renewed(ANA.id) is renewed
        assert not await unit.orders.has_renewed(BEN.id)
