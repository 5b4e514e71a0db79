"""A bot's chats and the messages that stand in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.invoices import Invoice

Message = dict[str, Any]  # the Bot API's Message, ready to be sent as JSON


@dataclass
class Stored:
    """A message as it stands; nested values are replaced by edits, never changed in place."""

    message: Message
    edits: int = 0
    is_fixed: bool = False  # sent with a reply keyboard: Telegram lets nobody edit it
    invoice: Invoice | None = None

    @property
    def id(self) -> int:
        """The message's id."""
        message_id: int = self.message["message_id"]
        return message_id

    def seen(self) -> Message:
        """The message as a person sees it, with the count of its edits."""
        return {**self.message, "edits": self.edits}


@dataclass
class Chat:
    """One chat of one bot: a private one with a person, or a group."""

    value: dict[str, Any]  # the Bot API's Chat
    members: list[int]
    is_open: bool = False  # the person has written first, or the bot is in the group
    is_blocked: bool = False
    keyboard: dict[str, Any] | None = None
    topics: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Stored] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The chat's id."""
        chat_id: int = self.value["id"]
        return chat_id

    @property
    def is_private(self) -> bool:
        """Whether it is a private chat."""
        return bool(self.value["type"] == "private")

    def newest_first(self) -> list[Stored]:
        """All messages, the newest first."""
        return list(reversed(self.messages.values()))

    def snapshot(self) -> dict[str, Any]:
        """The chat as JSON."""
        return {
            "value": self.value,
            "members": self.members,
            "is_open": self.is_open,
            "is_blocked": self.is_blocked,
            "keyboard": self.keyboard,
            "topics": [[thread_id, name] for thread_id, name in self.topics.items()],
            "messages": [
                {
                    "message": stored.message,
                    "edits": stored.edits,
                    "is_fixed": stored.is_fixed,
                    "invoice": stored.invoice and stored.invoice.as_dict(),
                }
                for stored in self.messages.values()
            ],
        }

    @classmethod
    def restored(cls, saved: dict[str, Any]) -> Chat:
        """A chat from its snapshot."""
        chat = cls(**saved | {"topics": dict(saved["topics"]), "messages": {}})
        for kept in saved["messages"]:
            invoice = Invoice(**kept["invoice"]) if kept["invoice"] else None
            stored = Stored(**kept | {"invoice": invoice})
            chat.messages[stored.id] = stored
        return chat
