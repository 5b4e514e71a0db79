"""Kept cards, and the way to pay that was chosen for a line."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.payment import PaymentMethod, Way
from bot.services.card_port import KeptCard
from bot.services.platform import SavedCard
from storage.card_tables import default_ways as d
from storage.card_tables import kept_cards as t
from storage.database import Row, Transaction
from storage.instants import from_micros, to_micros
from storage.statements import Statement

_KEEP: Final = Statement(insert(t).on_conflict_do_nothing(index_elements=["subscriber_id", "ref"]))
_RENEW: Final = Statement(
    update(t)
    .where(t.c.id == bindparam("card_id"))
    .values(ref=bindparam("new_ref"), customer_ref=bindparam("customer"), kept_at=bindparam("at"))
)
_SELECT: Final = select(
    t.c.id, t.c.subscriber_id, t.c.ref, t.c.customer_ref, t.c.brand, t.c.last_four,
    t.c.expires_month, t.c.expires_year, t.c.kept_at,
)  # fmt: skip
_GET: Final = Statement(_SELECT.where(t.c.id == bindparam("id")))
_OF: Final = Statement(
    _SELECT.where(t.c.subscriber_id == bindparam("subscriber_id"), t.c.removed_at.is_(None))
    .order_by(t.c.kept_at.desc(), t.c.id.desc())
)  # fmt: skip
_CUSTOMER_OF: Final = Statement(
    select(t.c.customer_ref)
    .where(t.c.subscriber_id == bindparam("subscriber_id"))
    .order_by(t.c.kept_at.desc(), t.c.id.desc())
    .limit(1)
)
_REMOVE: Final = Statement(
    update(t)
    .where(t.c.id == bindparam("card_id"), t.c.removed_at.is_(None))
    .values(removed_at=bindparam("at"))
)
_DEFAULT_OF: Final = Statement(
    select(d.c.method, d.c.card_id).where(
        d.c.line_id == bindparam("line_id"), d.c.subscriber_id == bindparam("subscriber_id")
    )
)
_choose = insert(d)
_CHOOSE: Final = Statement(
    _choose.on_conflict_do_update(
        index_elements=["line_id"],
        set_={
            name: _choose.excluded[name]
            for name in ("subscriber_id", "method", "card_id", "chosen_at")
        },
    )
)
_CHOOSE_NONE: Final = Statement(delete(d).where(d.c.line_id == bindparam("line_id")))


class SqliteCards:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def keep(self, subscriber_id: int, card: SavedCard, at: datetime) -> None:
        self._transaction.write(
            _KEEP,
            id=None,
            subscriber_id=subscriber_id,
            ref=card.ref,
            customer_ref=card.customer_ref,
            brand=card.brand,
            last_four=card.last_four,
            expires_month=card.expires_month,
            expires_year=card.expires_year,
            kept_at=to_micros(at),
            removed_at=None,
        )

    def renew(self, card_id: int, card: SavedCard, at: datetime) -> None:
        self._transaction.write(
            _RENEW,
            card_id=card_id,
            new_ref=card.ref,
            customer=card.customer_ref,
            at=to_micros(at),
        )

    async def get(self, card_id: int) -> KeptCard | None:
        row = await self._transaction.row(_GET, id=card_id)
        return _card(row) if row else None

    async def of(self, subscriber_id: int) -> list[KeptCard]:
        rows = await self._transaction.rows(_OF, subscriber_id=subscriber_id)
        return [_card(row) for row in rows]

    async def customer_of(self, subscriber_id: int) -> str | None:
        row = await self._transaction.row(_CUSTOMER_OF, subscriber_id=subscriber_id)
        return row[0] if row else None

    def remove(self, card_id: int, at: datetime) -> None:
        self._transaction.write(_REMOVE, card_id=card_id, at=to_micros(at))

    async def default_of(self, line_id: int, subscriber_id: int) -> Way | None:
        row = await self._transaction.row(_DEFAULT_OF, line_id=line_id, subscriber_id=subscriber_id)
        return Way(PaymentMethod(row[0]), row[1]) if row else None

    def choose_default(
        self, line_id: int, subscriber_id: int, way: Way | None, at: datetime
    ) -> None:
        if way is None:
            self._transaction.write(_CHOOSE_NONE, line_id=line_id)
            return
        self._transaction.write(
            _CHOOSE,
            line_id=line_id,
            subscriber_id=subscriber_id,
            method=way.method,
            card_id=way.card_id,
            chosen_at=to_micros(at),
        )


def _card(row: Row) -> KeptCard:
    id_, subscriber_id, ref, customer_ref, brand, last_four, month, year, kept_at = row
    card = SavedCard(ref, customer_ref, brand, last_four, month, year)
    return KeptCard(id_, subscriber_id, card, from_micros(kept_at))
