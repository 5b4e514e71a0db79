"""The refund commands as an operator meets them, with a bot that is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import refunding
from bot.domain import ledger
from bot.domain.dispute import Dispute, DisputeState
from bot.domain.money import Money
from bot.domain.order import Order, OrderStatus, TopUp
from bot.domain.payment import PaymentMethod
from storage import migrate
from storage.database import Database
from storage.unit import SqliteStore, SqliteUnit
from tests.command.test_command_line import Ended, command
from tests.storage.conftest import ANA, BEN, FOUND, order_of

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "bot.db"
    migrate.upgrade(path)
    return path


def write(path: Path, what: Callable[[SqliteUnit], Awaitable[None]]) -> None:
    """One transaction of the bot that is stopped now."""

    async def run() -> None:
        async with Database(path) as database, SqliteStore(database, lambda: NOW).unit() as unit:
            await what(unit)

    asyncio.run(run())


def order(path: Path, order_id: str, status: OrderStatus) -> None:
    """Paid an hour ago, by invoice."""

    async def add(unit: SqliteUnit) -> None:
        unit.subscribers.add(ANA, LONG_AGO)
        line = await unit.lines.remember(FOUND, LONG_AGO)
        paid = replace(
            order_of(line, order_id, status),
            paid_at=LONG_AGO,
            paid_with="invoice",
            receipt_number=await unit.orders.next_receipt_number(),
        )
        await unit.orders.add(paid)
        journal = ledger.charge_received("ch", "invoice", order_id, paid.total, paid.total)
        unit.ledger.post(journal, LONG_AGO)

    write(path, add)


def owe(path: Path, order_id: str, key: str, charge_id: str | None) -> None:
    async def add(unit: SqliteUnit) -> None:
        total = (await existing(unit, order_id)).total
        unit.payments.owe_refund(
            key, order_id, charge_id, PaymentMethod.INVOICE, total, "rejected", LONG_AGO
        )

    write(path, add)


async def existing(unit: SqliteUnit, order_id: str) -> Order:
    order = await unit.orders.get(order_id)
    assert order is not None
    return order


def run(path: Path, *arguments: str) -> Ended:
    return command(*arguments, "--database", str(path), cwd=path.parent)


def test_without_a_database_there_is_nothing_to_refund(tmp_path: Path) -> None:
    for arguments in (("refund", "LEB-1"), ("refunds",)):
        ended = run(tmp_path / "none.db", *arguments)
        assert ended.returncode == 2
        assert "There is no database" in ended.stderr


def test_nothing_owed_is_said(database: Path) -> None:
    assert "Nothing is owed." in run(database, "refunds").stdout
    ended = run(database, "refund", "LEB-1", "--sent")
    assert (ended.returncode, ended.stderr) == (2, "Nothing is owed for LEB-1.\n")


def test_an_unknown_order_is_refused(database: Path) -> None:
    ended = run(database, "refund", "LEB-1")
    assert (ended.returncode, ended.stderr) == (2, "There is no order LEB-1.\n")


def test_what_is_owed_is_listed_and_of_several_the_charge_is_wanted(database: Path) -> None:
    order(database, "LEB-1", OrderStatus.REFUNDING)
    owe(database, "LEB-1", "order:LEB-1", None)
    owe(database, "LEB-1", "charge:ch_2", "ch_2")
    listed = run(database, "refunds").stdout
    assert listed.count("LEB-1: 199.00 CNY owed through invoice") == 2
    assert "charge ch_2" in listed
    ended = run(database, "refund", "LEB-1", "--sent")
    assert ended.returncode == 2
    assert "2 refunds are owed: name one with --charge: LEB-1, ch_2." in ended.stderr


def test_a_refund_for_a_bot_that_does_not_run_is_left_for_it(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refunding.refund, "__defaults__", (0.01,))
    order(database, "LEB-1", OrderStatus.FULFILLED)
    ended = run(database, "refund", "LEB-1", "--reason", "lost phone")
    assert ended.returncode == 0
    assert "It will do this as soon as it runs." in ended.stdout
    (left,) = database.with_name("bot.db.commands").iterdir()
    assert left.suffix == ".refund_wanted"
    assert "lost phone" in left.read_text("utf-8")


def test_doctor_counts_the_disputes_that_no_bank_has_decided(database: Path) -> None:
    assert "✓ Disputed at a bank: 0" in run(database, "doctor").stdout
    order(database, "LEB-1", OrderStatus.FULFILLED)

    async def dispute(unit: SqliteUnit) -> None:
        amount = (await existing(unit, "LEB-1")).total
        for ref, state in (("dp_1", DisputeState.OPEN), ("dp_2", DisputeState.WON)):
            unit.disputes.put(Dispute(ref, "LEB-1", "ch", amount, state, LONG_AGO))

    write(database, dispute)
    said = run(database, "doctor").stdout
    assert "! Disputed at a bank: 1 LEB-1\n" in said


def test_doctor_counts_what_is_charged_and_not_delivered_and_what_is_owed(database: Path) -> None:
    assert "✓ Charged but not delivered: 0" in run(database, "doctor").stdout
    order(database, "LEB-1", OrderStatus.PAID)
    owe(database, "LEB-1", "charge:ch_2", "ch_2")
    said = run(database, "doctor").stdout
    assert "! Charged but not delivered: 1 LEB-1" in said
    assert "! Refunds to be sent: 1" in said


def top_up(path: Path, holder: int) -> None:
    """¥199 paid an hour ago, and still in the wallet of a line that this person holds now."""

    async def add(unit: SqliteUnit) -> None:
        unit.subscribers.add(ANA, LONG_AGO)
        unit.subscribers.add(BEN, LONG_AGO)
        line = await unit.lines.remember(FOUND, LONG_AGO)
        unit.lines.link(line.id, holder, LONG_AGO)
        paid = replace(
            order_of(line, "LEB-1", OrderStatus.FULFILLED),
            buys=TopUp(),
            paid_at=LONG_AGO,
            paid_with="invoice",
            receipt_number=await unit.orders.next_receipt_number(),
        )
        await unit.orders.add(paid)
        for journal in (
            ledger.charge_received("ch", "invoice", paid.id, paid.total, paid.total),
            ledger.top_up(paid.id, line.id, paid.total),
        ):
            unit.ledger.post(journal, LONG_AGO)

    write(path, add)


def test_a_top_up_that_another_holder_has_now_is_refused(database: Path) -> None:
    top_up(database, BEN.id)
    ended = run(database, "refund", "LEB-1")
    assert ended.returncode == 2
    assert "of a line that has another holder now. Nothing was changed." in ended.stderr
    assert not list(database.parent.glob("*.commands/*"))


def test_a_top_up_that_is_spent_is_refused_with_what_is_left(database: Path) -> None:
    top_up(database, ANA.id)

    async def spend(unit: SqliteUnit) -> None:
        line_id = (await existing(unit, "LEB-1")).line_id
        spent = ledger.wallet_payment("LEB-2", line_id, Money(1, "CNY"), Money(1, "CNY"))
        unit.ledger.post(spent, NOW)

    write(database, spend)
    ended = run(database, "refund", "LEB-1")
    assert ended.returncode == 2
    assert "put 199.00 CNY into the wallet, which holds 198.99 CNY now" in ended.stderr
    assert not list(database.parent.glob("*.commands/*"))


def test_a_top_up_that_the_wallet_holds_is_left_for_the_bot(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refunding.refund, "__defaults__", (0.01,))
    top_up(database, ANA.id)
    assert run(database, "refund", "LEB-1").returncode == 0
    assert len(list(database.parent.glob("*.commands/*.refund_wanted"))) == 1
