"""A charge counts once, a payment that succeeded stays so, a refund is owed once."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import OrderEvent
from bot.domain.payment import Charge, Payment, PaymentMethod, PaymentStatus, Settlement
from storage import migrate
from storage.database import open_reader
from storage.unit import SqliteStore
from tests.storage.conftest import ANA, BEN, NOON, later, order_of

PRICE = Money(19_900, "CNY")
PAYMENT = Payment(
    id="payment-1",
    order_id="LEB-1",
    subscriber_id=ANA.id,
    method=PaymentMethod.INVOICE,
    amount=PRICE,
    status=PaymentStatus.CREATED,
    created_at=NOON,
)
CHARGE = Charge("charge-1", PAYMENT.id, ANA.id, PRICE, "platform-1", later(1))


@pytest.fixture(autouse=True)
async def order(store: SqliteStore, line: Line) -> None:
    async with store.unit() as unit:
        await unit.orders.add(order_of(line, PAYMENT.order_id, "awaiting_payment"))


async def test_a_payment_comes_back_as_stored(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.payments.add(PAYMENT)
        assert await unit.payments.get(PAYMENT.id) == PAYMENT
        assert await unit.payments.get("payment-2") is None


async def test_an_order_has_at_most_one_open_payment(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.payments.add(PAYMENT)
    with pytest.raises(sqlite3.IntegrityError):
        async with store.unit() as unit:
            unit.payments.add(replace(PAYMENT, id="payment-2"))


async def test_a_closed_payment_makes_room_for_another(store: SqliteStore) -> None:
    other = replace(PAYMENT, id="payment-2", method=PaymentMethod.WALLET)
    async with store.unit() as unit:
        unit.payments.add(PAYMENT)
        assert await unit.payments.open_of(PAYMENT.order_id) == PAYMENT
        unit.payments.mark(PAYMENT.id, PaymentStatus.CANCELLED, later(1))
        assert await unit.payments.open_of(PAYMENT.order_id) is None
        unit.payments.add(other)
        assert await unit.payments.open_of(PAYMENT.order_id) == other


async def test_an_approved_payment_is_open_and_says_since_when(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.payments.add(PAYMENT)
        unit.payments.mark(PAYMENT.id, PaymentStatus.PROCESSING, later(1))
        processing = replace(PAYMENT, status=PaymentStatus.PROCESSING, processing_at=later(1))
        assert await unit.payments.open_of(PAYMENT.order_id) == processing
        unit.payments.mark(PAYMENT.id, PaymentStatus.SUCCEEDED, later(2))
        assert await unit.payments.get(PAYMENT.id) == replace(
            processing, status=PaymentStatus.SUCCEEDED
        )


@pytest.mark.parametrize("status", [PaymentStatus.EXPIRED, PaymentStatus.CANCELLED])
async def test_a_payment_that_succeeded_stays_so(store: SqliteStore, status: PaymentStatus) -> None:
    async with store.unit() as unit:
        unit.payments.add(PAYMENT)
        unit.payments.mark(PAYMENT.id, PaymentStatus.SUCCEEDED, later(1))
        unit.payments.mark(PAYMENT.id, status, later(2))
        stored = await unit.payments.get(PAYMENT.id)
        assert stored is not None
        assert stored.status is PaymentStatus.SUCCEEDED


async def test_a_closed_payment_may_still_succeed(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.payments.add(replace(PAYMENT, status=PaymentStatus.EXPIRED))
        unit.payments.mark(PAYMENT.id, PaymentStatus.SUCCEEDED, later(40))
        stored = await unit.payments.get(PAYMENT.id)
        assert stored is not None
        assert stored.status is PaymentStatus.SUCCEEDED


async def test_a_charge_counts_once(store: SqliteStore) -> None:
    async with store.unit() as unit:
        assert not await unit.payments.has_charge(CHARGE.id)
        assert await unit.payments.add_charge(CHARGE, PAYMENT.order_id, Settlement.PAID)
    async with store.unit() as unit:
        again = replace(CHARGE, platform_ref="other")
        assert not await unit.payments.add_charge(again, None, Settlement.MISMATCH)
        assert await unit.payments.has_charge(CHARGE.id)
        assert await unit.payments.charges_of(PAYMENT.order_id) == [CHARGE]


async def test_two_charges_of_one_payment_are_both_kept(store: SqliteStore) -> None:
    second = replace(CHARGE, id="charge-2", charged_at=later(2))
    async with store.unit() as unit:
        await unit.payments.add_charge(second, PAYMENT.order_id, Settlement.SECOND_CHARGE)
        await unit.payments.add_charge(CHARGE, PAYMENT.order_id, Settlement.PAID)
        assert await unit.payments.charges_of(PAYMENT.order_id) == [CHARGE, second]


async def test_a_charge_that_fits_no_order_is_kept_too(store: SqliteStore) -> None:
    async with store.unit() as unit:
        assert await unit.payments.add_charge(CHARGE, None, Settlement.UNKNOWN_PAYMENT)
        assert await unit.payments.has_charge(CHARGE.id)
        assert await unit.payments.charges_of(PAYMENT.order_id) == []


async def test_a_refund_is_owed_once(store: SqliteStore, path: Path) -> None:
    for reason in ("too_late", "again"):
        async with store.unit() as unit:
            unit.payments.owe_refund(
                "charge:charge-1", "LEB-1", "charge-1", PaymentMethod.INVOICE, PRICE, reason, NOON
            )
    async with open_reader(path) as reader:
        owed = await reader.execute("SELECT key, amount_minor, status, reason FROM refunds")
    assert owed == [("charge:charge-1", 19_900, "due", "too_late")]


async def owe(store: SqliteStore, *charge_ids: str) -> None:
    async with store.unit() as unit:
        for charge_id in charge_ids:
            unit.payments.owe_refund(
                f"charge:{charge_id}", PAYMENT.order_id, charge_id, PaymentMethod.INVOICE, PRICE,
                "second_charge", NOON,
            )  # fmt: skip


async def owe_and_fail(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.payments.owe_refund(
            "charge:lost", PAYMENT.order_id, "lost", PaymentMethod.INVOICE, PRICE, "", NOON
        )
        assert len(await unit.payments.refunds_of(PAYMENT.order_id)) == 3
        raise ZeroDivisionError


async def numbers(store: SqliteStore) -> list[tuple[str | None, int]]:
    async with store.unit() as unit:
        refunds = await unit.payments.refunds_of(PAYMENT.order_id)
    return [(each.charge_id, each.credit_note_number) for each in refunds]


async def test_credit_notes_are_numbered_without_gaps(store: SqliteStore) -> None:
    """A refund that is asked for again takes no number, nor does one that is rolled back."""
    await owe(store, "charge-1", "charge-1", "charge-2")
    with pytest.raises(ZeroDivisionError):
        await owe_and_fail(store)
    await owe(store, "charge-2", "charge-3")
    assert await numbers(store) == [("charge-1", 1), ("charge-2", 2), ("charge-3", 3)]


async def test_a_subscribers_refunds_are_theirs_alone(store: SqliteStore, line: Line) -> None:
    await owe(store, "charge-1")
    async with store.unit() as unit:
        order = await unit.orders.get(PAYMENT.order_id)
        assert order is not None
        assert await unit.payments.refunds_to(ANA.id) == []
    other = replace(order_of(line, "LEB-2"), subscriber_id=ANA.id)
    async with store.unit() as unit:
        await unit.orders.add(other)
        confirmed = await unit.orders.move(other, OrderEvent.CONFIRM, NOON)
        unit.payments.owe_refund(
            "order:LEB-2", confirmed.id, None, PaymentMethod.WALLET, PRICE, "rejected", NOON
        )
        assert [each.key for each in await unit.payments.refunds_to(ANA.id)] == ["order:LEB-2"]
        assert await unit.payments.refunds_to(BEN.id) == []


async def test_refunds_from_before_there_were_credit_notes_are_numbered_in_their_order(
    store: SqliteStore, path: Path
) -> None:
    await owe(store, "charge-2", "charge-1")
    migrate.downgrade(path, "0005")
    migrate.upgrade(path)
    async with open_reader(path) as reader:
        numbered = await reader.execute("SELECT charge_id, credit_note_number FROM refunds")
    assert sorted(numbered) == [("charge-1", 1), ("charge-2", 2)]
