"""The support courier: opens, fills, closes and deletes the topics of the operators' group, and
brings back what operators answer.

How a call ended is an event, since a message counts as received only once it is there. A call of
unknown outcome is made again, a few times: a message may be there twice, and is not lost.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

import structlog
from telegram.error import NetworkError

from bot.runtime.backoff import Backoff
from bot.runtime.bot_api import ApiRefused, BotApi
from bot.runtime.clock import Clock
from bot.runtime.codec import Answer, support_request_from_json
from bot.runtime.http import NotSent
from bot.runtime.marks import Marks
from bot.runtime.rate import Rate
from bot.runtime.request_courier import RequestCourier
from bot.services.events import Effect, Store
from bot.services.support_requests import (
    Failure,
    NotPassedBack,
    NotPassedOn,
    OpenTopic,
    PassBack,
    PassedBack,
    PassedOn,
    PassOn,
    RemoveTopic,
    SupportRequest,
    TellTopic,
    TopicNotOpened,
    TopicNotRemoved,
    TopicNotTold,
    TopicOpened,
    TurnTopic,
)
from bot.services.unit import Lane

SOURCE: Final = "support"
_PATIENCE: Final = timedelta(days=1)
_DOUBTS: Final = 5
_GONE: Final = ("message thread not found", "topic_id_invalid", "topic_deleted")
_NOT_COPIED: Final = (
    "message to copy not found",
    "message can't be copied",
    "message_id_invalid",
)
"""As the Bot API server (tdlib/telegram-bot-api) and Telegram's own servers word it."""

_log = structlog.get_logger(__name__)


class SupportCourier(RequestCourier[SupportRequest]):
    name = "support"
    source = SOURCE

    def __init__(self, api: BotApi, store: Store, marks: Marks, clock: Clock, rate: Rate) -> None:
        super().__init__(support_request_from_json, store, marks, clock)
        self._api = api
        self._rate = rate

    async def _answer(self, effect: Effect, request: SupportRequest) -> Answer | None:
        """Calls until it is known how that ended, or for as long as it may be known."""
        method, parameters = _call(request)
        backoff, doubts = Backoff(0.5, 30.0), 0
        while doubts < _DOUBTS and self._clock.now() - effect.created_at < _PATIENCE:
            try:
                async with self._rate.turn(Lane.INTERACTIVE, effect.chat_id), self.on_the_wire():
                    return _done(request, await self._api.call(method, parameters))
            except NotSent:
                await self._clock.pause(backoff.next_s())
            except NetworkError as error:
                doubts += 1
                _log.warning("support_in_doubt", effect=effect.id, method=method, error=str(error))
                await self._clock.pause(backoff.next_s())
            except ApiRefused as refusal:
                if refusal.code != HTTPStatus.TOO_MANY_REQUESTS:
                    return self._refused(effect, request, refusal)
                self._rate.refused(effect.chat_id, refusal.retry_after_s or 1.0)
        return _failed(request, Failure.UNREACHABLE)

    def _refused(
        self, effect: Effect, request: SupportRequest, refusal: ApiRefused
    ) -> Answer | None:
        said = refusal.description.lower()
        if isinstance(request, TurnTopic) and "not_modified" in said:
            return None
        _log.warning(
            "support_refused",
            effect=effect.id,
            request=effect.kind,
            code=refusal.code,
            description=refusal.description,
        )
        if any(each in said for each in _GONE):
            return _failed(request, Failure.GONE)
        if any(each in said for each in _NOT_COPIED):
            return _failed(request, Failure.NOT_COPIED)
        if isinstance(request, PassBack) and refusal.code == HTTPStatus.FORBIDDEN:
            return _failed(request, Failure.BLOCKED)
        return _failed(request, Failure.UNREACHABLE)


def _call(request: SupportRequest) -> tuple[str, dict[str, Any]]:
    """The Bot API call: method and parameters."""
    match request:
        case OpenTopic():
            return "createForumTopic", {"chat_id": request.group_id, "name": request.name}
        case PassOn():
            return "copyMessage", {
                "chat_id": request.group_id,
                "message_thread_id": request.thread_id,
                "from_chat_id": request.subscriber_id,
                "message_id": request.message_id,
            }
        case PassBack():
            return "copyMessage", {
                "chat_id": request.subscriber_id,
                "from_chat_id": request.group_id,
                "message_id": request.message_id,
            }
        case TellTopic():
            return "sendMessage", {
                "chat_id": request.group_id,
                "message_thread_id": request.thread_id,
                "text": request.text,
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
                "reply_markup": request.keyboard,
            }
        case TurnTopic():
            method = "reopenForumTopic" if request.to_open else "closeForumTopic"
            return method, _where(request)
        case RemoveTopic():
            return "deleteForumTopic", _where(request)


def _where(request: TurnTopic | RemoveTopic) -> dict[str, Any]:
    return {"chat_id": request.group_id, "message_thread_id": request.thread_id}


def _done(request: SupportRequest, result: Any) -> Answer | None:
    match request:
        case OpenTopic():
            return TopicOpened(request, result["message_thread_id"])
        case PassOn():
            return PassedOn(request)
        case PassBack():
            return PassedBack(request)
        case _:
            return None


def _failed(request: SupportRequest, why: Failure) -> Answer | None:
    match request:
        case OpenTopic():
            return TopicNotOpened(request)
        case PassOn():
            return NotPassedOn(request, why)
        case PassBack():
            return NotPassedBack(request, why)
        case TellTopic():
            return TopicNotTold(request, why)
        case RemoveTopic() if why is not Failure.GONE:
            return TopicNotRemoved(request)
        case TurnTopic() | RemoveTopic():
            return None
