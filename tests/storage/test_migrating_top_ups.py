"""What orders buy goes through the upgrade that names it, and through its undoing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import migrate

BEFORE = "0008"
_PEOPLE = (
    "INSERT INTO lines VALUES (1, 'ref', '+8613800001001', NULL, 'Asia/Shanghai', 'active', 0)",
    "INSERT INTO subscribers VALUES (1001, '林', 'zh_Hans', 0, 1, 0, NULL, NULL)",
)
_COMMON = """
    INSERT INTO orders (id, {goods}, subscriber_id, line_id, total_minor, currency, status,
      created_at, expires_at, delayed, receipt_number)
    VALUES ('{id}', {values}, 1001, 1, 5000, 'CNY', 'fulfilled', {at}, 0, 0, {at})"""


def renewal(goods: str, values: str) -> str:
    return _COMMON.format(
        id="LEB-MONTH",
        goods=f"{goods}plan_code, plan_version, periods, days",
        values=f"{values}'M30', 2, 1, 30",
        at=1,
    )


TOP_UP = _COMMON.format(id="LEB-MONEY", goods="buys", values="'top_up'", at=2)


@pytest.fixture
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """The file with a line and its holder."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for statement in _PEOPLE:
            raw.execute(statement)
        yield raw


def orders(raw: sqlite3.Connection) -> list[tuple[object, ...]]:
    return raw.execute(
        "SELECT id, buys, plan_code, plan_version, periods, days, total_minor, receipt_number"
        " FROM orders ORDER BY id"
    ).fetchall()


def test_orders_from_before_are_renewals(raw: sqlite3.Connection, path: Path) -> None:
    migrate.downgrade(path, BEFORE)
    raw.execute(renewal("", ""))
    migrate.upgrade(path)
    assert orders(raw) == [("LEB-MONTH", "renewal", "M30", 2, 1, 30, 5000, 1)]


def test_top_ups_are_known_again_after_an_undone_upgrade(
    raw: sqlite3.Connection, path: Path
) -> None:
    raw.execute(renewal("buys, ", "'renewal', "))
    raw.execute(TOP_UP)
    before = orders(raw)
    migrate.downgrade(path, BEFORE)
    assert raw.execute(
        "SELECT o.id, o.total_minor, json_extract(p.names, '$.en') FROM orders o"
        " JOIN plans p ON (p.code, p.version) = (o.plan_code, o.plan_version)"
        " WHERE p.withdrawn_at IS NOT NULL"
    ).fetchall() == [("LEB-MONEY", 5000, "Wallet top-up")]
    migrate.upgrade(path)
    assert orders(raw) == before
    assert raw.execute("SELECT count(*) FROM plans").fetchone() == (0,)


def test_without_top_ups_the_older_version_finds_no_plan_of_them(
    raw: sqlite3.Connection, path: Path
) -> None:
    raw.execute(renewal("buys, ", "'renewal', "))
    migrate.downgrade(path, BEFORE)
    assert raw.execute("SELECT count(*) FROM plans").fetchone() == (0,)


@pytest.mark.parametrize(
    "wrong",
    [
        "buys = 'top_up'",
        "days = NULL",
        "buys = 'top_up', plan_code = NULL, plan_version = NULL, periods = NULL, days = NULL,"
        " coupon_code = 'NEW20'",
        "buys = 'gift'",
    ],
)
def test_the_database_refuses_an_order_that_buys_half_of_each(
    raw: sqlite3.Connection, wrong: str
) -> None:
    raw.execute(renewal("buys, ", "'renewal', "))
    with pytest.raises(sqlite3.IntegrityError, match="buys_one_thing"):
        raw.execute(f"UPDATE orders SET {wrong}")
