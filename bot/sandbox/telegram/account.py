"""One bot's account in Telegram: everything that is kept for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.callbacks import Callbacks
from bot.sandbox.telegram.chats import Chat, Message, Stored
from bot.sandbox.telegram.commands import Commands
from bot.sandbox.telegram.files import Files
from bot.sandbox.telegram.flood import FloodControl
from bot.sandbox.telegram.payments import Payments
from bot.sandbox.telegram.updates import UpdateQueue


@dataclass
class Webhook:
    """Where updates are to be posted; nowhere while the URL is empty."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


class Account:
    """A bot. `timestamp` tells the sandbox's Unix time."""

    def __init__(
        self,
        token: str,
        username: str,
        bot_id: int,
        timestamp: Callable[[], float],
        callback_answer_s: float,
    ) -> None:
        self.token = token
        self.username = username
        self.name = username
        self.id = bot_id
        self.timestamp = timestamp
        self.updates = UpdateQueue(timestamp)
        self.flood = FloodControl(timestamp)
        self.callbacks = Callbacks(timestamp, callback_answer_s)
        self.payments = Payments(timestamp)
        self.files = Files()
        self.commands = Commands()
        self.webhook = Webhook()
        self.chats: dict[int, Chat] = {}
        self.about: dict[str, Any] = {}
        self._next_message_id = 1

    def as_user(self) -> dict[str, Any]:
        """The Bot API's `User` of the bot."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.name,
            "username": self.username,
        }

    def as_me(self) -> dict[str, Any]:
        """What getMe tells."""
        return self.as_user() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def next_message_id(self, chat: Chat) -> int:
        """The id of the next message there: private chats share a count, each group has its own, so
        that the same id may stand in both."""
        return self._next_message_id if chat.is_private else chat.last_message_id + 1

    def new_message(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any]) -> Stored:
        """Put a message into a chat."""
        message: Message = {
            "message_id": self.next_message_id(chat),
            "from": sender,
            "chat": chat.value,
            "date": int(self.timestamp()),
            **content,
        }
        if chat.is_private:
            self._next_message_id += 1
        else:
            chat.last_message_id += 1
        stored = Stored(message)
        chat.messages[stored.id] = stored
        return stored

    def snapshot(self) -> dict[str, Any]:
        """The account as JSON."""
        return {
            "token": self.token,
            "username": self.username,
            "name": self.name,
            "id": self.id,
            "next_message_id": self._next_message_id,
            "about": self.about,
            "webhook": vars(self.webhook),
            "updates": self.updates.snapshot(),
            "payments": self.payments.snapshot(),
            "files": self.files.snapshot(),
            "commands": self.commands.snapshot(),
            "chats": [chat.snapshot() for chat in self.chats.values()],
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Take over a saved account."""
        self.name = saved["name"]
        self._next_message_id = saved["next_message_id"]
        self.about = saved["about"]
        self.webhook = Webhook(**saved["webhook"])
        self.updates.restore(saved["updates"])
        self.payments.restore(saved["payments"])
        self.files.restore(saved["files"])
        self.commands.restore(saved["commands"])
        restored = [Chat.restored(kept) for kept in saved["chats"]]
        self.chats = {chat.id: chat for chat in restored}
