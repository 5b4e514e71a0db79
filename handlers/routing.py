"""How updates find their dialogue.

A person waits for one answer at a time, so a chat is one conversation: one `ConversationHandler`
made of every dialogue's part. Commands and buttons are entry points that work at any step, and what
a callback returns is the next step: so a command of another dialogue ends what was under way, and
an old keyboard works after a restart.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, ConversationHandler, MessageHandler, filters

from handlers.buttons import Action, Press, parse
from handlers.context import EventContext

DONE: Final = ConversationHandler.END
"""Returned by a callback: nothing typed is waited for."""

NextStep = StrEnum | int | None
Callback = Callable[[EventContext], Awaitable[NextStep]]
"""Unpacks, calls one service, shows one screen, and says what is waited for next."""
Handler = BaseHandler[Update, EventContext, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """What one dialogue adds to the conversation: where it is entered, what it waits for."""

    entries: Sequence[Handler]
    steps: dict[StrEnum, Sequence[Handler]] = field(default_factory=dict)


class Dialogue(Protocol):
    def part(self) -> Part: ...


def handled(callback: Callback) -> Callable[[Update, EventContext], Coroutine[Any, Any, NextStep]]:
    """The callback as python-telegram-bot calls it: the context holds the update already."""

    async def handle(_: Update, context: EventContext) -> NextStep:
        return await callback(context)

    return handle


class _Pressed(BaseHandler[Update, EventContext, Any]):
    """Handles presses of one action and puts the parsed press into the context."""

    def __init__(self, action: Action, callback: Callback) -> None:
        super().__init__(handled(callback))
        self._action = action

    def check_update(self, update: object) -> Press | None:
        if not isinstance(update, Update) or update.callback_query is None:
            return None
        press = parse(update.callback_query.data or "")
        return press if press is not None and press.action is self._action else None

    def collect_additional_context(
        self, context: EventContext, update: Update, application: Any, check_result: Any
    ) -> None:
        del update, application
        context.press = check_result


def on_press(action: Action, callback: Callback) -> Handler:
    return _Pressed(action, callback)


def on_command(command: str | Sequence[str], callback: Callback) -> Handler:
    return CommandHandler(command, handled(callback), filters=filters.UpdateType.MESSAGE)


def on_message(kind: filters.BaseFilter, callback: Callback) -> Handler:
    """New messages of that kind; never edited ones, nor what Telegram itself notes in the chat."""
    return MessageHandler(
        filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL & kind, handled(callback)
    )


def on_note(kind: filters.BaseFilter, callback: Callback) -> Handler:
    """What Telegram itself notes in the chat."""
    return MessageHandler(filters.UpdateType.MESSAGE & kind, handled(callback))


def on_text(callback: Callback) -> Handler:
    """Typed text that is not a command."""
    return on_message(filters.TEXT & ~filters.COMMAND, callback)


def on_anything_else(callback: Callback) -> Handler:
    """Whatever is sent where something else is waited for; commands stay commands."""
    return on_message(~filters.COMMAND, callback)


def conversation(dialogues: Sequence[Dialogue]) -> ConversationHandler[EventContext]:
    parts = [dialogue.part() for dialogue in dialogues]
    steps: dict[object, list[Handler]] = {}
    for part in parts:
        for step, handlers in part.steps.items():
            steps[step] = list(handlers)
    return ConversationHandler(
        entry_points=[entry for part in parts for entry in part.entries],
        states=steps,
        fallbacks=[],
        allow_reentry=True,
        persistent=True,
        name="chat",
    )
