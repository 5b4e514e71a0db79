"""Lines, and to whom they are linked: a line has one holder, a subscriber any number of lines."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.line import Iccid, Line, LineStatus, Msisdn
from bot.services.people_port import Link
from bot.services.ports import FoundLine
from storage.database import Row, Transaction
from storage.instants import from_micros, to_micros
from storage.statements import Statement
from storage.tables import line_links as links
from storage.tables import lines as t

_COLUMNS: Final = (t.c.id, t.c.ref, t.c.msisdn, t.c.iccid, t.c.zone, t.c.status)
_LINKED_NOW: Final = links.c.revoked_at.is_(None)

_GET: Final = Statement(
    select(*_COLUMNS, links.c.name)
    .outerjoin(links, (links.c.line_id == t.c.id) & _LINKED_NOW)
    .where(t.c.id == bindparam("id"))
)
_OF: Final = Statement(
    select(*_COLUMNS, links.c.name)
    .join(links, links.c.line_id == t.c.id)
    .where(links.c.subscriber_id == bindparam("subscriber_id"), _LINKED_NOW)
    .order_by(links.c.linked_at, links.c.id)
)
_HOLDER: Final = Statement(
    select(links.c.subscriber_id).where(links.c.line_id == bindparam("line_id"), _LINKED_NOW)
)
_FORMER_HOLDER: Final = Statement(
    select(links.c.subscriber_id)
    .where(links.c.line_id == bindparam("line_id"), links.c.revoked_at.is_not(None))
    .order_by(links.c.revoked_at.desc(), links.c.id.desc())
    .limit(1)
)
_LINK_OF: Final = Statement(
    select(links.c.subscriber_id, links.c.linked_at).where(
        links.c.line_id == bindparam("line_id"), _LINKED_NOW
    )
)
_EVER_LINKED: Final = Statement(
    select(links.c.id)
    .join(t, t.c.id == links.c.line_id)
    .where(t.c.msisdn == bindparam("msisdn"))
    .limit(1)
)
_values = insert(t).values({name: bindparam(name) for name in t.c.keys() if name != "id"})  # noqa: SIM118
_REMEMBER: Final = Statement(
    _values.on_conflict_do_update(
        index_elements=["msisdn"],
        set_={name: _values.excluded[name] for name in ("ref", "iccid", "zone", "status")},
    ).returning(*_COLUMNS)
)
_REVOKE_OTHERS: Final = Statement(
    update(links)
    .where(
        links.c.line_id == bindparam("line_id"),
        links.c.subscriber_id != bindparam("subscriber_id"),
        _LINKED_NOW,
    )
    .values(revoked_at=bindparam("at"))
)
_LINK: Final = Statement(
    insert(links)
    .values(
        line_id=bindparam("line_id"),
        subscriber_id=bindparam("subscriber_id"),
        linked_at=bindparam("at"),
    )
    .on_conflict_do_nothing()
)
_UNLINK: Final = Statement(
    update(links)
    .where(links.c.line_id == bindparam("line_id"), _LINKED_NOW)
    .values(revoked_at=bindparam("at"))
)
_RENAME: Final = Statement(
    update(links)
    .where(links.c.line_id == bindparam("line_id"), _LINKED_NOW)
    .values(name=bindparam("name"))
)


class SqliteLines:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, line_id: int) -> Line | None:
        row = await self._transaction.row(_GET, id=line_id)
        return _line(row) if row else None

    async def of(self, subscriber_id: int) -> list[Line]:
        rows = await self._transaction.rows(_OF, subscriber_id=subscriber_id)
        return [_line(row) for row in rows]

    async def holder(self, line_id: int) -> int | None:
        row = await self._transaction.row(_HOLDER, line_id=line_id)
        return row[0] if row else None

    async def former_holder(self, line_id: int) -> int | None:
        row = await self._transaction.row(_FORMER_HOLDER, line_id=line_id)
        return row[0] if row else None

    async def link_of(self, line_id: int) -> Link | None:
        row = await self._transaction.row(_LINK_OF, line_id=line_id)
        return Link(row[0], from_micros(row[1])) if row else None

    async def was_ever_linked(self, msisdn: Msisdn) -> bool:
        return await self._transaction.row(_EVER_LINKED, msisdn=msisdn) is not None

    async def remember(self, found: FoundLine, at: datetime) -> Line:
        (row,) = await self._transaction.rows(
            _REMEMBER,
            ref=found.ref,
            msisdn=found.msisdn,
            iccid=found.iccid,
            zone=found.zone,
            status=found.status,
            created_at=to_micros(at),
        )
        return _line(row)

    def link(self, line_id: int, subscriber_id: int, at: datetime) -> None:
        """A link to somebody else ends; a link to the same subscriber stays as it is."""
        micros = to_micros(at)
        self._transaction.write(
            _REVOKE_OTHERS, line_id=line_id, subscriber_id=subscriber_id, at=micros
        )
        self._transaction.write(_LINK, line_id=line_id, subscriber_id=subscriber_id, at=micros)

    def unlink(self, line_id: int, at: datetime) -> None:
        self._transaction.write(_UNLINK, line_id=line_id, at=to_micros(at))

    def rename(self, line_id: int, name: str | None) -> None:
        self._transaction.write(_RENAME, line_id=line_id, name=name)


def _line(row: Row) -> Line:
    id_, ref, msisdn, iccid, zone, status, *name = row
    return Line(
        id=id_,
        ref=ref,
        msisdn=Msisdn(msisdn),
        iccid=None if iccid is None else Iccid(iccid),
        zone=zone,
        status=LineStatus(status),
        name=next(iter(name), None),
    )
