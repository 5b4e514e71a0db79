"""Is the database sound? What doctor tells, and what a backup must pass."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import exists, func, literal, select

from bot.domain.ledger import JournalKind
from bot.domain.order import OrderStatus
from bot.services.events import StoreFailed
from storage import migrate
from storage.coupon_tables import coupon_holds, coupons
from storage.database import Reader, open_reader
from storage.rules import RULES
from storage.statements import Statement
from storage.tables import accounts, charges, journal_seals, journals, orders, postings, refunds

_SOUND_SQLITE: Final = (3, 51, 3)
"""Earlier versions may damage a database when its WAL is reset (https://sqlite.org/wal.html)."""

_TOTAL: Final = func.sum(postings.c.amount_minor)
_UNBALANCED: Final = Statement(
    select(postings.c.currency, _TOTAL).group_by(postings.c.currency).having(_TOTAL != 0)
)
_UNSEALED: Final = Statement(
    select(journals.c.key).where(
        ~exists(select(1).where(journal_seals.c.journal_key == journals.c.key))
    )
)
_MIXED: Final = Statement(
    select(postings.c.journal_key)
    .group_by(postings.c.journal_key)
    .having(func.count(postings.c.currency.distinct()) > 1)
)
_CHARGED_WITHOUT_JOURNAL: Final = Statement(
    select(charges.c.id).where(
        ~exists(select(1).where(journals.c.key == literal("charge:").concat(charges.c.id)))
    )
)
_BELOW_MINIMUM: Final = Statement(
    select(accounts.c.code, accounts.c.currency, _TOTAL)
    .join(
        postings,
        (postings.c.account == accounts.c.code) & (postings.c.currency == accounts.c.currency),
    )
    .where(accounts.c.min_balance_minor.is_not(None))
    .group_by(accounts.c.code, accounts.c.currency)
    .having(accounts.c.min_balance_minor > _TOTAL)
)
_PAID_WITHOUT_JOURNAL: Final = Statement(
    select(orders.c.id).where(
        orders.c.paid_at.is_not(None),
        ~exists(
            select(1).where(
                journals.c.order_id == orders.c.id, journals.c.kind == JournalKind.PAYMENT
            )
        ),
    )
)
_TOPPED_UP_WITHOUT_JOURNAL: Final = Statement(
    select(orders.c.id).where(
        orders.c.buys == "top_up",
        orders.c.status == OrderStatus.FULFILLED,
        ~exists(
            select(1).where(
                journals.c.order_id == orders.c.id, journals.c.kind == JournalKind.TOP_UP
            )
        ),
    )
)
_COUPONS_MISCOUNTED: Final = Statement(
    select(coupons.c.code, coupons.c.used).where(
        coupons.c.used
        != select(func.count())
        .where(coupon_holds.c.code == coupons.c.code)
        .correlate(coupons)
        .scalar_subquery()
    )
)
_RECEIPTS: Final = Statement(
    select(func.count(orders.c.receipt_number), func.max(orders.c.receipt_number))
)
_CREDIT_NOTES: Final = Statement(
    select(func.count(refunds.c.credit_note_number), func.max(refunds.c.credit_note_number))
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be. An error means that the data cannot be trusted."""

    text: str
    is_error: bool = True


async def examine(path: Path) -> list[Finding]:
    """Reads the whole file; empty when all is well. Each check is one statement and so sees one
    state: the bot may go on writing.

    Raises `StoreFailed` when there is no such file.
    """
    async with open_reader(path) as reader:
        try:
            return [finding async for finding in _findings(reader)]
        except StoreFailed as error:
            return [Finding(f"cannot be read: {error}")]


async def _findings(reader: Reader) -> AsyncIterator[Finding]:
    if sqlite3.sqlite_version_info < _SOUND_SQLITE:
        wanted = ".".join(map(str, _SOUND_SQLITE))
        yield Finding(f"SQLite is {sqlite3.sqlite_version}; {wanted} or later is safer", False)
    for (said,) in await reader.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield Finding(f"damaged: {said}")
    stored = await _version(reader)
    if stored is None:
        yield Finding("has no schema: empty, or not a database of this program")
        return
    if stored != migrate.newest():
        known = migrate.knows(stored)
        advice = "run migrate" if known else "a newer version of the program wrote it"
        yield Finding(f"has schema {stored}, not {migrate.newest()}: {advice}", not known)
        return
    async for finding in _broken_rules(reader):
        yield finding


async def _version(reader: Reader) -> str | None:
    tables = await reader.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
    versions = await reader.execute("SELECT version_num FROM alembic_version") if tables else []
    return versions[0][0] if versions else None


async def _broken_rules(reader: Reader) -> AsyncIterator[Finding]:
    triggers = await reader.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for name in sorted(RULES.keys() - {name for (name,) in triggers}):
        yield Finding(f"rule {name} is missing")
    for table, row_id, parent, _ in await reader.execute("PRAGMA foreign_key_check"):
        yield Finding(f"row {row_id} of {table} refers to a missing row of {parent}")
    for currency, total in await reader.rows(_UNBALANCED):
        yield Finding(f"the ledger does not balance: {total} minor units of {currency}")
    for (key,) in await reader.rows(_UNSEALED):
        yield Finding(f"journal {key} is not sealed")
    for (key,) in await reader.rows(_MIXED):
        yield Finding(f"journal {key} mixes currencies")
    for (charge_id,) in await reader.rows(_CHARGED_WITHOUT_JOURNAL):
        yield Finding(f"charge {charge_id} is in no journal")
    for account, currency, total in await reader.rows(_BELOW_MINIMUM):
        yield Finding(f"{account} holds {total} minor units of {currency}")
    for (order_id,) in await reader.rows(_PAID_WITHOUT_JOURNAL):
        yield Finding(f"order {order_id} is paid and no journal says so")
    for (order_id,) in await reader.rows(_TOPPED_UP_WITHOUT_JOURNAL):
        yield Finding(f"top-up {order_id} is done and no journal put it into the wallet")
    for code, used in await reader.rows(_COUPONS_MISCOUNTED):
        yield Finding(f"coupon {code} counts {used} uses, and its orders are not as many")
    for paper, numbers in (("receipt", _RECEIPTS), ("credit note", _CREDIT_NOTES)):
        ((count, last),) = await reader.rows(numbers)
        if count != (last or 0):
            yield Finding(f"{paper} numbers have gaps: {count} were given out, the last is {last}")
