"""The ledger's rows. Its rules are the database's own: see `storage.rules`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.ledger import Account, Journal
from bot.domain.money import Money
from storage.database import Transaction
from storage.instants import to_micros
from storage.statements import Statement
from storage.tables import accounts, journal_seals, journals, postings

_WALLET: Final = "wallet:"

_OPEN_ACCOUNT: Final = Statement(insert(accounts).on_conflict_do_nothing())
_ADD_JOURNAL: Final = Statement(insert(journals))
_ADD_POSTING: Final = Statement(
    insert(postings).values({c.name: bindparam(c.name) for c in postings.c if c.name != "id"})
)
_SEAL: Final = Statement(insert(journal_seals))
_HAS: Final = Statement(select(journals.c.key).where(journals.c.key == bindparam("key")))
_BALANCE: Final = Statement(
    select(func.coalesce(func.sum(postings.c.amount_minor), 0)).where(
        postings.c.account == bindparam("account"), postings.c.currency == bindparam("currency")
    )
)


class SqliteLedger:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def post(self, journal: Journal, at: datetime) -> None:
        """What breaks a rule is refused with `sqlite3.IntegrityError` at the next read or commit:
        a key posted before, a wallet below zero."""
        for posting in journal.postings:
            self._transaction.write(
                _OPEN_ACCOUNT,
                code=posting.account,
                currency=posting.amount.currency,
                min_balance_minor=0 if posting.account.startswith(_WALLET) else None,
            )
        self._transaction.write(
            _ADD_JOURNAL,
            key=journal.key,
            kind=journal.kind,
            order_id=journal.order_id,
            posted_at=to_micros(at),
        )
        for posting in journal.postings:
            self._transaction.write(
                _ADD_POSTING,
                journal_key=journal.key,
                account=posting.account,
                currency=posting.amount.currency,
                amount_minor=posting.amount.minor,
            )
        self._transaction.write(_SEAL, journal_key=journal.key)

    async def balance(self, account: Account, currency: str) -> Money:
        ((minor,),) = await self._transaction.rows(_BALANCE, account=account, currency=currency)
        return Money(minor, currency)

    async def has(self, key: str) -> bool:
        return await self._transaction.row(_HAS, key=key) is not None
