"""Callback queries that wait for the bot's answer."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.payments import TOO_OLD


@dataclass(frozen=True)
class CallbackAnswer:
    """What answerCallbackQuery said."""

    text: str
    is_alert: bool
    url: str | None

    def as_seen(self) -> dict[str, Any]:
        """The answer as a person meets it: a toast, an alert, or a link that opens."""
        return {
            "toast": self.text if self.text and not self.is_alert else None,
            "alert": self.text if self.text and self.is_alert else None,
            "url": self.url,
        }


@dataclass(frozen=True)
class Pressed:
    """A button pressed by somebody; `at` in Unix seconds of the sandbox."""

    id: str
    user_id: int
    data: str
    at: float
    answer: asyncio.Future[CallbackAnswer | None]  # None: nobody will answer any more


class Callbacks:
    """One bot's open callback queries, each to be answered within `answer_within_s`, once."""

    def __init__(self, timestamp: Callable[[], float], answer_within_s: float) -> None:
        self._timestamp = timestamp
        self._answer_within_s = answer_within_s
        self._open: dict[str, Pressed] = {}

    def press(self, user_id: int, data: str) -> Pressed:
        """Open a query."""
        pressed = Pressed(
            id=str(secrets.randbits(63)),
            user_id=user_id,
            data=data,
            at=self._timestamp(),
            answer=asyncio.get_running_loop().create_future(),
        )
        self._open[pressed.id] = pressed
        return pressed

    def answer(self, query_id: str, answer: CallbackAnswer) -> Pressed:
        """Answer a query. Raises ApiError 400 when it is unknown, too old or answered already."""
        pressed = self._open.pop(query_id, None)
        if pressed is None or self._timestamp() - pressed.at > self._answer_within_s:
            raise bad_request(TOO_OLD)
        pressed.answer.set_result(answer)
        return pressed

    def close(self) -> None:
        """Let everyone go who still waits."""
        for pressed in self._open.values():
            pressed.answer.set_result(None)
        self._open.clear()
