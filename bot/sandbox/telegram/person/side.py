"""One person's side of a chat with a bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram.account import Account
from bot.sandbox.telegram.chats import Chat, Message, Stored
from bot.sandbox.telegram.people import Person
from bot.sandbox.telegram.telegram import Telegram
from bot.sandbox.telegram.topics import Topic, as_replied


class CannotDo(Exception):
    """The person can't do that; `choices` are the labels of what there is instead."""

    def __init__(self, reason: str, choices: list[str] | None = None) -> None:
        super().__init__(reason)
        self.choices = choices


@dataclass(frozen=True)
class Side:
    """A person, a bot, and the chat they share: private, or a group, there perhaps a topic.

    `reply_to` is the message that what is sent next replies to.
    """

    telegram: Telegram
    clock: SandboxClock
    bot: Account
    person: Person
    chat: Chat
    topic: Topic | None = None
    reply_to: int | None = None

    def send(self, content: dict[str, Any]) -> Stored:
        """Put the person's message into the chat and tell the bot.

        Raises CannotDo while the bot is blocked, and for a reply to what is not there.
        """
        if self.chat.is_private and self.chat.is_blocked:
            raise CannotDo("the bot is blocked: unblock it first")
        within = self.chat.within(self.topic) if self.topic is not None else {}
        fields = within | self._reply() | content
        self.chat.is_open = True
        stored = self.telegram.post(self.bot, self.chat, self.person.as_user(), fields)
        self.show_bot("message", stored.message)
        return stored

    def _reply(self) -> Message:
        if self.reply_to is None:
            return {}
        if self.reply_to not in self.chat.messages:
            raise CannotDo(f"no message {self.reply_to} to reply to")
        return {"reply_to_message": as_replied(self.chat.messages[self.reply_to].message)}

    def show_bot(self, kind: str, message: Message) -> None:
        """Queue an update about a message, if the bot may read it."""
        if self._is_shown_to_bot(message):
            self.tell_bot(kind, message)

    def tell_bot(self, kind: str, content: dict[str, Any]) -> None:
        """Queue an update."""
        self.telegram.deliver(self.bot, kind, content)

    def _is_shown_to_bot(self, message: Message) -> bool:
        """In groups a bot reads commands and what mentions it, as administrator everything."""
        if not self.chat.is_private and self.chat.is_blocked:
            return False
        if self.chat.is_private or self.chat.rights is not None:
            return True
        is_command = any(e["type"] == "bot_command" for e in message.get("entities", []))
        return is_command or f"@{self.bot.username}" in message.get("text", "")
