"""What the ledger says was earned: the one statement behind every figure of revenue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, case, func, select, text

from bot.domain.ledger import REVENUE, JournalKind
from bot.domain.money import Money
from bot.domain.statistics import Earned
from storage.database import Row
from storage.statements import Statement
from storage.tables import journals, orders, postings

EARNING: Final = text("journals.kind IN ('activation', 'reversal')")
"""As ``ix_journals_earning`` says it: SQLite takes an index of some rows only by its own words."""
_is_taken_back = journals.c.kind == JournalKind.REVERSAL.value
_discount = func.coalesce(orders.c.discount_minor, 0)
_paid = postings.c.amount_minor + case((_is_taken_back, _discount), else_=-_discount)
EARNED: Final = Statement(
    select(orders.c.plan_code, _is_taken_back, postings.c.currency, func.count(), func.sum(_paid))
    .select_from(journals)
    .join(postings, postings.c.journal_key == journals.c.key)
    .join(orders, orders.c.id == journals.c.order_id)
    .where(
        EARNING,
        journals.c.posted_at >= bindparam("since"),
        journals.c.posted_at < bindparam("until"),
        # The plus keeps SQLite from going through all that was ever earned.
        text(f"+postings.account = '{REVENUE}'"),
    )
    .group_by(orders.c.plan_code, _is_taken_back, postings.c.currency)
    .order_by(orders.c.plan_code, _is_taken_back, postings.c.currency)
)


def earned(rows: Iterable[Row]) -> list[Earned]:
    return [
        Earned(plan_code, bool(is_taken_back), number, Money(minor, currency))
        for plan_code, is_taken_back, currency, number, minor in rows
    ]
