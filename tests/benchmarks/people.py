"""People who talk to a contender: each waits for the answer before the next step, as people do."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from tests.benchmarks.telegram import BenchTelegram

RENEWAL: Final = (
    "v1:renew",
    "v1:plan:M30",
    "v1:pay:",
    "v1:home",
    "v1:refresh",
)
"""The buttons of a renewal after /start, by how their data begins."""
UPDATES_PER_RENEWAL: Final = 1 + len(RENEWAL)
CHOOSING: Final = RENEWAL[:2]
"""As far as a hurried person gets before Telegram's limit of one call a second in each chat, of
which a few may come at once, makes them wait: how long the bot takes is then still seen."""
UPDATES_PER_CHOICE: Final = 1 + len(CHOOSING)


class _Talk:
    """One person's way through the script; ``echo`` talks have no buttons and one step."""

    __slots__ = ("buttons", "person", "sent_at", "step")

    def __init__(self, person: int, buttons: Sequence[str]) -> None:
        self.person = person
        self.buttons = buttons
        self.step = 0
        self.sent_at = 0.0

    @property
    def wanted(self) -> str | None:
        """How the button begins that is pressed next; None after the last step."""
        return self.buttons[self.step] if self.step < len(self.buttons) else None


class Crowd:
    """Conversations of many people at once, and how long each step took to be answered.

    ``seconds`` holds, for each step, the time from the update to its screen; ``answers`` that from
    a press to the end of the button's waiting (``answerCallbackQuery``).
    """

    def __init__(self, telegram: BenchTelegram, people: Iterator[int], buttons: Sequence[str]):
        self._telegram = telegram
        self._people = people
        self._buttons = buttons
        self._talks: dict[int, _Talk] = {}
        self._presses: dict[str, tuple[_Talk, float]] = {}
        self._when_one_ends: Callable[[], None] = lambda: None
        self._ended = asyncio.Event()
        self.sent = 0
        self.answered = 0
        self.talks_ended = 0
        self.seconds: list[float] = []
        self.answers: list[float] = []
        telegram.watch = self._see

    async def talks(self, count: int, at_once: int) -> None:
        """So many conversations, the next beginning when one ends."""
        left = count - at_once

        def begin_another() -> None:
            nonlocal left
            if left > 0:
                left -= 1
                self.begin()

        self._when_one_ends = begin_another
        until = self.talks_ended + count
        for _ in range(at_once):
            self.begin()
        while self.talks_ended < until:
            self._ended.clear()
            await self._ended.wait()

    async def talks_for(self, seconds: float, at_once: int) -> None:
        """As many conversations as go into the time."""
        self._when_one_ends = self.begin
        for _ in range(at_once):
            self.begin()
        await asyncio.sleep(seconds)
        self._when_one_ends = lambda: None

    async def arrive(self, per_s: float, seconds: float) -> None:
        """Begins so many conversations a second, whether or not the former ones have ended."""
        begun = time.monotonic()
        for number in range(int(per_s * seconds)):
            await asyncio.sleep(max(0.0, begun + number / per_s - time.monotonic()))
            self.begin()

    def begin(self) -> None:
        talk = _Talk(next(self._people), self._buttons)
        self._talks[talk.person] = talk
        talk.sent_at = time.monotonic()
        self.write(talk.person)

    def write(self, person: int) -> None:
        """Sends /start, of which the crowd need not know."""
        message = {**_in_chat(person), "message_id": self._telegram.message_id()}
        message |= {"text": "/start", "entities": [_COMMAND], "from": _person(person)}
        self._send("message", message)

    def _press(self, talk: _Talk, data: str, message_id: int) -> None:
        talk.step += 1
        query_id = f"{talk.person}:{talk.step}"
        shown = {**_in_chat(talk.person), "message_id": message_id, "text": "shown", "from": _BOT}
        query = {
            "id": query_id,
            "from": _person(talk.person),
            "message": shown,
            "chat_instance": "1",
            "data": data,
        }
        talk.sent_at = time.monotonic()
        self._presses[query_id] = talk, talk.sent_at
        self._send("callback_query", query)

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        self.sent += 1
        self._telegram.send(kind, content)

    def _see(self, method: str, parameters: dict[str, Any]) -> None:
        if method == "answerCallbackQuery":
            self._see_answer(parameters["callback_query_id"])
            return
        talk = self._talks.get(int(parameters.get("chat_id") or 0))
        if talk is None:
            return
        wanted = talk.wanted
        if wanted is None:
            if not talk.buttons:
                self._end(talk)
            return
        data = _button(parameters.get("reply_markup"), wanted)
        if data is not None:
            self._note(talk)
            self._press(talk, data, parameters["message_id"])

    def _see_answer(self, query_id: str) -> None:
        talk, sent_at = self._presses.pop(query_id)
        self.answers.append(time.monotonic() - sent_at)
        if query_id == f"{talk.person}:{len(talk.buttons)}":
            self._end(talk)

    def _end(self, talk: _Talk) -> None:
        self._note(talk)
        del self._talks[talk.person]
        self.talks_ended += 1
        self._ended.set()
        self._when_one_ends()

    def _note(self, talk: _Talk) -> None:
        self.answered += 1
        self.seconds.append(time.monotonic() - talk.sent_at)


_COMMAND: Final = {"type": "bot_command", "offset": 0, "length": 6}
_BOT: Final = {"id": 1_000_000, "is_bot": True, "first_name": "Bench"}


def _in_chat(person: int) -> dict[str, Any]:
    return {"date": int(time.time()), "chat": {"id": person, "type": "private", "first_name": "P"}}


def _person(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "P", "language_code": "zh-hans"}


def _button(markup: Any, begins: str) -> str | None:
    """The data of the button that begins so; a leading ``+`` (opens anew) does not matter."""
    keyboard = json.loads(markup) if isinstance(markup, str) else markup
    for row in (keyboard or {}).get("inline_keyboard", ()):
        for button in row:
            data: str = button.get("callback_data", "")
            if data.replace(":+", ":", 1).startswith(begins):
                return data
    return None
