"""A database full of subscribers, each with a line, a wallet, a reading, usage and old orders."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, bindparam, insert

from storage import announcement_tables, migrate, preference_tables, runtime_tables, tables
from storage.instants import to_micros
from storage.statements import Statement

FIRST_ID: Final = 700_000_000
_ANNOUNCED_TO: Final = 800_000_000
OPENING_MINOR: Final = 10_000_00
ORDERS_EACH: Final = 3
DAYS_EACH: Final = 3
_AT_ONCE: Final = 20_000
_NOW: Final = datetime.now(UTC)


def subscriber_of(n: int) -> int:
    """The Telegram id of the n-th subscriber, whose line has the id ``n``; n counts from 1."""
    return FIRST_ID + n


def announced_to(n: int) -> int:
    """The Telegram id of the announcement's n-th reader; n counts from 1."""
    return _ANNOUNCED_TO + n


def order_of(n: int, number: int) -> str:
    return f"OLD-{n}-{number}"


def iccid_of(msisdn: str) -> str:
    return f"8985201{msisdn[-9:]}001"


def fill(path: Path, subscribers: int) -> None:
    """Creates the database with so many subscribers, past their migration and without a fsync."""
    migrate.upgrade(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("BEGIN")
        for begin in range(1, subscribers + 1, _AT_ONCE):
            _fill_some(raw, range(begin, min(begin + _AT_ONCE, subscribers + 1)))
        raw.execute("COMMIT")


def announce(path: Path, recipients: int) -> None:
    """An announcement that runs, with a delivery planned for each of so many subscribers, who are
    awake."""
    migrate.upgrade(path)
    at = to_micros(datetime.now(UTC))
    announcement = {
        "id": 1, "created_by": FIRST_ID + 1, "created_at": at, "status": "running",
        "audience": "all", "audience_value": "", "category": "news", "silent": 0, "tested": 1,
        "starts_at": None, "local_time": 0, "started_at": at, "ended_at": None, "doing": "send",
        "planned_to": _ANNOUNCED_TO + recipients,
    }  # fmt: skip
    words = {
        "announcement_id": 1, "language": "en", "content": "text", "file_id": None,
        "html": "A new plan is on sale, {name}.", "buttons": "[]", "position": 1,
    }  # fmt: skip
    tally = {"announcement_id": 1, "name": "planned", "number": recipients}
    effect = {
        "id": 1, "courier": "announcements", "lane": 1, "chat_id": 1, "kind": "deliver",
        "slot": None, "status": "pending", "attempts": 0, "payload": "{}",
        "not_before_at": None, "created_at": at, "done_at": None, "error": None,
    }  # fmt: skip
    numbers = range(1, recipients + 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("BEGIN")
        readers = (
            {**_subscriber(n, at), "id": _ANNOUNCED_TO + n, "default_line_id": None}
            for n in numbers
        )
        _add(raw, tables.subscribers, readers)
        _add(raw, preference_tables.preferences, (_awake(n) for n in numbers))
        _add(raw, announcement_tables.announcements, iter([announcement]))
        _add(raw, announcement_tables.announcement_versions, iter([words]))
        _add(raw, announcement_tables.announcement_tallies, iter([tally]))
        _add(raw, announcement_tables.deliveries, (_delivery(n) for n in numbers))
        _add(raw, runtime_tables.outbox, iter([effect] if recipients else []))
        raw.execute("COMMIT")


def _awake(n: int) -> dict[str, Any]:
    """A reader who never sleeps: it may be night where this runs."""
    return {
        "subscriber_id": _ANNOUNCED_TO + n, "news": 1, "promotions": 0, "quiet_from_minute": None,
        "quiet_to_minute": None, "time_zone": None, "alert_most_used": 1, "alert_all_used": 1,
        "alert_ending": 1, "alert_ended": 1, "alert_started": 1,
    }  # fmt: skip


def _delivery(n: int) -> dict[str, Any]:
    return {
        "announcement_id": 1, "chat_id": _ANNOUNCED_TO + n, "status": "planned", "todo": "send",
        "not_before_at": 0, "message_id": None, "afterwards": None, "changed_at": None,
    }  # fmt: skip


def _fill_some(raw: sqlite3.Connection, some: range) -> None:
    now = to_micros(_NOW)
    _add(raw, tables.lines, (_line(n, now) for n in some))
    _add(raw, tables.subscribers, (_subscriber(n, now) for n in some))
    _add(
        raw,
        tables.line_links,
        (
            {"id": n, "line_id": n, "subscriber_id": subscriber_of(n), "linked_at": now,
             "revoked_at": None}
            for n in some
        ),
    )  # fmt: skip
    _add(raw, tables.readings, (_reading(n, now) for n in some))
    _add(raw, tables.usage_days, (day for n in some for day in _usage(n)))
    _add(raw, tables.orders, (order for n in some for order in _orders(n)))
    _open_wallets(raw, some, now)


def _open_wallets(raw: sqlite3.Connection, some: range, now: int) -> None:
    accounts = [{"code": f"wallet:{n}", "currency": "CNY", "min_balance_minor": 0} for n in some]
    opening = {"code": "opening", "currency": "CNY", "min_balance_minor": None}
    _add(raw, tables.accounts, iter(accounts if 1 not in some else [opening, *accounts]))
    key = "line:{}:opening".format
    _add(
        raw,
        tables.journals,
        (
            {"key": key(n), "kind": "opening_balance", "order_id": None, "posted_at": now}
            for n in some
        ),
    )
    sides = (("opening", -OPENING_MINOR), ("wallet:{}", OPENING_MINOR))
    _add(
        raw,
        tables.postings,
        (
            {"id": 2 * n + side, "journal_key": key(n), "account": account.format(n),
             "currency": "CNY", "amount_minor": amount}
            for n in some
            for side, (account, amount) in enumerate(sides)
        ),
    )  # fmt: skip
    _add(raw, tables.journal_seals, ({"journal_key": key(n)} for n in some))


def _add(raw: sqlite3.Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    """All rows have the columns of the first; those that none has are left to the database."""
    first = next(rows, None)
    if first is not None:
        statement = Statement(insert(table).values({name: bindparam(name) for name in first}))
        raw.executemany(statement.sql, itertools.chain([first], rows))


def _line(n: int, now: int) -> dict[str, Any]:
    msisdn = f"+86{13_000_000_000 + n}"
    return {
        "id": n, "ref": iccid_of(msisdn), "msisdn": msisdn, "iccid": iccid_of(msisdn),
        "zone": "Asia/Shanghai", "status": "active", "created_at": now,
    }  # fmt: skip


def _subscriber(n: int, now: int) -> dict[str, Any]:
    return {
        "id": subscriber_of(n), "name": f"Person {n}", "language": "zh_Hans", "language_chosen": 0,
        "default_line_id": n, "created_at": now, "blocked_at": None,
    }  # fmt: skip


def _reading(n: int, now: int) -> dict[str, Any]:
    until = to_micros(_NOW + timedelta(days=5))
    return {
        "line_id": n, "as_of_at": now, "source": "tmf", "plan_code": "M30",
        "valid_until_at": until, "used_today_bytes": 5 * 10**9,
        "high_speed_cap_bytes": 20 * 10**9, "throttled": 0, "base_rate_kbps": 1000,
        "next_reset_at": until, "wallet_minor": OPENING_MINOR, "wallet_currency": "CNY",
    }  # fmt: skip


def _usage(n: int) -> Iterator[dict[str, Any]]:
    today = date.today()  # noqa: DTZ011 - any day will do
    for back in range(DAYS_EACH):
        day = (today - timedelta(days=back)).isoformat()
        yield {"line_id": n, "day": day, "used_bytes": 10**9}


def _orders(n: int) -> Iterator[dict[str, Any]]:
    for number in range(ORDERS_EACH):
        at = to_micros(_NOW - timedelta(days=300 - 30 * number))
        yield {
            "id": order_of(n, number), "subscriber_id": subscriber_of(n), "line_id": n,
            "buys": "renewal", "plan_code": "M30", "plan_version": 1, "periods": 1, "days": 30,
            "total_minor": 199_00, "currency": "CNY", "status": "fulfilled", "created_at": at,
            "expires_at": at, "confirmed_at": at, "paid_at": at, "paid_with": "wallet",
            "fulfilled_at": at, "starts_at": at, "ends_at": at, "delayed": 0,
            "receipt_number": 10**9 + ORDERS_EACH * n + number, "reason": None,
        }  # fmt: skip
