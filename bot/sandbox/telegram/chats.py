"""A bot's chats and the messages that stand in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.invoices import Invoice
from bot.sandbox.telegram.topics import Topic, as_replied

Message = dict[str, Any]  # the Bot API's Message, ready to be sent as JSON


CAPTIONED = ("photo", "document", "video", "voice")
CONTENT = ("text", "entities", "link_preview_options", *CAPTIONED, "sticker", "contact")
"""What people and bots say; any other message tells of something that happened."""


def is_service(message: Message) -> bool:
    """Whether it tells of something that happened: nobody wrote it."""
    return "invoice" not in message and not any(name in message for name in CONTENT)


@dataclass
class Stored:
    """A message as it stands; nested values are replaced by edits, never changed in place."""

    message: Message
    edits: int = 0
    is_fixed: bool = False  # sent with a reply keyboard: Telegram lets nobody edit it
    invoice: Invoice | None = None
    reaction: str | None = None  # the bot's

    @property
    def id(self) -> int:
        """The message's id."""
        message_id: int = self.message["message_id"]
        return message_id

    def seen(self) -> Message:
        """The message as a person sees it, with the count of its edits and the bot's reaction."""
        seen = {**self.message, "edits": self.edits}
        return seen | {"reaction": self.reaction} if self.reaction else seen


@dataclass
class Chat:
    """One chat of one bot: a private one with a person, or a group.

    The people of a group are its administrators: they write in closed topics, too.
    """

    value: dict[str, Any]  # the Bot API's Chat
    members: list[int]
    is_open: bool = False  # the person has written first, or the bot is in the group
    is_blocked: bool = False  # by the person; or the bot was thrown out of the group
    rights: list[str] | None = None  # the bot's as an administrator; None for a plain member
    last_message_id: int = 0  # a group numbers its messages by itself
    keyboard: dict[str, Any] | None = None
    topics: dict[int, Topic] = field(default_factory=dict)
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

    def grants(self, right: str) -> bool:
        """Whether the bot has the right here."""
        return self.rights is not None and right in self.rights

    def within(self, topic: Topic) -> Message:
        """The fields of a message in a topic. Without a reply of its own it replies to the message
        that opened the topic, as Telegram has it."""
        fields: Message = {"message_thread_id": topic.id, "is_topic_message": True}
        if opening := self.messages.get(topic.id):
            fields["reply_to_message"] = as_replied(opening.message)
        return fields

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
            "rights": self.rights,
            "last_message_id": self.last_message_id,
            "topics": [topic.as_dict() for topic in self.topics.values()],
            "messages": [
                {
                    "message": stored.message,
                    "edits": stored.edits,
                    "is_fixed": stored.is_fixed,
                    "invoice": stored.invoice and stored.invoice.as_dict(),
                    "reaction": stored.reaction,
                }
                for stored in self.messages.values()
            ],
        }

    @classmethod
    def restored(cls, saved: dict[str, Any]) -> Chat:
        """A chat from its snapshot."""
        topics = {kept["id"]: Topic(**kept) for kept in saved["topics"]}
        chat = cls(**saved | {"topics": topics, "messages": {}})
        for kept in saved["messages"]:
            invoice = Invoice(**kept["invoice"]) if kept["invoice"] else None
            stored = Stored(**kept | {"invoice": invoice})
            chat.messages[stored.id] = stored
        return chat
