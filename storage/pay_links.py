"""Links by which somebody else may pay an order, who followed them, and what was guessed in vain.

A link is known by the hash of its token alone: whoever reads the database can follow none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from storage.database import Transaction
from storage.instants import to_micros
from storage.pay_link_tables import pay_link_followers as followers
from storage.pay_link_tables import pay_link_tries as tries
from storage.pay_link_tables import pay_links as t
from storage.statements import Statement

_RUNS: Final = t.c.ended_at.is_(None)
_ADD: Final = Statement(
    insert(t).values({name: bindparam(name) for name in ("token_hash", "order_id", "made_at")})
)
_LEADS_TO: Final = Statement(
    select(t.c.order_id).where(t.c.token_hash == bindparam("token_hash"), _RUNS)
)
_END: Final = Statement(
    update(t).where(t.c.order_id == bindparam("order_id"), _RUNS).values(ended_at=bindparam("at"))
)
_FOLLOW: Final = Statement(
    insert(followers)
    .values({c.name: bindparam(c.name) for c in followers.c if c.name != "id"})
    .on_conflict_do_nothing()
)
_HAS_FOLLOWED: Final = Statement(
    select(t.c.order_id)
    .join(followers, followers.c.token_hash == t.c.token_hash)
    .where(
        t.c.order_id == bindparam("order_id"),
        followers.c.subscriber_id == bindparam("subscriber_id"),
        _RUNS,
    )
    .limit(1)
)
_COUNT_TRY: Final = Statement(
    insert(tries).values({c.name: bindparam(c.name) for c in tries.c if c.name != "id"})
)
_TRIES_SINCE: Final = Statement(
    select(func.count()).where(
        tries.c.subscriber_id == bindparam("subscriber_id"), tries.c.tried_at >= bindparam("at")
    )
)


class SqlitePayLinks:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, token_hash: str, order_id: str, at: datetime) -> None:
        self._transaction.write(
            _ADD, token_hash=token_hash, order_id=order_id, made_at=to_micros(at)
        )

    async def leads_to(self, token_hash: str) -> str | None:
        row = await self._transaction.row(_LEADS_TO, token_hash=token_hash)
        return row[0] if row else None

    def end(self, order_id: str, at: datetime) -> None:
        self._transaction.write(_END, order_id=order_id, at=to_micros(at))

    def follow(self, token_hash: str, subscriber_id: int, at: datetime) -> None:
        self._transaction.write(
            _FOLLOW, token_hash=token_hash, subscriber_id=subscriber_id, followed_at=to_micros(at)
        )

    async def has_followed(self, subscriber_id: int, order_id: str) -> bool:
        row = await self._transaction.row(
            _HAS_FOLLOWED, subscriber_id=subscriber_id, order_id=order_id
        )
        return row is not None

    def count_try(self, subscriber_id: int, at: datetime) -> None:
        self._transaction.write(_COUNT_TRY, subscriber_id=subscriber_id, tried_at=to_micros(at))

    async def tries_since(self, subscriber_id: int, since: datetime) -> int:
        ((number,),) = await self._transaction.rows(
            _TRIES_SINCE, subscriber_id=subscriber_id, at=to_micros(since)
        )
        return int(number)
