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

from sqlalchemy import (
    BindParameter,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from bot.domain.announcement import DeliveryStatus
from bot.domain.forgetting import nameless
from bot.domain.line import Line, LineStatus, Msisdn
from bot.domain.money import Money
from bot.domain.operator import Deed
from bot.domain.order import OrderStatus
from bot.domain.support import CaseStatus
from storage.announcement_tables import announcement_clicks, announcements, deliveries
from storage.announcement_tables import announcement_tallies as tallies
from storage.database import Transaction
from storage.desk_tables import audit
from storage.erasure_tables import erasures, salts
from storage.instants import to_micros
from storage.lines import SqliteLines
from storage.personal_data import REGISTER, Erased, Holding
from storage.runtime_tables import conversations
from storage.statements import Statement
from storage.support_tables import support_cases, support_messages
from storage.tables import (
    cancellations,
    line_links,
    lines,
    link_challenges,
    metadata,
    order_events,
    orders,
    payments,
    postings,
    subscribers,
)

_Step = tuple[Statement, tuple[str, ...]]
"""A statement and the names of the values that it wants."""

_ONLY_COUNTED: Final = (deliveries, announcement_clicks)
"""How many they were stays true under a number that nothing else goes by."""
_CONVERSATION: Final = "chat"
"""The one that there is in each chat (`handlers.routing`)."""
_UNDER_WAY: Final = [
    OrderStatus.AWAITING_PAYMENT, OrderStatus.PAID, OrderStatus.FULFILLING, OrderStatus.REVIEW,
    OrderStatus.REFUNDING,
]  # fmt: skip
_me: Final[BindParameter[int]] = bindparam("subscriber_id")
_pseudonym: Final[BindParameter[int]] = bindparam("pseudonym")
_line: Final[BindParameter[int]] = bindparam("line_id")
_msisdn: Final[BindParameter[str]] = bindparam("msisdn")


def _rename(holding: Holding, column: str) -> _Step:
    new = "stranger" if holding.table in _ONLY_COUNTED else "pseudonym"
    emptied = {name: null() for name in holding.emptied.split()}
    held = holding.table.c[column]
    change = update(holding.table).where(held == _me).values({column: bindparam(new), **emptied})
    return Statement(change), ("subscriber_id", new)


def _remove(holding: Holding) -> _Step:
    if holding.line:
        mine = holding.table.c[holding.line] == _line
        return Statement(delete(holding.table).where(mine)), ("line_id",)
    mine = holding.table.c[holding.person] == _me
    return Statement(delete(holding.table).where(mine)), ("subscriber_id",)


_RENAMES: Final = [
    _rename(each, column)
    for each in REGISTER.values()
    if each.erased is Erased.RENAMED
    for column in each.person.split()
]
_removed: Final = [
    REGISTER[table.name]
    for table in reversed(metadata.sorted_tables)  # what refers to others goes before them
    if table.name in REGISTER and REGISTER[table.name].erased is Erased.REMOVED
]
_REMOVES_OF_LINES: Final = [_remove(each) for each in _removed if each.line]
_REMOVES: Final = [_remove(each) for each in _removed if not each.line]

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
_UNDER_WAY_OF: Final = Statement(
    select(orders.c.id)
    .where(orders.c.subscriber_id == _me, orders.c.status.in_(_UNDER_WAY))
    .order_by(orders.c.created_at)
)
_HELD: Final = Statement(
    select(postings.c.currency, func.sum(postings.c.amount_minor))
    .where(postings.c.account == bindparam("account"))
    .group_by(postings.c.currency)
    .having(func.sum(postings.c.amount_minor) != 0)
)
_ADD_PSEUDONYM: Final = Statement(
    insert(subscribers).from_select(
        ["id", "name", "language", "language_chosen", "created_at", "blocked_at"],
        select(
            _pseudonym, bindparam("nobody"), subscribers.c.language, subscribers.c.language_chosen,
            bindparam("at"), bindparam("at"),
        ).where(subscribers.c.id == _me),
    )
)  # fmt: skip
_DROP_PSEUDONYM: Final = Statement(
    delete(subscribers).where(
        subscribers.c.id == _pseudonym,
        ~exists(select(1).where(orders.c.subscriber_id == _pseudonym)),
        ~exists(select(1).where(orders.c.paid_by == _pseudonym)),
        ~exists(select(1).where(payments.c.subscriber_id == _pseudonym)),
        ~exists(select(1).where(support_cases.c.subscriber_id == _pseudonym)),
        ~exists(select(1).where(link_challenges.c.subscriber_id == _pseudonym)),
    )
)
_on_the_wire = and_(
    deliveries.c.chat_id == _me, deliveries.c.status == DeliveryStatus.SENDING.value
)


def _tally(status: DeliveryStatus, change: int) -> _Step:
    row = select(deliveries.c.announcement_id, literal(status.value), literal(change))
    counted = insert(tallies).from_select(
        ["announcement_id", "name", "number"], row.where(_on_the_wire)
    )
    added = counted.on_conflict_do_update(
        index_elements=["announcement_id", "name"],
        set_={"number": tallies.c.number + counted.excluded.number},
    )
    return Statement(added), ("subscriber_id",)


# How it ends is told under an id that nobody is known by then.
_LOSE_SIGHT: Final = [
    _tally(DeliveryStatus.SENDING, -1),
    _tally(DeliveryStatus.UNCERTAIN, 1),
    (
        Statement(
            update(deliveries).where(_on_the_wire).values(status=DeliveryStatus.UNCERTAIN.value)
        ),
        ("subscriber_id",),
    ),
]
# The rows stay for their ids: what the carrier still answers about a challenge names it by its id.
_EMPTY_CHALLENGES: Final = Statement(
    update(link_challenges)
    .where(or_(link_challenges.c.subscriber_id == _me, link_challenges.c.msisdn == _msisdn))
    .values(
        msisdn="", code_hash=null(), line_ref=null(), iccid=null(), zone=null(), line_status=null(),
        code_proved_at=null(), closed_at=func.coalesce(link_challenges.c.closed_at,
                                                       bindparam("at")),
    )
)  # fmt: skip
_RENAME_CHALLENGES: Final = Statement(
    update(link_challenges)
    .where(link_challenges.c.subscriber_id == _me)
    .values(subscriber_id=_pseudonym)
)
_their_orders = select(orders.c.id).where(orders.c.subscriber_id == _pseudonym)
_their_cases = select(support_cases.c.id).where(support_cases.c.subscriber_id == _pseudonym)
_EMPTY_WORDS: Final = [
    (
        Statement(delete(support_messages).where(support_messages.c.case_id.in_(_their_cases))),
        ("pseudonym",),
    ),
    (
        Statement(
            update(support_cases)
            .where(
                support_cases.c.subscriber_id == _pseudonym,
                support_cases.c.status == CaseStatus.OPEN,
            )
            .values(status=CaseStatus.CLOSED, closed_at=bindparam("at"))
        ),
        ("pseudonym", "at"),
    ),
    (
        Statement(
            update(order_events)
            .where(order_events.c.order_id.in_(_their_orders), order_events.c.detail.is_not(None))
            .values(detail=null())
        ),
        ("pseudonym",),
    ),
    (
        Statement(
            update(cancellations)
            .where(cancellations.c.order_id.in_(_their_orders))
            .values(note=null())
        ),
        ("pseudonym",),
    ),
    (
        Statement(
            delete(conversations).where(
                conversations.c.name == _CONVERSATION, conversations.c.key == bindparam("chat_key")
            )
        ),
        ("chat_key",),
    ),
    (
        Statement(
            update(audit)
            .where(audit.c.subject == cast(_me, Text))
            .values(subject=cast(_pseudonym, Text))
        ),
        ("subscriber_id", "pseudonym"),
    ),
]
_EMPTY_LINE: Final = [
    (
        Statement(
            update(lines)
            .where(lines.c.id == _line)
            .values(
                ref=bindparam("seal"), msisdn=bindparam("nameless"), iccid=null(),
                status=LineStatus.UNKNOWN,
            )
        ),
        ("line_id", "seal", "nameless"),
    ),
    (
        Statement(
            update(audit)
            .where(
                audit.c.deed == Deed.CREDIT,
                audit.c.subject == bindparam("credited"),
                func.json_extract(audit.c.after, "$.reason").is_not(None),
            )
            .values(after=func.json_remove(audit.c.after, "$.reason"))
        ),
        ("credited",),
    ),
    (
        Statement(
            update(announcements)
            .where(announcements.c.audience_value == _msisdn)
            .values(audience_value="")
        ),
        ("msisdn",),
    ),
]  # fmt: skip
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
    update(lines).where(lines.c.ref == bindparam("seal")).values(msisdn=_msisdn)
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
            "at": to_micros(at), "nobody": "", "chat_key": json.dumps([subscriber_id] * 2),
        }  # fmt: skip
        self._do(_ADD_PSEUDONYM, ("pseudonym", "nobody", "subscriber_id", "at"), values)
        for line, seal in sealed.items():
            self._empty_line(line, seal, values)
        self._do(_EMPTY_CHALLENGES, ("subscriber_id", "msisdn", "at"), {**values, "msisdn": "-"})
        self._do(_RENAME_CHALLENGES, ("subscriber_id", "pseudonym"), values)
        for statement, names in (*_LOSE_SIGHT, *_RENAMES, *_EMPTY_WORDS, *_REMOVES):
            self._do(statement, names, values)
        self._do(_DROP_PSEUDONYM, ("pseudonym",), values)
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

    def _empty_line(self, line: Line, seal: str, values: Mapping[str, Any]) -> None:
        of_line = {
            **values, "line_id": line.id, "msisdn": line.msisdn, "seal": seal,
            "nameless": nameless(line.id), "credited": f"line {line.id}",
        }  # fmt: skip
        self._do(_EMPTY_CHALLENGES, ("subscriber_id", "msisdn", "at"), of_line)
        for statement, names in (*_EMPTY_LINE, *_REMOVES_OF_LINES):
            self._do(statement, names, of_line)

    def _do(self, statement: Statement, names: tuple[str, ...], values: Mapping[str, Any]) -> None:
        self._transaction.write(statement, **{name: values[name] for name in names})
