"""The outbox: what must leave, staged by the transaction that decided it.

Ids are given out here and not by the database, so that what is staged is known without a read: they
count on from the highest stored one, since this process is the only writer.
A carrier's request has no key of its own here. An order is submitted once because its status moves
by compare-and-set, and reaches the carrier once because the adapter first looks for it by its key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.domain.forgetting import is_pseudonym
from bot.services.events import Effect, kind_of
from bot.services.platform_requests import PlatformRequest
from bot.services.requests import CarrierRequest
from bot.services.stars_requests import StarsRequest
from bot.services.statistics_requests import CountStatistics
from bot.services.support_requests import PassBack, SupportRequest
from bot.services.unit import Lane
from storage.database import Row, Transaction
from storage.instants import from_micros, from_micros_or_none, to_micros, to_micros_or_none
from storage.runtime_tables import chat_messages
from storage.runtime_tables import outbox as t
from storage.statements import Statement

LAST_EFFECT_ID: Final = Statement(select(func.coalesce(func.max(t.c.id), 0)))

_SELECT: Final = select(
    t.c.id, t.c.courier, t.c.lane, t.c.chat_id, t.c.kind, t.c.payload, t.c.slot, t.c.attempts,
    t.c.not_before_at, t.c.created_at,
)  # fmt: skip
_PENDING_NOW: Final = t.c.status == "pending"
_STAGE: Final = Statement(
    insert(t)
    .values(
        {
            c.name: bindparam(c.name)
            for c in (
                t.c.id, t.c.courier, t.c.lane, t.c.chat_id, t.c.kind, t.c.payload, t.c.slot,
                t.c.created_at,
            )
        }
    )
    .values(status="pending", attempts=0)
)  # fmt: skip
_PENDING: Final = Statement(
    _SELECT.where(_PENDING_NOW, t.c.courier == bindparam("courier"), t.c.id > bindparam("after_id"))
    .order_by(t.c.id)
    .limit(bindparam("limit"))
)
_END: Final = Statement(
    update(t)
    .where(t.c.id == bindparam("id"), _PENDING_NOW)
    .values(status=bindparam("to_status"), done_at=bindparam("at"), error=bindparam("error"))
)
_ATTEMPT: Final = Statement(
    update(t)
    .where(t.c.id == bindparam("id"), _PENDING_NOW)
    .values(attempts=t.c.attempts + 1, not_before_at=bindparam("not_before_at"))
)
_SLOT_MESSAGE: Final = Statement(
    select(chat_messages.c.message_id).where(
        chat_messages.c.chat_id == bindparam("chat_id"), chat_messages.c.slot == bindparam("slot")
    )
)
_fill = insert(chat_messages).values(
    chat_id=bindparam("chat_id"),
    slot=bindparam("slot"),
    message_id=bindparam("message_id"),
    shows="",
    shown_at=bindparam("at"),
)
_FILL_SLOT: Final = Statement(
    _fill.on_conflict_do_update(
        index_elements=["chat_id", "slot"], set_={"message_id": _fill.excluded.message_id}
    )
)


@cache
def _kind_and_adapter(request: type) -> tuple[str, TypeAdapter[Any]]:
    """Made at its first use: making all of them would take a good part of a start."""
    return kind_of(request), TypeAdapter(request)


class SqliteOutbox:
    """Both sides of the outbox: what services stage, and what couriers take and mark."""

    def __init__(
        self, transaction: Transaction, ids: Iterator[int], now: Callable[[], datetime]
    ) -> None:
        self._transaction = transaction
        self._ids = ids
        self._now = now
        self.staged: list[Effect] = []

    def telegram(
        self,
        method: str,
        parameters: dict[str, Any],
        *,
        chat_id: int | None,
        lane: Lane = Lane.INTERACTIVE,
        slot: str | None = None,
    ) -> None:
        if chat_id is not None and is_pseudonym(chat_id):
            return  # of somebody whose data was deleted: nobody is there to be told
        payload = json.dumps(parameters, ensure_ascii=False, separators=(",", ":"))
        self._stage("telegram", lane, chat_id, method, payload, slot)

    def carrier(self, request: CarrierRequest) -> None:
        self._stage_request("carrier", request, None)

    def platform(self, request: PlatformRequest, subscriber_id: int | None = None) -> None:
        self._stage_request("payments", request, subscriber_id)

    def stars(self, request: StarsRequest) -> None:
        self._stage_request("stars", request, None)

    def support(self, request: SupportRequest) -> None:
        if isinstance(request, PassBack):
            self._stage_request("support", request, request.subscriber_id)
        else:
            self._stage_request("support", request, request.group_id)

    def statistics(self, request: CountStatistics) -> None:
        self._stage_request("statistics", request, None)

    def announcement(self, announcement_id: int) -> None:
        self._stage("announcements", Lane.INTERACTIVE, announcement_id, "deliver", "{}", None)

    async def pending(self, courier: str, after_id: int, limit: int) -> list[Effect]:
        rows = await self._transaction.rows(
            _PENDING, courier=courier, after_id=after_id, limit=limit
        )
        return [_effect(row) for row in rows]

    def mark_done(self, effect_ids: Sequence[int], at: datetime) -> None:
        for effect_id in effect_ids:
            self._end(effect_id, "done", None, at)

    def mark_failed(self, effect_id: int, error: str, at: datetime) -> None:
        self._end(effect_id, "failed", error, at)

    def mark_attempt(self, effect_id: int, not_before: datetime | None) -> None:
        self._transaction.write(_ATTEMPT, id=effect_id, not_before_at=to_micros_or_none(not_before))

    async def slot_message(self, chat_id: int, slot: str) -> int | None:
        row = await self._transaction.row(_SLOT_MESSAGE, chat_id=chat_id, slot=slot)
        return row[0] if row else None

    def fill_slot(self, chat_id: int, slot: str, message_id: int) -> None:
        """A slot that nobody has described yet shows nothing that is ever redrawn."""
        self._transaction.write(
            _FILL_SLOT,
            chat_id=chat_id,
            slot=slot,
            message_id=message_id,
            at=to_micros(self._now()),
        )

    def _stage_request(
        self,
        courier: str,
        request: CarrierRequest | PlatformRequest | StarsRequest | SupportRequest | CountStatistics,
        chat_id: int | None,
    ) -> None:
        request_type: type = type(request)
        kind, adapter = _kind_and_adapter(request_type)
        payload = adapter.dump_json(request).decode()
        self._stage(courier, Lane.INTERACTIVE, chat_id, kind, payload, None)

    def _stage(
        self,
        courier: str,
        lane: Lane,
        chat_id: int | None,
        kind: str,
        payload: str,
        slot: str | None,
    ) -> None:
        effect = Effect(
            id=next(self._ids),
            courier=courier,
            lane=lane,
            chat_id=chat_id,
            kind=kind,
            payload=payload,
            slot=slot,
            attempts=0,
            not_before=None,
            created_at=self._now(),
        )
        self._transaction.write(
            _STAGE,
            id=effect.id,
            courier=courier,
            lane=int(lane),
            chat_id=chat_id,
            kind=kind,
            payload=payload,
            slot=slot,
            created_at=to_micros(effect.created_at),
        )
        self.staged.append(effect)

    def _end(self, effect_id: int, status: str, error: str | None, at: datetime) -> None:
        self._transaction.write(_END, id=effect_id, to_status=status, error=error, at=to_micros(at))


def _effect(row: Row) -> Effect:
    id_, courier, lane, chat_id, kind, payload, slot, attempts, not_before_at, created_at = row
    return Effect(
        id=id_,
        courier=courier,
        lane=lane,
        chat_id=chat_id,
        kind=kind,
        payload=payload,
        slot=slot,
        attempts=attempts,
        not_before=from_micros_or_none(not_before_at),
        created_at=from_micros(created_at),
    )
