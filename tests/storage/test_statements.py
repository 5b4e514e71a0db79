"""Every statement is one that the schema knows, and finds its rows by an index."""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select

import storage
from storage import desk, earnings
from storage.statements import Statement
from storage.tables import orders

READ_WHOLE = {
    "plans": "a handful of rows",
    "journals": "the checks read all of it",
    "postings": "the checks read all of it",
    "orders": "the checks read all of it",
    "accounts": "the checks read all of it",
    "charges": "the checks read all of it",
    "refunds USING COVERING INDEX": "the checks count all of them",
    "dead_letters": "rare, and looked through once a day",
    "coupons": "the checks read all of it, an order only the few that are offered to everybody",
    "coupon_tries": "a week of guesses, looked through once an hour",
    "known": "the countries that there are, each of them found by an index",
    "pay_link_tries": "a week of guesses, looked through once an hour",
    "disputes": "the few that there are, looked through by doctor",
    "reconciliations": "a week of them; the newest is asked for, or the old ones are removed",
    "audit": "what operators did: read by the page from the newest on, and counted",
    "announcements": "the newest are listed, until a page is full",
    "page": "so many people at most, found by their ids",
    "lines USING COVERING INDEX": "an operator looks for a number by its last digits",
    "erasures": "the few whose traces are still on their way",
    "charges USING COVERING INDEX": "the checks read all of it",
    "subscribers": "an operator looks for somebody by a part of the name",
    "operators": "a handful of rows",
    "maintenance": "a handful of rows",
    "support_cases USING INDEX ix_support_cases_at_desk": "what an operator lists",
    "pages USING INDEX ix_pages_untold": "what is told within a minute",
    "inbox USING INDEX ix_inbox_undecided": "only what still waits is in it",
}


def every_statement() -> list[tuple[str, Statement]]:
    found = []
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        if not module.ispkg:
            for name, value in vars(importlib.import_module(module.name)).items():
                found += [(f"{module.name}.{name}", each) for each in _held_in(value)]
    return found


def _held_in(value: object) -> list[Statement]:
    """A statement stands alone, in a list of steps, or in a table that chooses one."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [each for part in value for each in _held_in(part)]
    return [value] if isinstance(value, Statement) else []


STATEMENTS = every_statement()


def test_there_are_statements_to_look_at() -> None:
    assert len(STATEMENTS) > 50
    assert "storage.audiences.COUNT" in [name for name, _ in STATEMENTS]


@pytest.mark.parametrize("statement", [s for _, s in STATEMENTS], ids=[n for n, _ in STATEMENTS])
def test_a_statement_finds_its_rows_by_an_index(blank: Path, statement: Statement) -> None:
    """So that it costs the same among a million subscribers as among a thousand."""
    allowed = tuple(READ_WHOLE)
    with closing(sqlite3.connect(blank)) as raw:
        plan = raw.execute(
            f"EXPLAIN QUERY PLAN {statement.sql}", dict.fromkeys(statement._names)
        ).fetchall()
    scans = [step for *_, step in plan if step.startswith("SCAN")]
    assert [step for step in scans if not step.removeprefix("SCAN ").startswith(allowed)] == []


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (earnings.EARNED, "journals USING INDEX ix_journals_earning"),
        (desk._PAID_ORDERS, "orders USING INDEX ix_orders_paid"),
        (desk._ACTIVATING, "orders USING INDEX ix_orders_line"),
        (desk.UNDELIVERED, "orders USING INDEX ix_orders_line"),
    ],
    ids=["earned", "paid", "activating", "undelivered"],
)
def test_what_the_desk_shows_first_reads_only_the_rows_that_it_counts(
    blank: Path, statement: Statement, index: str
) -> None:
    with closing(sqlite3.connect(blank)) as raw:
        plan = raw.execute(
            f"EXPLAIN QUERY PLAN {statement.sql}", dict.fromkeys(statement._names)
        ).fetchall()
    assert index in plan[0][-1]


def test_our_constants_stand_in_the_sql_and_values_do_not() -> None:
    statement = Statement(
        select(orders.c.id).where(
            orders.c.status.in_(["paid", "review"]), orders.c.line_id == bindparam("line_id")
        )
    )
    assert "IN ('paid', 'review')" in statement.sql
    assert ":line_id" in statement.sql
    assert statement.bind({"line_id": 1}) == {"line_id": 1}


@pytest.mark.parametrize("values", [{}, {"line": 1}, {"line_id": 1, "more": 2}])
def test_a_value_too_few_or_too_many_is_a_mistake_of_ours(values: dict[str, int]) -> None:
    statement = Statement(select(orders.c.id).where(orders.c.line_id == bindparam("line_id")))
    with pytest.raises(TypeError, match="line_id"):
        statement.bind(values)
