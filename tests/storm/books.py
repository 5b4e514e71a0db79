"""What the bot's database holds when the storm is over, read beside it."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.storm.messages import Span, Staged, content_of

MICROS: Final = 1_000_000
IN_MOTION: Final = ("paid", "fulfilling")
HOSTED: Final = ("card", "alipay", "wechat_pay")
"""Paid on the platform's page, and given back by the platform itself."""
SENT_BACK: Final = (*HOSTED, "stars")
"""What goes back by itself."""
MONEY: Final = "CNY"
STARS: Final = "XTR"
CURRENCIES: Final = (MONEY, STARS)


@dataclass(frozen=True)
class Order:
    status: str
    total_minor: int
    paid_with: str | None
    refunds: int
    """Rows that owe or returned its money, or a journal that put it back into the wallet."""
    is_top_up: bool


@dataclass(frozen=True)
class Charge:
    minor: int
    currency: str
    settlement: str
    order_id: str | None
    is_owed_back: bool
    """A refund of its own stands in the books, sent or not."""


@dataclass(frozen=True)
class Refund:
    """Through a payment platform, or through Telegram."""

    method: str
    minor: int
    currency: str
    status: str


@dataclass(frozen=True)
class Books:
    update_ids: set[int]
    undecided: int
    dead_letters: list[str]
    orders: dict[str, Order]
    charges: dict[str, Charge]
    """Each that was counted."""
    refunds: list[Refund]
    journals_unbalanced: int
    journals_mixed: int
    """With more than one currency in them."""
    balances: dict[tuple[str, str], int]
    """Of every account of the ledger in each currency, in minor units."""
    wallet_of: dict[str, str]
    """The wallet's account by the line's number."""
    conversations: int
    staged: Staged


@contextmanager
def opened(database: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()


def is_moving(database: Path) -> bool:
    """Whether anything is undecided, on its way out, paid and not delivered, or to go back by
    itself."""
    with opened(database) as db:
        return bool(
            _count(
                db,
                "SELECT (SELECT count(*) FROM inbox WHERE decided_at IS NULL)"
                " + (SELECT count(*) FROM outbox WHERE status = 'pending')"
                f" + (SELECT count(*) FROM orders WHERE status IN {IN_MOTION})"
                f" + (SELECT count(*) FROM refunds WHERE status = 'due' AND method IN {SENT_BACK})",
            )
        )


def rounds(database: Path) -> tuple[int, int]:
    """Of the reconciliation: how many have ended, and how many are under way."""
    with opened(database) as db:
        query = "SELECT count(*) FROM reconciliations WHERE finished_at IS"
        return _count(db, f"{query} NOT NULL"), _count(db, f"{query} NULL")


def read(database: Path) -> Books:
    with opened(database) as db:
        return Books(
            update_ids={
                int(source_id)
                for (source_id,) in db.execute(
                    "SELECT source_id FROM inbox WHERE source = 'telegram'"
                )
            },
            # A timer that came due while the bot was being stopped is decided at its next start.
            undecided=_count(
                db, "SELECT count(*) FROM inbox WHERE decided_at IS NULL AND source <> 'timer'"
            ),
            dead_letters=[
                f"{kind}: {error}"
                for kind, error in db.execute("SELECT kind, error FROM dead_letters")
            ],
            orders=_orders(db),
            charges={
                id_: Charge(minor, currency, settlement, order_id, bool(owed))
                for id_, minor, currency, settlement, order_id, owed in db.execute(
                    "SELECT id, amount_minor, currency, settlement, order_id,"
                    " 'charge:' || id IN (SELECT key FROM refunds) FROM charges"
                )
            },
            refunds=[
                Refund(*row)
                for row in db.execute(
                    "SELECT method, amount_minor, currency, status FROM refunds"
                    " WHERE method <> 'wallet'"
                )
            ],
            journals_unbalanced=_count(
                db,
                "SELECT count(*) FROM (SELECT 1 FROM postings GROUP BY journal_key, currency"
                " HAVING sum(amount_minor) <> 0)",
            ),
            journals_mixed=_count(
                db,
                "SELECT count(*) FROM (SELECT 1 FROM postings GROUP BY journal_key"
                " HAVING count(DISTINCT currency) > 1)",
            ),
            balances={
                (account, currency): minor
                for account, currency, minor in db.execute(
                    "SELECT account, currency, sum(amount_minor) FROM postings"
                    " GROUP BY account, currency"
                )
            },
            wallet_of={
                msisdn: f"wallet:{line_id}"
                for line_id, msisdn in db.execute("SELECT id, msisdn FROM lines")
            },
            conversations=_count(db, "SELECT count(*) FROM conversations"),
            staged=_staged(db),
        )


def _orders(db: sqlite3.Connection) -> dict[str, Order]:
    given_back = Counter(
        order_id
        for (order_id,) in db.execute("SELECT order_id FROM refunds WHERE key LIKE 'order:%'")
    )
    return {
        order_id: Order(status, total, paid_with, given_back[order_id], bool(top_up))
        for order_id, status, total, paid_with, top_up in db.execute(
            "SELECT id, status, total_minor, paid_with, buys = 'top_up' FROM orders"
        )
    }


def _staged(db: sqlite3.Connection) -> Staged:
    staged = Staged()
    for kind, payload, status, created_at, done_at, error in db.execute(
        "SELECT kind, payload, status, created_at, done_at, error FROM outbox"
        " WHERE courier = 'telegram' AND (kind LIKE 'send%' OR kind LIKE 'edit%')"
    ):
        parameters: dict[str, Any] = json.loads(payload)
        content = content_of(parameters)
        staged.said.add(content)
        if kind.startswith("send") or "message_id" not in parameters:
            marked = done_at / MICROS if done_at else math.inf
            staged.spans[content].append(Span(created_at / MICROS, marked))
        staged.done_sends[content] += kind.startswith("send") and status == "done"
        if status == "failed":
            staged.failed.append(f"{kind}: {error}")
    return staged


def _count(db: sqlite3.Connection, query: str) -> int:
    ((number,),) = db.execute(query)
    return int(number)
