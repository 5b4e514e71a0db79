"""Forget a person, in the transaction of their wish: by the register (`storage.personal_data`).

What is theirs goes; what the books need stays under the pseudonym; what only has to arrive, this
very wish and the answer to it among it, is emptied once it has (`storage.traces`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.forgetting import nameless
from bot.domain.line import Line, Msisdn
from bot.domain.money import Money
from bot.domain.operator import Deed
from bot.domain.order import OrderStatus
from bot.domain.payment import OPEN_PAYMENT
from storage.database import Transaction
from storage.desk_tables import audit
from storage.erasure_tables import erasures, salts
from storage.forgetting_steps import OF_A_LINE, OF_THE_PERSON
from storage.instants import to_micros
from storage.lines import SqliteLines
from storage.statements import Statement
from storage.tables import cancellations, line_links, lines, orders, payments, postings

_UNDER_WAY: Final = [
    OrderStatus.AWAITING_PAYMENT, OrderStatus.PAID, OrderStatus.FULFILLING, OrderStatus.REVIEW,
    OrderStatus.REFUNDING,
]  # fmt: skip
_me: Final[BindParameter[int]] = bindparam("subscriber_id")
_later = line_links.alias("later")
_LAST_HELD: Final = Statement(
    select(line_links.c.line_id)
    .where(
        line_links.c.subscriber_id == _me,
        ~exists(
            select(1).where(_later.c.line_id == line_links.c.line_id, _later.c.id > line_links.c.id)
        ),
    )
    .order_by(line_links.c.line_id)
)
_they_pay = select(payments.c.order_id).where(
    payments.c.subscriber_id == _me,
    payments.c.status.in_(sorted(OPEN_PAYMENT)),
)
_UNDER_WAY_OF: Final = Statement(
    select(orders.c.id)
    .where(
        or_(orders.c.subscriber_id == _me, orders.c.paid_by == _me, orders.c.id.in_(_they_pay)),
        orders.c.status.in_(_UNDER_WAY),
    )
    .order_by(orders.c.created_at)
)
_HELD: Final = Statement(
    select(postings.c.currency, func.sum(postings.c.amount_minor))
    .where(postings.c.account == bindparam("account"))
    .group_by(postings.c.currency)
    .having(func.sum(postings.c.amount_minor) != 0)
)
_NOTES: Final = Statement(
    select(cancellations.c.note)
    .join(orders, orders.c.id == cancellations.c.order_id)
    .where(orders.c.subscriber_id == _me, cancellations.c.note.is_not(None))
)
_REASONS: Final = Statement(
    select(func.json_extract(audit.c.after, "$.reason")).where(
        audit.c.deed == Deed.CREDIT, audit.c.subject == bindparam("credited")
    )
)
_remember = insert(erasures)
_REMEMBER: Final = Statement(
    _remember.on_conflict_do_update(
        index_elements=["subscriber_id"],
        set_={"words": _remember.excluded.words, "asked_at": _remember.excluded.asked_at},
    )
)
_WORDS: Final = Statement(select(erasures.c.words).where(erasures.c.subscriber_id == _me))
_SALT: Final = Statement(select(salts.c.salt).where(salts.c.name == "line"))
_ADD_SALT: Final = Statement(insert(salts).values(name="line", salt=bindparam("salt")))
_RECOGNISE: Final = Statement(
    update(lines).where(lines.c.ref == bindparam("seal")).values(msisdn=bindparam("msisdn"))
)


class SqliteForgetting:
    """A `bot.services.forgetting_port.Forgetting`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def orders_under_way(self, subscriber_id: int) -> list[str]:
        rows = await self._transaction.rows(_UNDER_WAY_OF, subscriber_id=subscriber_id)
        return [order_id for (order_id,) in rows]

    async def last_held(self, subscriber_id: int) -> list[Line]:
        known = SqliteLines(self._transaction)
        rows = await self._transaction.rows(_LAST_HELD, subscriber_id=subscriber_id)
        found = [await known.get(line_id) for (line_id,) in rows]
        return [line for line in found if line is not None]

    async def held_in(self, account: str) -> list[Money]:
        rows = await self._transaction.rows(_HELD, account=account)
        return [Money(int(minor), currency) for currency, minor in rows]

    async def salt(self) -> bytes | None:
        row = await self._transaction.row(_SALT)
        return bytes.fromhex(row[0]) if row else None

    async def make_salt(self) -> bytes:
        held = await self.salt()
        if held is not None:
            return held
        fresh = secrets.token_bytes(16)
        self._transaction.write(_ADD_SALT, salt=fresh.hex())
        return fresh

    def recognise(self, seal: str, msisdn: Msisdn) -> None:
        self._transaction.write(_RECOGNISE, seal=seal, msisdn=msisdn)

    async def forget(
        self,
        subscriber_id: int,
        pseudonym: int,
        stranger: int,
        sealed: Mapping[Line, str],
        words: Iterable[str],
        at: datetime,
    ) -> None:
        said = {*words, *await self._said_of(subscriber_id, sealed)}
        said |= await self._still_on_their_way(subscriber_id)
        values: dict[str, Any] = {
            "subscriber_id": subscriber_id, "pseudonym": pseudonym, "stranger": stranger,
            "at": to_micros(at), "chat_key": json.dumps([subscriber_id] * 2),
        }  # fmt: skip
        for line, seal in sealed.items():
            of_line = {
                "line_id": line.id, "msisdn": line.msisdn, "nameless": nameless(line.id),
                "seal": seal, "credited": f"line {line.id}",
            }  # fmt: skip
            self._do(OF_A_LINE, {**values, **of_line})
        self._do(OF_THE_PERSON, values)
        told = json.dumps(sorted(each for each in said if each), ensure_ascii=False)
        self._transaction.write(
            _REMEMBER, subscriber_id=subscriber_id, words=told, asked_at=to_micros(at)
        )

    async def _said_of(self, subscriber_id: int, lines: Iterable[Line]) -> list[str]:
        """What operators typed about the person, and which names nobody: it is on its way too."""
        rows = await self._transaction.rows(_NOTES, subscriber_id=subscriber_id)
        for line in lines:
            rows += await self._transaction.rows(_REASONS, credited=f"line {line.id}")
        return [said for (said,) in rows if said is not None]

    async def _still_on_their_way(self, subscriber_id: int) -> set[str]:
        """The words of an erasure of a moment ago, when a second tap met the same person anew."""
        row = await self._transaction.row(_WORDS, subscriber_id=subscriber_id)
        return set(json.loads(row[0])) if row else set()

    def _do(self, steps: Iterable[Statement], values: Mapping[str, Any]) -> None:
        for step in steps:
            self._transaction.write(step, **step.of_these(values))
