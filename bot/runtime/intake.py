"""Intake: asks Telegram for updates and stores them before they are acknowledged.

The offset of the next ``getUpdates`` is the acknowledgement, so it is moved only by the commit that
stored the updates. It follows the last update *received*, never the greatest id: ids start anew at
random after a quiet week (Bot API, `Update.update_id`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import structlog
from telegram.error import NetworkError

from bot.runtime.backoff import Backoff
from bot.runtime.bot_api import ApiRefused, BotApi, TokenRefused
from bot.runtime.clock import Clock
from bot.runtime.undecided import Undecided
from bot.services.events import NewEvent, Store

SOURCE: Final = "telegram"
UNREADABLE: Final = "unreadable"
"""The kind of an entry that is not an update at all."""
_IDS_END: Final = 2**53
"""Telegram's are positive and far below it (https://core.telegram.org/bots/api#update)."""
_OFFSET: Final = "telegram_offset"
_BATCH: Final = 100
_POLL_S: Final = 30
_SLACK_S: Final = 10.0
_WANTED: Final = (
    "message",
    "edited_message",
    "callback_query",
    "pre_checkout_query",
    "my_chat_member",
)
_URGENT: Final = "pre_checkout_query"

_log = structlog.get_logger(__name__)


class Intake:
    """Polls for as long as it runs. Raises `TokenRefused`."""

    def __init__(self, api: BotApi, store: Store, undecided: Undecided, clock: Clock) -> None:
        self._api = api
        self._store = store
        self._undecided = undecided
        self._clock = clock
        self._backoff = Backoff(0.5, 30.0)
        self._offset: int | None = None
        self.last_poll_at: datetime | None = None
        """When Telegram last answered a poll."""

    async def run(self) -> None:
        async with self._store.unit() as unit:
            self._offset = await unit.counters.get(_OFFSET)
        while True:
            await self._undecided.room()
            try:
                entries = await self._poll()
            except ApiRefused as refusal:
                await self._wait_after(refusal)
            except NetworkError as error:
                _log.warning("poll_failed", error=type(error).__name__)
                await self._clock.pause(self._backoff.next_s())
            else:
                self.last_poll_at = self._clock.now()
                await self._take(entries)

    async def _poll(self) -> list[Any]:
        parameters: dict[str, Any] = {
            "timeout": _POLL_S,
            "limit": _BATCH,
            "allowed_updates": _WANTED,
        }
        if self._offset is not None:
            parameters["offset"] = self._offset
        answer = await self._api.call("getUpdates", parameters, read_timeout_s=_POLL_S + _SLACK_S)
        if not isinstance(answer, list):
            raise NetworkError("getUpdates answered without a list")
        return answer

    async def _take(self, entries: list[Any]) -> None:
        """Stores what came, one by one, together with the offset that acknowledges it."""
        if not entries:
            self._backoff.reset()
            return
        before, after = self._offset, _next_offset(entries, self._offset)
        async with self._store.unit() as unit:
            now = self._clock.now()
            events = await unit.inbox.add([_event(entry) for entry in entries], now)
            for event in (event for event in events if event.kind == UNREADABLE):
                unit.inbox.bury(event, "", "not an update", now)
                unit.inbox.mark_decided(event.id, now)
            if after is not None and after != before:
                unit.counters.set(_OFFSET, after)
        self._offset = after
        self._undecided.offer([event for event in events if event.kind != UNREADABLE])
        if after == before:
            # Nothing came that could be acknowledged: the same will come again at once.
            await self._clock.pause(self._backoff.next_s())
        else:
            self._backoff.reset()

    async def _wait_after(self, refusal: ApiRefused) -> None:
        if refusal.code == HTTPStatus.NOT_FOUND:  # what a token of the wrong shape gets
            raise TokenRefused from refusal
        if refusal.code == HTTPStatus.CONFLICT:
            _log.error(
                "poll_conflict",
                meaning="another process polls with this token, or a webhook is set: "
                "only one of them can receive updates",
                description=refusal.description,
            )
        else:
            _log.warning("poll_refused", code=refusal.code, description=refusal.description)
        await self._clock.pause(max(refusal.retry_after_s or 0.0, self._backoff.next_s()))


def _event(entry: Any) -> NewEvent:
    payload = _text(entry)
    update_id = _update_id(entry)
    if update_id is None:
        digest = hashlib.sha256(payload.encode()).hexdigest()
        return NewEvent(SOURCE, f"sha256:{digest}", UNREADABLE, payload)
    kind = next((field for field in entry if field != "update_id"), "empty")
    return NewEvent(SOURCE, str(update_id), kind, payload, urgent=kind == _URGENT)


def _text(entry: Any) -> str:
    """The entry as JSON. Half a surrogate pair has no UTF-8, so the store could not keep it."""
    return json.dumps(entry, ensure_ascii=False).encode(errors="replace").decode()


def _update_id(entry: Any) -> int | None:
    """None for what cannot acknowledge: an offset below zero would have Telegram drop what waits,
    and one that is too large could not be kept."""
    update_id = entry.get("update_id") if isinstance(entry, dict) else None
    return update_id if type(update_id) is int and 0 <= update_id < _IDS_END else None


def _next_offset(entries: Sequence[Any], offset: int | None) -> int | None:
    received = [update_id for entry in entries if (update_id := _update_id(entry)) is not None]
    return received[-1] + 1 if received else offset
