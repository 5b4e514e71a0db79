"""One person's side of a chat with a bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import SandboxClock
from bot.sandbox.telegram.account import Account
from bot.sandbox.telegram.chats import Chat, Message, Stored
from bot.sandbox.telegram.people import Person
from bot.sandbox.telegram.telegram import Telegram


class CannotDo(Exception):
    """The person can't do that; `choices` are the labels of what there is instead."""

    def __init__(self, reason: str, choices: list[str] | None = None) -> None:
        super().__init__(reason)
        self.choices = choices


@dataclass(frozen=True)
class Side:
    """A person, a bot, and the chat they share: private, or a group."""

    telegram: Telegram
    clock: SandboxClock
    bot: Account
    person: Person
    chat: Chat

    def send(self, content: dict[str, Any]) -> Stored:
        """Put the person's message into the chat and tell the bot.

        Raises CannotDo while the bot is blocked.
        """
        if self.chat.is_blocked:
            raise CannotDo("the bot is blocked: unblock it first")
        self.chat.is_open = True
        stored = self.telegram.post(self.bot, self.chat, self.person.as_user(), content)
        if self._is_shown_to_bot(stored.message):
            self.tell_bot("message", stored.message)
        return stored

    def tell_bot(self, kind: str, content: dict[str, Any]) -> None:
        """Queue an update."""
        self.telegram.deliver(self.bot, kind, content)

    def _is_shown_to_bot(self, message: Message) -> bool:
        """In groups a bot reads commands and what mentions it, as administrator everything."""
        if self.chat.is_private or self.chat.value.get("is_forum"):
            return True
        is_command = any(e["type"] == "bot_command" for e in message.get("entities", []))
        return is_command or f"@{self.bot.username}" in message.get("text", "")
