"""The announcement courier: goes through the deliveries that are due, a few at a time.

    take a few rows ─▶ marked as sending, committed ─▶ a turn in the bulk lane ─▶ call ─▶ marks

What leaves was marked before: after a crash, what was marked and has no end is uncertain, and
nobody is written to twice. So no more is marked ahead of its turn than leaves in a quarter of a
second (`Room`), and nothing else is in memory, whether a thousand or a million people are meant.

How a call failed decides what becomes of the row:
- not sent (no connection): the row waits, as does everybody else, until Telegram answers again;
- 429: the row waits for as long as Telegram said;
- outcome unknown (connection broken, no answer in time, 5xx): uncertain, and the others wait until
  Telegram answers a question that does nothing, so that an outage burns no more than what was on
  its way;
- refused: blocked, deactivated, not found or failed, by Telegram's reason.

When it is the message that fails, `bot.runtime.announcement_trial`, nobody else is tried: an event
says so, and the announcement pauses.

A correction or recall is done again when in doubt: twice does the same.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from telegram.error import NetworkError

from bot.domain.announcement import (
    Announcement,
    DeliveryEnd,
    DeliveryStatus,
    Pass,
    Recipient,
    is_of_the_message,
    refused_as,
)
from bot.runtime.announcement_room import Bounds, Place, Room
from bot.runtime.announcement_trial import Trial
from bot.runtime.backoff import Backoff
from bot.runtime.bot_api import ApiRefused, BotApi
from bot.runtime.clock import Clock
from bot.runtime.couriers import Courier
from bot.runtime.http import NotSent
from bot.runtime.marks import Marks
from bot.runtime.rate import Rate
from bot.runtime.slots import is_unchanged
from bot.runtime.telegram_courier import BLOCKED
from bot.services.events import Effect, NewEvent, Store
from bot.services.unit import Lane

SOURCE: Final = "announcement_courier"
RESTED: Final = "announcement_rested"
"""The kind of the event that says that nobody else is due: ``{"announcement": …}``."""
REFUSED: Final = "announcement_refused"
"""The kind of the event that says that nobody else was tried, for Telegram takes the message of
nobody: ``{"announcement": …, "said": "Bad Request: …"}``."""
_DOUBTS: Final = 5
_GONE: Final = "message to delete not found"

Render = Callable[[Announcement, Recipient], tuple[str, dict[str, Any]]]
"""The Bot API call that does to this recipient what the announcement is doing."""

_log = structlog.get_logger(__name__)


class _Held(Exception):
    """Telegram is out of reach: the turn is not used."""


class AnnouncementCourier(Courier):
    """``zone`` is the operator's, for recipients without a line."""

    name = "announcements"

    def __init__(
        self, api: BotApi, store: Store, marks: Marks, clock: Clock, rate: Rate, render: Render,
        zone: ZoneInfo, *, bounds: Bounds,
    ) -> None:  # fmt: skip
        super().__init__(store, marks, clock)
        self._api = api
        self._rate = rate
        self._render = render
        self._zone = zone
        self._bounds = bounds
        self._calm = asyncio.Event()
        self._calm.set()
        self._waiting: dict[tuple[int, int], DeliveryEnd] = {}
        """Rows that are marked and not on the wire: a stop gives them back."""

    async def carry_out(self, effect: Effect) -> None:
        announcement_id = effect.chat_id or 0
        room, trial = Room(self._bounds), Trial()
        await self._marks.write()  # what still is under way after that, a former process left
        async with self._store.unit() as unit:
            begun = await unit.announcements.get(announcement_id)
            if begun is not None:
                await unit.deliveries.doubt(begun)
        async with asyncio.TaskGroup() as tasks:
            while begun is not None and trial.lost is None:
                await room.for_a_page()
                announcement, recipients = await self._next_due(announcement_id, self._bounds.page)
                if announcement is None or recipients is None:
                    break
                for each in recipients:
                    room.taken()
                    tasks.create_task(self._serve_one(announcement, each, room, trial))
        event: dict[str, Any] = {"announcement": announcement_id}
        kind, said = RESTED, trial.end()
        if said is not None:
            kind, event = REFUSED, event | {"said": said}
        self._marks.tell(NewEvent(SOURCE, str(effect.id), kind, json.dumps(event)))
        self._marks.done(effect.id)

    async def stop(self, grace_s: float) -> None:
        await super().stop(grace_s)
        for end in self._waiting.values():
            self._marks.deliver(end)

    async def _next_due(
        self, announcement_id: int, limit: int
    ) -> tuple[Announcement | None, list[Recipient] | None]:
        if self._is_stopping:
            await asyncio.get_running_loop().create_future()
        await self._calm.wait()
        async with self._marks.unit() as unit:
            announcement = await unit.announcements.get(announcement_id)
            taken = await unit.deliveries.take(
                announcement_id, self._clock.now(), limit, self._zone
            )
        return announcement, taken

    async def _serve_one(
        self, announcement: Announcement, to: Recipient, room: Room, trial: Trial
    ) -> None:
        with room.place() as place:
            await self._deliver(announcement, to, trial, place)

    async def _deliver(
        self, announcement: Announcement, to: Recipient, trial: Trial, place: Place
    ) -> None:
        """Calls until the outcome is known or in doubt, and marks that; or gives the row back."""
        doing, key = announcement.doing, (announcement.id, to.chat_id)
        language = announcement.version_for(to.language).language
        given_back = DeliveryEnd(*key, doing, DeliveryStatus.PLANNED)
        self._waiting[key] = given_back
        method, parameters = self._render(announcement, to)
        doubts = 0
        while True:
            try:
                await self._calm.wait()
                async with self._rate.turn(Lane.BULK, to.chat_id), self.on_the_wire():
                    if not self._calm.is_set():
                        raise _Held
                    place.has_its_turn()
                    del self._waiting[key]
                    if trial.lost is not None:
                        self._marks.deliver(given_back)
                        return
                    result = await self._api.call(method, parameters)
            except _Held:
                continue
            except NotSent:
                self._waiting[key] = given_back
                await self._wait_for_telegram()
            except NetworkError as error:
                _log.warning("announcement_in_doubt", announcement=key[0], error=str(error))
                doubts += 1
                if doing is Pass.SEND or doubts == _DOUBTS:
                    trial.doubted(str(error))
                    self._end(announcement, to, DeliveryStatus.UNCERTAIN)
                    await self._wait_for_telegram()
                    return
                self._waiting[key] = given_back
                await self._wait_for_telegram()
            except ApiRefused as refusal:
                if refusal.code != HTTPStatus.TOO_MANY_REQUESTS:
                    if doing is Pass.SEND and is_of_the_message(refusal.code, refusal.description):
                        trial.refused(language, refusal.description)
                    self._refused(announcement, to, refusal)
                    return
                self._waiting[key] = given_back
                self._rate.refused(to.chat_id, refusal.retry_after_s or 1.0)
            else:
                trial.took(language)
                message_id = result["message_id"] if doing is Pass.SEND else None
                self._end(announcement, to, DeliveryStatus.SENT, message_id)
                return

    async def _wait_for_telegram(self) -> None:
        """Holds everybody until Telegram answers again."""
        if not self._calm.is_set():
            await self._calm.wait()
            return
        self._calm.clear()
        backoff = Backoff(0.5, 30.0)
        while not await self._answers():
            await self._clock.pause(backoff.next_s())
        self._calm.set()

    async def _answers(self) -> bool:
        try:
            await self._api.call("getMe", {})
        except ApiRefused as refusal:
            return refusal.code != HTTPStatus.TOO_MANY_REQUESTS
        except NetworkError:
            return False
        return True

    def _refused(self, announcement: Announcement, to: Recipient, refusal: ApiRefused) -> None:
        if is_unchanged(refusal.description) or _GONE in refusal.description.lower():
            self._end(announcement, to, DeliveryStatus.SENT)
            return
        status = refused_as(refusal.code, refusal.description)
        self._end(announcement, to, status)
        if status is DeliveryStatus.FAILED:
            _log.warning(
                "announcement_refused",
                announcement=announcement.id,
                code=refusal.code,
                description=refusal.description,
            )
        elif status is not DeliveryStatus.NOT_FOUND:
            payload = json.dumps({"chat_id": to.chat_id})
            once = f"announcement:{announcement.id}:{announcement.doing}:{to.chat_id}"
            self._marks.tell(NewEvent(SOURCE, once, BLOCKED, payload))

    def _end(
        self, announcement: Announcement, to: Recipient, status: DeliveryStatus,
        message_id: int | None = None,
    ) -> None:  # fmt: skip
        self._marks.deliver(
            DeliveryEnd(announcement.id, to.chat_id, announcement.doing, status, message_id)
        )
