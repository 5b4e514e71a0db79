"""Link challenges: a typed number that a texted code has to prove."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, insert, select, update

from bot.domain.line import Iccid, LineStatus, Msisdn
from bot.services.people_port import LinkChallenge
from bot.services.ports import FoundLine
from storage.database import Row, Transaction
from storage.instants import from_micros, to_micros
from storage.statements import Statement
from storage.tables import link_challenges as t

_SELECT: Final = select(
    t.c.id, t.c.subscriber_id, t.c.msisdn, t.c.code_hash, t.c.line_ref, t.c.iccid, t.c.zone,
    t.c.line_status, t.c.tries, t.c.code_proved_at, t.c.expires_at,
).where(t.c.closed_at.is_(None))  # fmt: skip
_OF: Final = t.c.subscriber_id == bindparam("subscriber_id")
_SINCE: Final = t.c.created_at >= bindparam("since")
_MINE: Final = t.c.id == bindparam("id")

_CLOSE_FORMER: Final = Statement(
    update(t).where(_OF, t.c.closed_at.is_(None)).values(closed_at=bindparam("at"))
)
_OPEN: Final = Statement(
    insert(t)
    .values(
        subscriber_id=bindparam("subscriber_id"),
        msisdn=bindparam("msisdn"),
        tries=0,
        created_at=bindparam("at"),
        expires_at=bindparam("expires_at"),
    )
    .returning(t.c.id)
)
_CURRENT: Final = Statement(_SELECT.where(_OF))
_GET: Final = Statement(_SELECT.where(_MINE))
_OPENED_SINCE: Final = Statement(select(func.count()).where(_OF, _SINCE))
_TRIES_SINCE: Final = Statement(select(func.coalesce(func.sum(t.c.tries), 0)).where(_OF, _SINCE))
_SENT_TO: Final = (t.c.msisdn == bindparam("msisdn"), _SINCE, t.c.code_hash.is_not(None))
_TEXTS_TO: Final = Statement(select(func.count()).where(*_SENT_TO))
_GUESSES_AT: Final = Statement(select(func.coalesce(func.sum(t.c.tries), 0)).where(*_SENT_TO))
_MARK_FOUND: Final = Statement(
    update(t)
    .where(_MINE)
    .values(
        code_hash=bindparam("code_hash"),
        line_ref=bindparam("line_ref"),
        iccid=bindparam("iccid"),
        zone=bindparam("zone"),
        line_status=bindparam("line_status"),
    )
)
_COUNT_TRY: Final = Statement(update(t).where(_MINE).values(tries=t.c.tries + 1))
_MARK_CODE_PROVED: Final = Statement(update(t).where(_MINE).values(code_proved_at=bindparam("at")))
_CLOSE: Final = Statement(
    update(t).where(_MINE, t.c.closed_at.is_(None)).values(closed_at=bindparam("at"))
)


class SqliteChallenges:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def open(
        self, subscriber_id: int, msisdn: Msisdn, at: datetime, expires_at: datetime
    ) -> int:
        micros = to_micros(at)
        self._transaction.write(_CLOSE_FORMER, subscriber_id=subscriber_id, at=micros)
        ((challenge_id,),) = await self._transaction.rows(
            _OPEN,
            subscriber_id=subscriber_id,
            msisdn=msisdn,
            at=micros,
            expires_at=to_micros(expires_at),
        )
        return int(challenge_id)

    async def current(self, subscriber_id: int) -> LinkChallenge | None:
        row = await self._transaction.row(_CURRENT, subscriber_id=subscriber_id)
        return _challenge(row) if row else None

    async def get(self, challenge_id: int) -> LinkChallenge | None:
        row = await self._transaction.row(_GET, id=challenge_id)
        return _challenge(row) if row else None

    async def opened_since(self, subscriber_id: int, since: datetime) -> int:
        return await self._number(_OPENED_SINCE, since, subscriber_id=subscriber_id)

    async def tries_since(self, subscriber_id: int, since: datetime) -> int:
        return await self._number(_TRIES_SINCE, since, subscriber_id=subscriber_id)

    async def texts_to(self, msisdn: Msisdn, since: datetime) -> int:
        return await self._number(_TEXTS_TO, since, msisdn=msisdn)

    async def guesses_at(self, msisdn: Msisdn, since: datetime) -> int:
        return await self._number(_GUESSES_AT, since, msisdn=msisdn)

    def mark_found(self, challenge_id: int, found: FoundLine, code_hash: str) -> None:
        self._transaction.write(
            _MARK_FOUND,
            id=challenge_id,
            code_hash=code_hash,
            line_ref=found.ref,
            iccid=found.iccid,
            zone=found.zone,
            line_status=found.status,
        )

    def count_try(self, challenge_id: int) -> None:
        self._transaction.write(_COUNT_TRY, id=challenge_id)

    def mark_code_proved(self, challenge_id: int, at: datetime) -> None:
        self._transaction.write(_MARK_CODE_PROVED, id=challenge_id, at=to_micros(at))

    def close(self, challenge_id: int, at: datetime) -> None:
        self._transaction.write(_CLOSE, id=challenge_id, at=to_micros(at))

    async def _number(self, statement: Statement, since: datetime, **of: int | str) -> int:
        ((number,),) = await self._transaction.rows(statement, since=to_micros(since), **of)
        return int(number)


def _challenge(row: Row) -> LinkChallenge:
    id_, subscriber_id, number, code_hash, ref, iccid, zone, status, tries, proved, expires = row
    msisdn = Msisdn(number)
    return LinkChallenge(
        id=id_,
        subscriber_id=subscriber_id,
        msisdn=msisdn,
        code_hash=code_hash,
        found=None
        if ref is None
        else FoundLine(
            ref=ref,
            msisdn=msisdn,
            iccid=None if iccid is None else Iccid(iccid),
            zone=zone,
            status=LineStatus(status),
        ),
        tries=tries,
        code_proved=proved is not None,
        expires_at=from_micros(expires),
    )
