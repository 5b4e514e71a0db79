"""The check that runs after every test here finds what it is there to find."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.services.books import breaches

_ORDER = """
    INSERT INTO orders (id, subscriber_id, line_id, buys, plan_code, plan_version, periods, days,
      total_minor, currency, status, created_at, expires_at, delayed, receipt_number)
    VALUES ('LEB-1', 1, 1, 'renewal', 'M30', 1, 1, 30,
      19900, 'CNY', '{status}', 0, 0, 0, {receipt})"""
_TOP_UP = """
    INSERT INTO orders (id, subscriber_id, line_id, buys, total_minor, currency, status,
      created_at, expires_at, delayed, receipt_number)
    VALUES ('LEB-2', 1, 1, 'top_up', 5000, 'CNY', '{status}', 0, 0, 0, {receipt})"""
_ASKED = """
    INSERT INTO outbox (courier, lane, kind, payload, status, attempts, created_at)
    VALUES ('carrier', 1, 'submit_order', '{"order_id": "LEB-2"}', 'pending', 0, 0)"""
_POSTING = """
    INSERT INTO postings (journal_key, account, currency, amount_minor)
    VALUES ('made-up', '{account}', 'CNY', {minor})"""
_IN_STARS = _POSTING.replace("CNY", "XTR")
_TIMER = """
    INSERT INTO timers (key, kind, payload, due_at)
    VALUES ('order:LEB-1:{name}', 'order_{name}', '', 0)"""
_CANCELLATION = """
    INSERT INTO cancellations (order_id, asked_by, asked_at, closed_at)
    VALUES ('LEB-1', 'subscriber', 0, {closed_at})"""


@pytest.fixture
def cooked(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated, tmp_path / "cooked.db"))


@pytest.mark.parametrize(
    ("found", "statements"),
    [
        ("the trial balance is not zero", [_POSTING.format(account="revenue", minor=1)]),
        (
            "a journal mixes currencies",
            [each.format(account="revenue", minor=1) for each in (_POSTING, _IN_STARS)],
        ),
        (
            "Stars are where money belongs, or money where Stars do",
            [_IN_STARS.format(account="wallet:1", minor=1)],
        ),
        (
            "Stars are where money belongs, or money where Stars do",
            [_POSTING.format(account="clearing:stars", minor=-1)],
        ),
        (
            "what Telegram holds in Stars is not what was charged and did not go back",
            [_IN_STARS.format(account="clearing:stars", minor=-1)],
        ),
        ("a wallet is below zero", [_POSTING.format(account="wallet:1", minor=-1)]),
        (
            "an order is paid without a journal",
            [_ORDER.format(status="fulfilled", receipt=1)],
        ),
        (
            "money is owed back without a flag, or flagged without being owed",
            [_POSTING.format(account="refunds_due", minor=1)],
        ),
        (
            "what is deferred is not what undelivered orders paid",
            [_ORDER.format(status="paid", receipt=1)],
        ),
        ("receipt numbers have a gap", [_ORDER.format(status="fulfilled", receipt=2)]),
        (
            "an expiry timer is left behind",
            [_ORDER.format(status="paid", receipt=1), _TIMER.format(name="expiry")],
        ),
        (
            "a fulfilment timer is left behind",
            [_ORDER.format(status="fulfilled", receipt=1), _TIMER.format(name="look")],
        ),
        (
            "a cancelling is left open",
            [_ORDER.format(status="refunded", receipt=1), _CANCELLATION.format(closed_at="NULL")],
        ),
        (
            "a cancelling's timer is left behind",
            [
                _ORDER.format(status="fulfilled", receipt=1),
                _CANCELLATION.format(closed_at="1"),
                _TIMER.format(name="cancel"),
            ],
        ),
        (
            "a plan is on the line without its order, or off it with it",
            [_ORDER.format(status="fulfilled", receipt=1)],
        ),
        (
            "a top-up stands between its payment and its wallet",
            [_TOP_UP.format(status="paid", receipt=1)],
        ),
        ("the carrier was told of a top-up", [_TOP_UP.format(status="quoted", receipt=1), _ASKED]),
        (
            "what top-ups put into a wallet is not what they cost",
            [_TOP_UP.format(status="fulfilled", receipt=1)],
        ),
        (
            "what is revenue is not what delivered orders cost",
            [_ORDER.format(status="fulfilled", receipt=1)],
        ),
        (
            "an unpaid order would wait for ever",
            [_ORDER.format(status="awaiting_payment", receipt="NULL")],
        ),
    ],
)
def test_a_breach_is_found(cooked: Path, found: str, statements: list[str]) -> None:
    assert breaches(cooked) == {}
    with closing(sqlite3.connect(cooked)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    assert found in breaches(cooked)
