"""The Telegram courier: carries out the Bot API calls that decisions have staged.

How a send failed decides what is done:
- not sent (no connection, 429): tried again for as long as it has a sense;
- outcome unknown (no answer in time, connection broken, 5xx): a reply is sent once more for each
  such doubt, a few times; bulk is not, because many people must not read it twice;
- 403: the person blocked the bot; the effect has failed, and an event tells the services;
- any other refusal: failed, with Telegram's reason and nothing of the content.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

import structlog
from telegram.error import NetworkError

from bot.runtime.attachments import Attachments
from bot.runtime.backoff import Backoff
from bot.runtime.bot_api import ApiRefused, BotApi
from bot.runtime.clock import Clock
from bot.runtime.couriers import MOST_IN_MEMORY, OUTCOME_UNKNOWN, Courier
from bot.runtime.http import File, NotSent
from bot.runtime.marks import Marks
from bot.runtime.rate import Rate
from bot.runtime.slots import as_new_message, is_gone, is_unchanged
from bot.services.events import Effect, NewEvent, Store
from bot.services.unit import Lane

SOURCE: Final = "telegram_courier"
BLOCKED: Final = "blocked"
"""The kind of the event that says that a person blocked the bot: ``{"chat_id": …}``."""

_FREE: Final = frozenset({"answerCallbackQuery", "answerPreCheckoutQuery"})
"""Free of flood limits (Bot API FAQ), and of no use once their time is over."""
_SENSE: Final = {
    "answerCallbackQuery": timedelta(seconds=15),
    "answerPreCheckoutQuery": timedelta(seconds=10),
}
_LONGEST_SENSE: Final = timedelta(hours=24)
_DOUBTS: Final = 5

_Call = tuple[str, dict[str, Any]]
"""A method and its parameters."""

_log = structlog.get_logger(__name__)


class TelegramCourier(Courier):
    """``provider_token`` is BotFather's for invoices, or empty."""

    name = "telegram"

    def __init__(
        self,
        api: BotApi,
        store: Store,
        marks: Marks,
        clock: Clock,
        rate: Rate,
        attachments: Attachments,
        provider_token: str,
        *,
        most: int = MOST_IN_MEMORY,
    ) -> None:
        super().__init__(store, marks, clock, most=most)
        self._api = api
        self._rate = rate
        self._attachments = attachments
        self._provider_token = provider_token

    async def carry_out(self, effect: Effect) -> None:
        parameters = json.loads(effect.payload)
        try:
            files = await self._attachments.render(parameters)
        except Exception as error:
            _log.exception("attachment_failed", effect=effect.id)
            self._marks.failed(effect.id, f"attachment: {type(error).__name__}")
            return
        if effect.kind == "sendInvoice":
            # Put in only now: what the store holds, and its backups, hold no secret.
            parameters.setdefault("provider_token", self._provider_token)
        call = await self._addressed(effect, parameters)
        while call is not None:
            call = await self._send(effect, *call, files)

    async def _addressed(self, effect: Effect, parameters: dict[str, Any]) -> _Call | None:
        """The call to make: an edit of a slot names its message, or sends when there is none."""
        is_of_slot = effect.slot and effect.chat_id is not None and effect.kind.startswith("edit")
        if not is_of_slot or "message_id" in parameters:
            return effect.kind, parameters
        message_id = await self._marks.slot_message(effect.chat_id or 0, effect.slot or "")
        if message_id is None:
            return self._anew(effect, effect.kind, parameters)
        return effect.kind, {**parameters, "message_id": message_id}

    def _anew(self, effect: Effect, method: str, parameters: dict[str, Any]) -> _Call | None:
        call = as_new_message(method, parameters)
        if call is None:
            self._marks.failed(effect.id, "nothing to edit")
        return call

    async def _send(
        self, effect: Effect, method: str, parameters: dict[str, Any], files: Mapping[str, File]
    ) -> _Call | None:
        """Calls until the outcome is known, or the effect has lost its sense, and marks that.

        A call that is to be made in its place, or None.
        """
        backoff = Backoff(0.5, 30.0)
        doubts = 0
        while not self._is_too_late(effect):
            try:
                async with self._turn(effect, method), self.on_the_wire():
                    result = await self._api.call(method, parameters, files)
            except NotSent:
                await self._clock.pause(backoff.next_s())
            except NetworkError as error:
                doubts += 1
                _log.warning("send_in_doubt", effect=effect.id, method=method, error=str(error))
                if effect.lane == Lane.BULK or doubts == _DOUBTS:
                    self._marks.failed(effect.id, OUTCOME_UNKNOWN)
                    return None
                await self._clock.pause(backoff.next_s())
            except ApiRefused as refusal:
                if refusal.code != HTTPStatus.TOO_MANY_REQUESTS:
                    return self._refused(effect, method, parameters, refusal)
                await self._come_back(effect, method, refusal.retry_after_s or 1.0)
            else:
                self._done(effect, method, result)
                return None
        self._marks.failed(effect.id, "too late")
        return None

    def _turn(self, effect: Effect, method: str) -> AbstractAsyncContextManager[None]:
        if method in _FREE:
            return nullcontext()
        return self._rate.turn(Lane(effect.lane), effect.chat_id)

    async def _come_back(self, effect: Effect, method: str, retry_after_s: float) -> None:
        if method in _FREE:
            await self._clock.pause(retry_after_s)
        else:
            self._rate.refused(effect.chat_id, retry_after_s)

    def _done(self, effect: Effect, method: str, result: Any) -> None:
        if effect.slot and effect.chat_id is not None and method.startswith("send"):
            self._marks.fill_slot(effect.chat_id, effect.slot, result["message_id"])
        self._marks.done(effect.id)

    def _refused(
        self, effect: Effect, method: str, parameters: dict[str, Any], refusal: ApiRefused
    ) -> _Call | None:
        if is_unchanged(refusal.description):
            self._marks.done(effect.id)
            return None
        if effect.slot and method.startswith("edit") and is_gone(refusal.description):
            return self._anew(effect, method, parameters)
        _log.warning(
            "send_refused",
            effect=effect.id,
            method=method,
            code=refusal.code,
            description=refusal.description,
        )
        self._marks.failed(effect.id, str(refusal))
        if refusal.code == HTTPStatus.FORBIDDEN and effect.chat_id is not None:
            payload = json.dumps({"chat_id": effect.chat_id})
            self._marks.tell(NewEvent(SOURCE, str(effect.id), BLOCKED, payload))
        return None

    def _is_too_late(self, effect: Effect) -> bool:
        sense = _SENSE.get(effect.kind, _LONGEST_SENSE)
        return self._clock.now() - effect.created_at > sense
