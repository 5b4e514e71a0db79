"""One call of a Bot API method, with what its parameters refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.account import Account
from bot.sandbox.telegram.chats import Chat, Stored
from bot.sandbox.telegram.errors import bad_request, forbidden
from bot.sandbox.telegram.formatting import Formatted, formatted
from bot.sandbox.telegram.parameters import Upload
from bot.sandbox.telegram.telegram import Telegram
from bot.sandbox.telegram.topics import Topic

_ATTACHED = "attach://"


@dataclass(frozen=True)
class Call:
    """A checked request of a bot: `values` have the types of the specification."""

    telegram: Telegram
    bot: Account
    method: str
    values: Mapping[str, Any]
    uploads: Mapping[str, Upload]

    def chat(self, parameter: str = "chat_id") -> Chat:
        """The chat that the bot may write to.

        Raises ApiError: 400 for no chat, 403 for a person who never wrote or who blocked the bot,
        and for a group that threw it out.
        """
        chat_id = self.values.get(parameter)
        if chat_id is None or chat_id == "":
            raise bad_request(f"{parameter} is empty")
        chat = self.bot.chats.get(chat_id) if isinstance(chat_id, int) else self._named(chat_id)
        if chat is None and chat_id not in self.telegram.people:
            raise bad_request("chat not found")
        if chat is None or not chat.is_open:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.is_blocked and not chat.is_private:
            raise forbidden("bot was kicked from the supergroup chat")
        if chat.is_blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def _named(self, name: str) -> Chat | None:
        wanted = name.removeprefix("@").lower()
        groups = (chat for chat in self.bot.chats.values() if not chat.is_private)
        return next((c for c in groups if c.value.get("username", "").lower() == wanted), None)

    def topic(self, chat: Chat) -> Topic | None:
        """The topic to write in, if one is named. Raises ApiError 400 for one that is not there,
        or that is closed to a bot that does not manage topics."""
        thread_id = self.values.get("message_thread_id")
        if thread_id is None:
            return None
        if thread_id not in chat.topics:
            raise bad_request("message thread not found")
        if chat.topics[thread_id].is_closed and not chat.grants("can_manage_topics"):
            raise bad_request("TOPIC_CLOSED")
        return chat.topics[thread_id]

    def message(self, chat: Chat, purpose: str) -> Stored:
        """The message that is meant. Raises ApiError 400 `message to <purpose> not found`."""
        stored = chat.messages.get(self.values.get("message_id", 0))
        if stored is None:
            raise bad_request(f"message to {purpose} not found")
        return stored

    def file(self, parameter: str) -> str | Upload:
        """An upload, or the file id or address that was given instead."""
        if parameter in self.uploads:
            return self.uploads[parameter]
        return self.attached(self.values[parameter])

    def attached(self, reference: str) -> str | Upload:
        """What `attach://part` names; anything else as it is. Raises ApiError 400."""
        if not reference.startswith(_ATTACHED):
            return reference
        part = reference.removeprefix(_ATTACHED)
        if part not in self.uploads:
            raise bad_request("can't find file in request by its attach name")
        return self.uploads[part]

    def text(self) -> Formatted:
        """The words of a message. Raises ApiError 400 when there are none or too many."""
        words = formatted(
            self.values.get("text", ""),
            self.values.get("parse_mode"),
            self.values.get("entities"),
        )
        if not words.text:
            raise bad_request("message text is empty")
        if len(words.text) > facts.limits("sendMessage", "text")[1]:
            raise bad_request("message is too long")
        return words

    def caption(self, source: Mapping[str, Any] | None = None) -> Formatted:
        """The words under a picture or file. Raises ApiError 400 when there are too many."""
        given = self.values if source is None else source
        words = formatted(
            given.get("caption", ""), given.get("parse_mode"), given.get("caption_entities")
        )
        if len(words.text) > facts.limits("sendPhoto", "caption")[1]:
            raise bad_request("message caption is too long")
        return words
