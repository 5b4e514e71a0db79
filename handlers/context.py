"""The event under decision, as a dialogue sees it.

Nothing here reaches the network: what is shown or answered is staged in the event's unit of work.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from telegram import Message, Update
from telegram.ext import CallbackContext, ExtBot

from bot.domain.subscriber import Subscriber
from bot.services.unit import Lane, Unit
from handlers import sending
from handlers.buttons import Press
from handlers.screens.screen import Screen
from handlers.texts import Texts, texts

_Unkept = dict[Any, Any]
"""What python-telegram-bot would keep in memory for a user or chat: nothing of ours."""


class EventContext(CallbackContext[ExtBot[None], _Unkept, _Unkept, _Unkept]):
    """What belongs to one event. `begin` fills it, before any dialogue."""

    event: Update
    unit: Unit
    subscriber: Subscriber
    now: datetime
    press: Press | None = None
    """The button pressed, when it is one of ours."""
    _answered = False

    def begin(self, event: Update, unit: Unit, subscriber: Subscriber, now: datetime) -> None:
        self.event, self.unit, self.subscriber, self.now = event, unit, subscriber, now

    @property
    def t(self) -> Texts:
        """The words in the subscriber's language."""
        return texts(self.subscriber.language)

    @property
    def pressed(self) -> Press:
        """The button pressed, for callbacks that only a button reaches."""
        if self.press is None:
            raise LookupError("no button was pressed")
        return self.press

    @property
    def text(self) -> str:
        """What was typed; empty for a message of another kind."""
        message = self.event.message
        return (message.text if message is not None else None) or ""

    def show(self, screen: Screen, slot: str = sending.PANEL) -> None:
        """Edits the message whose button was pressed, else sends the screen as a new message."""
        message = self._pressed_message
        if message is None:
            sending.send(self.unit, self.subscriber.id, screen, self.now, slot)
        else:
            sending.edit(self.unit, self.subscriber.id, message.message_id, screen, self.now, slot)

    def wait_for(self, shows: str, subject: str) -> None:
        """The message whose button was pressed stays as it is until what it shall show is known:
        the panel shows that from now on. A press on a message that we cannot see gets a new one."""
        message = self._pressed_message
        message_id = message.message_id if message is not None else None
        chat_id = self.subscriber.id
        self.unit.chat_messages.put(chat_id, sending.PANEL, message_id, shows, subject, self.now)

    def tell(self, screen: Screen) -> None:
        """Sends what happened as a message of its own."""
        sending.tell(self.unit, self.subscriber.id, screen)

    def answer(self, toast: str = "") -> None:
        """Answers the callback query, once, with or without a toast."""
        query = self.event.callback_query
        if query is None or self._answered:
            return
        self._answered = True
        parameters: dict[str, Any] = {"callback_query_id": query.id}
        if toast:
            parameters["text"] = toast
        self.unit.outbox.telegram("answerCallbackQuery", parameters, chat_id=None, lane=Lane.ANSWER)

    @property
    def pressed_message_id(self) -> int | None:
        query = self.event.callback_query
        if query is None or query.message is None:
            return None
        return query.message.message_id

    @property
    def _pressed_message(self) -> Message | None:
        """The message that the screen may take the place of: it holds text, and we can see it."""
        query = self.event.callback_query
        if query is None or (self.press is not None and self.press.anew):
            return None
        message = query.message
        return message if isinstance(message, Message) and message.text is not None else None
