"""What passes through on its way is emptied once it has passed, where it tells of somebody who had
their data deleted; and the bytes of what was deleted leave the file.

The wish itself and the answer to it are still on their way when it is decided. So the traces are
looked for afterwards, so many rows a transaction, until none is left of the former life: what came
and left since the person began anew is not of it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, delete, literal, null, select, update

from storage.database import Database
from storage.erasure_tables import erasures
from storage.runtime_tables import chat_messages, counters, dead_letters, inbox, outbox
from storage.statements import Statement
from storage.tables import subscribers

NIGHT: Final = range(3, 6)
"""The operator's hours in which the file is written anew: nothing is decided meanwhile."""
_PAGE: Final = 500
"""Rows a transaction: decisions wait behind it."""
_FEWEST_DIGITS: Final = 7
_A_WHILE: Final = 600_000_000
"""Microseconds in which what was under way at the wish brings what it brings."""
_BETWEEN: Final = r"[\s().\-]*"
_WRITTEN_ANEW: Final = "file_to_be_written_anew"

_ERASURES: Final = Statement(
    select(
        erasures.c.subscriber_id, erasures.c.words, erasures.c.asked_at, subscribers.c.created_at
    ).outerjoin(subscribers, subscribers.c.id == erasures.c.subscriber_id)
)
_after: Final[BindParameter[int]] = bindparam("after")
_LOOKS: Final = {
    inbox: Statement(
        select(inbox.c.id, inbox.c.payload, literal(None), inbox.c.received_at, inbox.c.decided_at)
        .where(inbox.c.id > _after).order_by(inbox.c.id).limit(_PAGE)
    ),
    outbox: Statement(
        select(outbox.c.id, outbox.c.payload, outbox.c.chat_id, outbox.c.created_at,
               outbox.c.done_at)
        .where(outbox.c.id > _after).order_by(outbox.c.id).limit(_PAGE)
    ),
    dead_letters: Statement(
        select(dead_letters.c.id, dead_letters.c.payload + dead_letters.c.error, literal(None),
               dead_letters.c.failed_at, dead_letters.c.failed_at)
        .where(dead_letters.c.id > _after).order_by(dead_letters.c.id).limit(_PAGE)
    ),
}  # fmt: skip
"""Id, words, chat, when it began, when it ended."""
_EMPTIES: Final = {
    inbox: Statement(update(inbox).where(inbox.c.id == bindparam("row")).values(payload="")),
    outbox: Statement(
        update(outbox)
        .where(outbox.c.id == bindparam("row"))
        .values(payload="", chat_id=null(), error=null())
    ),
    dead_letters: Statement(
        update(dead_letters)
        .where(dead_letters.c.id == bindparam("row"))
        .values(payload="", error="")
    ),
}
_EMPTY_CHAT: Final = Statement(
    delete(chat_messages).where(chat_messages.c.chat_id == bindparam("subscriber_id"))
)
_DONE: Final = Statement(
    delete(erasures).where(erasures.c.subscriber_id == bindparam("subscriber_id"))
)
_ANEW: Final = Statement(select(counters.c.value).where(counters.c.name == _WRITTEN_ANEW))
_WANT_ANEW: Final = Statement(
    counters.insert().prefix_with("OR REPLACE").values(name=_WRITTEN_ANEW, value=1)
)
_IS_ANEW: Final = Statement(delete(counters).where(counters.c.name == _WRITTEN_ANEW))


@dataclass(frozen=True, slots=True)
class _Erasure:
    subscriber_id: int
    words: list[str]
    """In small letters."""
    numbers: list[re.Pattern[str]]
    """As they may stand, with spaces and dashes between the digits."""
    asked_at: int
    """In microseconds, as the next."""
    returned_at: int | None
    """When the person began anew."""

    def holds_up(self, text: str, chat_id: int | None, began_at: int) -> bool:
        """What is on its way has to pass first: all that is to or from the person, and what was
        there when they went. A name may be a common word, and turns up for ever."""
        is_theirs = chat_id == self.subscriber_id or str(self.subscriber_id) in text
        return is_theirs or began_at <= self.asked_at + _A_WHILE

    def tells(self, text: str, chat_id: int | None) -> bool:
        small = text.lower()
        return (
            chat_id == self.subscriber_id
            or any(word in small for word in self.words)
            or any(number.search(text) for number in self.numbers)
        )


async def sweep(database: Database) -> int:
    """Empties what has passed; how many erasures still wait for something on its way."""
    async with database.transaction() as transaction:
        wanted = [_erasure(*row) for row in await transaction.rows(_ERASURES)]
    waiting = 0
    for erasure in wanted:
        passed = [await _sweep(database, table, erasure) for table in _LOOKS]
        if not all(passed):
            waiting += 1
            continue
        async with database.transaction() as transaction:
            if erasure.returned_at is None:
                transaction.write(_EMPTY_CHAT, subscriber_id=erasure.subscriber_id)
            transaction.write(_DONE, subscriber_id=erasure.subscriber_id)
            transaction.write(_WANT_ANEW)
    return waiting


async def _sweep(database: Database, table: Any, erasure: _Erasure) -> bool:
    """Whether nothing that tells of the person is still on its way."""
    passed, after, full = True, 0, True
    while full:
        async with database.transaction() as transaction:
            rows = await transaction.rows(_LOOKS[table], after=after)
            for row_id, text, chat_id, began_at, ended_at in rows:
                is_former = erasure.returned_at is None or began_at < erasure.returned_at
                if not is_former or not erasure.tells(text, chat_id):
                    continue
                if ended_at is not None:
                    transaction.write(_EMPTIES[table], row=row_id)
                elif erasure.holds_up(text, chat_id, began_at):
                    passed = False
        await asyncio.sleep(0)  # nothing of this waits for anything: others have their turn
        full = len(rows) == _PAGE
        after = rows[-1][0] if rows else 0
    return passed


async def write_anew_at_night(database: Database, now: datetime, zone: ZoneInfo) -> bool:
    """In the night after an erasure, the file is written anew: SQLite overwrites what is deleted,
    but now and then leaves a copy where it had moved a row. Whether it was.

    Raises `StoreFailed`, and nothing is lost by it: so when the disk has no room for a second file.
    """
    if now.astimezone(zone).hour not in NIGHT:
        return False
    async with database.transaction() as transaction:
        if await transaction.row(_ANEW) is None:
            return False
    await database.write_anew()
    async with database.transaction() as transaction:
        transaction.write(_IS_ANEW)
    return True


def _erasure(subscriber_id: int, words: str, asked_at: int, returned_at: int | None) -> _Erasure:
    told: list[str] = json.loads(words)
    numbers = [re.sub(r"\D", "", each) for each in told if re.fullmatch(r"\+?\d+", each)]
    return _Erasure(
        subscriber_id,
        sorted({each.lower() for word in [str(subscriber_id), *told] for each in _spelled(word)}),
        [
            re.compile(_BETWEEN.join(each[-_FEWEST_DIGITS:]))
            for each in numbers
            if len(each) >= _FEWEST_DIGITS
        ],
        asked_at,
        returned_at,
    )


def _spelled(word: str) -> Iterator[str]:
    """As it is, and as JSON may have it."""
    yield word
    yield json.dumps(word)[1:-1]
    yield word.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
