"""The database itself keeps the ledger's rules, whatever code writes to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain import ledger
from bot.domain.money import Money
from storage.unit import SqliteStore
from tests.storage.conftest import NOON

Posting = tuple[str, str, int]
"""Account, currency, amount."""

FREE = ["deferred", "revenue", "clearing:invoice"]
amounts = st.integers(-(10**12), 10**12).filter(bool)
postings = st.tuples(st.sampled_from(FREE), st.sampled_from(["CNY", "USD"]), amounts)


@st.composite
def balanced(draw: st.DrawFn) -> list[Posting]:
    """Postings that sum to zero in every currency."""
    drawn = draw(st.lists(postings, min_size=1, max_size=6))
    for currency in ("CNY", "USD"):
        total = sum(amount for _, each, amount in drawn if each == currency)
        if total:
            drawn.append((draw(st.sampled_from(FREE)), currency, -total))
    return drawn


@contextmanager
def opened(blank: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the schema in memory, with the accounts."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    with closing(raw), closing(sqlite3.connect(blank)) as source:
        source.backup(raw)
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA recursive_triggers = ON")
        for account in [*FREE, "wallet:1"]:
            for currency in ("CNY", "USD"):
                least = 0 if account == "wallet:1" else None
                raw.execute("INSERT INTO accounts VALUES (?, ?, ?)", (account, currency, least))
        yield raw


def post(raw: sqlite3.Connection, key: str, drawn: list[Posting], *, seal: bool = True) -> None:
    """One transaction."""
    raw.execute("BEGIN IMMEDIATE")
    try:
        raw.execute("INSERT INTO journals VALUES (?, 'payment', NULL, 0)", (key,))
        for account, currency, amount in drawn:
            add_posting(raw, key, (account, currency, amount))
        if seal:
            raw.execute("INSERT INTO journal_seals VALUES (?)", (key,))
        raw.execute("COMMIT")
    except sqlite3.IntegrityError:
        raw.execute("ROLLBACK")
        raise


def add_posting(raw: sqlite3.Connection, key: str, posting: Posting) -> None:
    raw.execute(
        "INSERT INTO postings (journal_key, account, currency, amount_minor) VALUES (?, ?, ?, ?)",
        (key, *posting),
    )


def total(raw: sqlite3.Connection) -> list[tuple[str, int]]:
    return raw.execute(
        "SELECT currency, sum(amount_minor) FROM postings GROUP BY 1 HAVING sum(amount_minor) <> 0"
    ).fetchall()


@given(balanced())
def test_a_balanced_journal_is_posted(blank: Path, drawn: list[Posting]) -> None:
    with opened(blank) as raw:
        post(raw, "j", drawn)
        assert raw.execute("SELECT count(*) FROM postings").fetchone() == (len(drawn),)
        assert total(raw) == []


@given(st.lists(postings, max_size=6))
def test_an_unbalanced_or_empty_journal_is_refused(blank: Path, drawn: list[Posting]) -> None:
    sums = {c: sum(a for _, each, a in drawn if each == c) for c in ("CNY", "USD")}
    assume(not drawn or any(sums.values()))
    with opened(blank) as raw:
        with pytest.raises(sqlite3.IntegrityError, match="not balanced"):
            post(raw, "j", drawn)
        assert raw.execute("SELECT count(*) FROM journals").fetchone() == (0,)


@given(balanced())
def test_a_journal_that_nobody_sealed_cannot_be_committed(
    blank: Path, drawn: list[Posting]
) -> None:
    with opened(blank) as raw:
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            post(raw, "j", drawn, seal=False)
        assert raw.execute("SELECT count(*) FROM postings").fetchone() == (0,)


@given(balanced(), balanced())
def test_nothing_is_added_to_a_sealed_journal(
    blank: Path, drawn: list[Posting], more: list[Posting]
) -> None:
    with opened(blank) as raw:
        post(raw, "j", drawn)
        with pytest.raises(sqlite3.IntegrityError, match="sealed"):
            add_posting(raw, "j", more[0])


@settings(max_examples=50)
@given(st.lists(st.integers(-1000, 1000).filter(bool), min_size=1, max_size=12))
def test_a_wallet_never_falls_below_zero(blank: Path, movements: list[int]) -> None:
    held = 0
    with opened(blank) as raw:
        for number, amount in enumerate(movements):
            moves = [("wallet:1", "CNY", amount), ("deferred", "CNY", -amount)]
            if held + amount < 0:
                with pytest.raises(sqlite3.IntegrityError, match="below its minimum"):
                    post(raw, f"j{number}", moves)
            else:
                post(raw, f"j{number}", moves)
                held += amount
        stored = raw.execute(
            "SELECT coalesce(sum(amount_minor), 0) FROM postings WHERE account = 'wallet:1'"
        ).fetchone()
    assert stored == (held,)


@given(balanced())
def test_money_in_another_currency_does_not_cover_a_wallet(
    blank: Path, drawn: list[Posting]
) -> None:
    with opened(blank) as raw:
        post(raw, "in", [("wallet:1", "USD", 500), ("deferred", "USD", -500)])
        post(raw, "other", drawn)
        with pytest.raises(sqlite3.IntegrityError, match="below its minimum"):
            post(raw, "out", [("wallet:1", "CNY", -500), ("deferred", "CNY", 500)])


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE postings SET amount_minor = amount_minor + 1",
        "UPDATE postings SET account = 'revenue'",
        "DELETE FROM postings",
        "UPDATE journals SET posted_at = 1",
        "DELETE FROM journals",
        "UPDATE journal_seals SET journal_key = 'other'",
        "DELETE FROM journal_seals",
        "UPDATE accounts SET min_balance_minor = NULL",
        "DELETE FROM accounts",
        "REPLACE INTO postings SELECT id, journal_key, account, currency, 1 FROM postings",
        "REPLACE INTO journals SELECT key, kind, order_id, 1 FROM journals",
        "REPLACE INTO accounts VALUES ('wallet:1', 'CNY', NULL)",
        "INSERT INTO postings (journal_key, account, currency, amount_minor)"
        " VALUES ('j', 'wallet:nobody', 'CNY', -1)",
        "INSERT INTO postings (journal_key, account, currency, amount_minor)"
        " VALUES ('j', 'revenue', 'CNY', 0)",
        "INSERT INTO journals VALUES ('j', 'payment', NULL, 0)",
    ],
)
def test_what_was_posted_stays_as_it_was_posted(blank: Path, attack: str) -> None:
    with opened(blank) as raw:
        post(raw, "j", [("wallet:1", "CNY", 500), ("deferred", "CNY", -500)])
        before = list(raw.iterdump())
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(attack)
        assert list(raw.iterdump()) == before


WALLET = ledger.wallet_of(1)
PRICE = Money(19_900, "CNY")


async def test_a_balance_is_the_sum_of_what_was_posted(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.ledger.post(ledger.opening_balance(1, Money(50_000, "CNY")), NOON)
        unit.ledger.post(ledger.wallet_payment("LEB-1", 1, PRICE, PRICE), NOON)
    async with store.unit() as unit:
        assert await unit.ledger.balance(WALLET, "CNY") == Money(30_100, "CNY")
        assert await unit.ledger.balance(ledger.DEFERRED, "CNY") == Money(19_900, "CNY")
        assert await unit.ledger.balance(WALLET, "USD") == Money(0, "USD")


async def test_a_journal_is_posted_once(store: SqliteStore) -> None:
    payment = ledger.charge_received("charge-1", "invoice", "LEB-1", PRICE, PRICE)
    async with store.unit() as unit:
        unit.ledger.post(payment, NOON)
    with pytest.raises(sqlite3.IntegrityError):
        async with store.unit() as unit:
            unit.ledger.post(payment, NOON)
    async with store.unit() as unit:
        assert await unit.ledger.balance(ledger.DEFERRED, "CNY") == Money(19_900, "CNY")


async def test_a_wallet_that_holds_too_little_breaks_the_whole_unit(store: SqliteStore) -> None:
    async with store.unit() as unit:
        unit.ledger.post(ledger.opening_balance(1, Money(100, "CNY")), NOON)

    async def pay() -> None:
        async with store.unit() as unit:
            unit.counters.set("written before", 1)
            unit.ledger.post(ledger.wallet_payment("LEB-1", 1, Money(101, "CNY"), PRICE), NOON)

    with pytest.raises(sqlite3.IntegrityError, match="below its minimum"):
        await pay()
    async with store.unit() as unit:
        assert await unit.ledger.balance(WALLET, "CNY") == Money(100, "CNY")
        assert await unit.counters.get("written before") is None
