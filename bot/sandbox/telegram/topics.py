"""The topics of a forum: a thread of a group with a name, opened by the message of its id.

What happens to a topic is told by service messages. A bot gets those of its own making as well,
unlike everything else it sends (telegram-bot-api `Client.cpp`, `need_skip_update_message`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.telegram.errors import bad_request

if TYPE_CHECKING:
    from bot.sandbox.telegram.account import Account
    from bot.sandbox.telegram.chats import Chat, Message
    from bot.sandbox.telegram.telegram import Telegram

COLOURS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
"""Of icons: Bot API, `createForumTopic`."""


@dataclass
class Topic:
    """A topic as it stands; its id is the `message_thread_id` of all that is written in it."""

    id: int
    name: str
    icon_color: int
    creator_id: int
    icon_custom_emoji_id: str = ""
    is_closed: bool = False

    def as_field(self) -> dict[str, Any]:
        """The Bot API's `ForumTopicCreated`."""
        field: dict[str, Any] = {"name": self.name, "icon_color": self.icon_color}
        if self.icon_custom_emoji_id:
            field["icon_custom_emoji_id"] = self.icon_custom_emoji_id
        return field

    def as_forum_topic(self) -> dict[str, Any]:
        """The Bot API's `ForumTopic`."""
        return {"message_thread_id": self.id, **self.as_field()}

    def as_dict(self) -> dict[str, Any]:
        """Every field, for the control API and the state file."""
        return asdict(self)


def as_replied(message: Message) -> Message:
    """A message as `reply_to_message` shows it: without what it replied to itself."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


@dataclass(frozen=True)
class Forum:
    """A group with topics, and who does something to them: a bot's or a person's `User`.

    Who may do it is for the caller to say.
    """

    telegram: Telegram
    bot: Account
    chat: Chat
    actor: dict[str, Any]

    def open_topic(self, name: str, icon_color: int = COLOURS[0], emoji_id: str = "") -> Topic:
        """A new topic."""
        thread_id = self.bot.next_message_id(self.chat)
        topic = Topic(thread_id, name, icon_color, self.actor["id"], emoji_id)
        self.chat.topics[topic.id] = topic
        self._tell(topic, {"forum_topic_created": topic.as_field()})
        return topic

    def rename(self, topic: Topic, name: str | None, emoji_id: str | None = None) -> None:
        """Another name or icon; None keeps what stands. Raises ApiError 400 for no change."""
        edited: dict[str, Any] = {}
        if name and name != topic.name:
            topic.name = edited["name"] = name
        if emoji_id is not None and emoji_id != topic.icon_custom_emoji_id:
            topic.icon_custom_emoji_id = edited["icon_custom_emoji_id"] = emoji_id
        if not edited:
            raise bad_request("TOPIC_NOT_MODIFIED")
        self._tell(topic, {"forum_topic_edited": edited})

    def close(self, topic: Topic, *, closed: bool = True) -> None:
        """Close or reopen. Raises ApiError 400 for a topic that stands so already."""
        if topic.is_closed == closed:
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.is_closed = closed
        self._tell(topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})

    def delete(self, topic: Topic) -> None:
        """Gone, with all that was written in it. No update tells of it."""
        del self.chat.topics[topic.id]
        within = [
            stored.id
            for stored in self.chat.messages.values()
            if stored.message.get("message_thread_id") == topic.id
        ]
        for message_id in within:
            del self.chat.messages[message_id]
            where = {"chat_id": self.chat.id, "message_id": message_id}
            self.telegram.publish("deleted", where)
        self.telegram.publish("group", {"chat_id": self.chat.id})

    def _tell(self, topic: Topic, content: dict[str, Any]) -> None:
        self.telegram.publish("group", {"chat_id": self.chat.id})
        fields = self.chat.within(topic) | content
        stored = self.telegram.post(self.bot, self.chat, self.actor, fields)
        if not self.chat.is_blocked:
            self.telegram.deliver(self.bot, "message", stored.message)
