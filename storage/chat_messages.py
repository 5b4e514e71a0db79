"""The messages of each chat that are kept up to date, by slot."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from bot.services.unit import ChatMessage
from storage.database import Transaction
from storage.instants import to_micros
from storage.runtime_tables import chat_messages as t
from storage.statements import Statement

_COLUMNS: Final = (t.c.slot, t.c.message_id, t.c.shows, t.c.subject)
_GET: Final = Statement(
    select(*_COLUMNS).where(t.c.chat_id == bindparam("chat_id"), t.c.slot == bindparam("slot"))
)
_SHOWING: Final = Statement(
    select(t.c.chat_id, *_COLUMNS).where(
        t.c.subject == bindparam("subject"), t.c.shows == bindparam("shows")
    )
)
_put = insert(t)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["chat_id", "slot"],
        set_={name: _put.excluded[name] for name in ("message_id", "shows", "subject", "shown_at")},
    )
)


class SqliteChatMessages:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, chat_id: int, slot: str) -> ChatMessage | None:
        row = await self._transaction.row(_GET, chat_id=chat_id, slot=slot)
        return ChatMessage(*row) if row else None

    async def showing(self, shows: str, subject: str) -> list[tuple[int, ChatMessage]]:
        rows = await self._transaction.rows(_SHOWING, shows=shows, subject=subject)
        return [(chat_id, ChatMessage(*rest)) for chat_id, *rest in rows]

    def put(
        self,
        chat_id: int,
        slot: str,
        message_id: int | None,
        shows: str,
        subject: str | None,
        at: datetime,
    ) -> None:
        self._transaction.write(
            _PUT,
            chat_id=chat_id,
            slot=slot,
            message_id=message_id,
            shows=shows,
            subject=subject,
            shown_at=to_micros(at),
        )
