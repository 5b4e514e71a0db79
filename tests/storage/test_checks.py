"""What doctor would tell about a database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import ledger
from bot.domain.coupon import Coupon
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import TopUp
from bot.domain.payment import PaymentMethod
from bot.services.events import StoreFailed
from storage import migrate
from storage.checks import examine
from storage.unit import SqliteStore
from tests.storage.conftest import NOON, later, order_of


@pytest.fixture(autouse=True)
def sound_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own SQLite may be one that the checks warn of."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))


async def texts(path: Path) -> list[str]:
    return [finding.text for finding in await examine(path)]


@pytest.fixture
def break_with(path: Path) -> Callable[..., None]:
    """Writes past every rule, as a damaged file or a stranger's hand would."""

    def run(*statements: str) -> None:
        with closing(sqlite3.connect(path)) as raw, raw:
            triggers = raw.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall()
            for name, _ in triggers:
                raw.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                raw.execute(statement)
            for _, sql in triggers:
                raw.execute(sql)

    return run


@pytest.fixture
async def paid(store: SqliteStore, line: Line) -> str:
    """An order paid from the wallet, everything in its place."""
    order = replace(order_of(line, status="paid"), paid_at=later(1))
    async with store.unit() as unit:
        await unit.orders.add(order)
        unit.ledger.post(ledger.opening_balance(line.id, Money(20_000, "CNY")), NOON)
        unit.ledger.post(ledger.wallet_payment(order.id, line.id, order.total, order.price), NOON)
    return order.id


async def test_a_sound_database_has_nothing_to_tell(path: Path, paid: str) -> None:
    assert await texts(path) == []


async def test_an_old_sqlite_is_a_warning(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    (finding,) = await examine(path)
    assert "3.51.3 or later" in finding.text
    assert not finding.is_error


async def test_a_ledger_that_does_not_balance_is_told(
    path: Path, paid: str, break_with: Callable[..., None]
) -> None:
    break_with("UPDATE postings SET amount_minor = amount_minor + 1 WHERE account = 'deferred'")
    assert await texts(path) == ["the ledger does not balance: 1 minor units of CNY"]


async def test_a_journal_without_its_seal_is_told(
    path: Path, paid: str, break_with: Callable[..., None]
) -> None:
    break_with(f"DELETE FROM journal_seals WHERE journal_key = 'order:{paid}:wallet'")
    assert f"journal order:{paid}:wallet is not sealed" in await texts(path)


async def test_a_journal_in_two_currencies_is_told(
    path: Path, paid: str, break_with: Callable[..., None]
) -> None:
    key = f"order:{paid}:wallet"
    break_with(
        "INSERT INTO postings (journal_key, account, amount_minor, currency)"
        f" VALUES ('{key}', 'clearing:stars', -5, 'XTR'), ('{key}', 'suspense', 5, 'XTR')"
    )
    assert f"journal {key} mixes currencies" in await texts(path)


async def test_a_charge_that_the_ledger_does_not_know_is_told(
    path: Path, paid: str, break_with: Callable[..., None]
) -> None:
    break_with(
        "INSERT INTO charges (id, order_id, payer_id, amount_minor, currency, platform_ref,"
        f" settlement, charged_at) VALUES ('ch_1', '{paid}', 1, 100, 'CNY', '', 'applied', 0)"
    )
    assert "charge ch_1 is in no journal" in await texts(path)


async def test_a_wallet_below_zero_is_told(
    path: Path, paid: str, line: Line, break_with: Callable[..., None]
) -> None:
    break_with(
        "UPDATE postings SET amount_minor = 100 WHERE amount_minor = 20000",
        "UPDATE postings SET amount_minor = -100 WHERE amount_minor = -20000",
    )
    assert await texts(path) == [f"wallet:{line.id} holds -19800 minor units of CNY"]


async def test_a_paid_order_without_a_journal_is_told(
    path: Path, store: SqliteStore, line: Line
) -> None:
    async with store.unit() as unit:
        await unit.orders.add(replace(order_of(line, status="paid"), paid_at=NOON))
    assert await texts(path) == [f"order {order_of(line).id} is paid and no journal says so"]


async def test_a_top_up_without_its_journal_is_told(
    path: Path, store: SqliteStore, line: Line
) -> None:
    order = replace(order_of(line, status="fulfilled"), buys=TopUp())
    async with store.unit() as unit:
        await unit.orders.add(order)
    told = f"top-up {order.id} is done and no journal put it into the wallet"
    assert await texts(path) == [told]
    async with store.unit() as unit:
        charged = ledger.charge_received("ch", "invoice", order.id, order.total, order.price)
        unit.ledger.post(charged, NOON)
        unit.ledger.post(ledger.top_up(order.id, line.id, order.total), NOON)
    assert await texts(path) == []


async def test_a_receipt_number_left_out_is_told(
    path: Path, store: SqliteStore, line: Line, paid: str, break_with: Callable[..., None]
) -> None:
    break_with(f"UPDATE orders SET receipt_number = 2 WHERE id = '{paid}'")
    assert await texts(path) == ["receipt numbers have gaps: 1 were given out, the last is 2"]


async def test_a_credit_note_number_left_out_is_told(
    path: Path, store: SqliteStore, paid: str, break_with: Callable[..., None]
) -> None:
    async with store.unit() as unit:
        unit.payments.owe_refund(
            f"order:{paid}", paid, None, PaymentMethod.WALLET, Money(19_900, "CNY"), "", NOON
        )
    assert await texts(path) == []
    break_with("UPDATE refunds SET credit_note_number = 7")
    assert await texts(path) == ["credit note numbers have gaps: 1 were given out, the last is 7"]


async def test_a_missing_rule_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("DROP TRIGGER journal_seals_balanced")
    assert await texts(path) == ["rule journal_seals_balanced is missing"]


async def test_a_row_that_refers_to_nothing_is_told(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("INSERT INTO reading_requests VALUES (404, 0)")
    assert await texts(path) == ["row 404 of reading_requests refers to a missing row of lines"]


async def test_a_file_without_schema_is_no_database_of_ours(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "new.db")) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
    (finding,) = await examine(tmp_path / "new.db")
    assert "has no schema" in finding.text
    assert finding.is_error


async def test_an_older_schema_is_to_be_migrated(path: Path) -> None:
    migrate.downgrade(path, "0001")
    (finding,) = await examine(path)
    assert "has schema 0001" in finding.text
    assert "run migrate" in finding.text
    assert not finding.is_error


async def test_a_newer_schema_is_an_error(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    (finding,) = await examine(path)
    assert "a newer version of the program wrote it" in finding.text
    assert finding.is_error


async def test_a_damaged_file_is_told_and_not_raised(path: Path) -> None:
    data = bytearray(path.read_bytes())  # noqa: ASYNC240
    data[4096 * 3 : 4096 * 9] = b"\xff" * 4096 * 6
    path.write_bytes(data)  # noqa: ASYNC240
    findings = await examine(path)
    assert findings
    assert all(finding.is_error for finding in findings)


async def test_a_missing_file_is_a_failed_store(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed):
        await examine(tmp_path / "none.db")


async def test_a_coupon_that_counts_more_uses_than_orders_is_told(
    path: Path, store: SqliteStore, break_with: Callable[..., None]
) -> None:
    async with store.unit() as unit:
        unit.coupons.issue(Coupon("NEW20", Money(2_000, "CNY"), offered=True), NOON)
    assert await texts(path) == []
    break_with("UPDATE coupons SET used = 1")
    assert await texts(path) == ["coupon NEW20 counts 1 uses, and its orders are not as many"]
