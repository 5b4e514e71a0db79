"""Topics of a forum: opened, renamed, closed, opened again, deleted.

Refusals are worded as tdlib's `ForumTopicManager.cpp` and Telegram's servers word them.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram import facts
from bot.sandbox.telegram.call import Call
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.methods.table import Method
from bot.sandbox.telegram.topics import COLOURS, Forum, Topic


async def create_forum_topic(call: Call) -> dict[str, Any]:
    """A topic in a forum."""
    forum = _forum(call)
    if not forum.chat.grants("can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    name = _name(call)
    if not name:
        raise bad_request("title must be non-empty")
    colour = call.values.get("icon_color", COLOURS[0])
    if colour not in COLOURS:
        raise bad_request("invalid icon color specified")
    topic = forum.open_topic(name, colour, call.values.get("icon_custom_emoji_id", ""))
    return topic.as_forum_topic()


async def edit_forum_topic(call: Call) -> bool:
    """Another name or icon; nothing given changes nothing."""
    forum = _forum(call)
    topic = _managed(call, forum, "edit")
    name, emoji_id = _name(call), call.values.get("icon_custom_emoji_id")
    if name or emoji_id is not None:
        forum.rename(_known(topic), name, emoji_id)
    return True


async def close_forum_topic(call: Call) -> bool:
    """Nobody but administrators writes in it any more."""
    forum = _forum(call)
    forum.close(_known(_managed(call, forum, "close or open")))
    return True


async def reopen_forum_topic(call: Call) -> bool:
    """Everybody writes in it again."""
    forum = _forum(call)
    forum.close(_known(_managed(call, forum, "close or open")), closed=False)
    return True


async def delete_forum_topic(call: Call) -> bool:
    """Gone, with all that was written in it."""
    forum = _forum(call)
    if not forum.chat.grants("can_delete_messages"):
        raise bad_request("not enough rights to delete the topic")
    forum.delete(_known(forum.chat.topics.get(call.values["message_thread_id"])))
    return True


def _forum(call: Call) -> Forum:
    chat = call.chat()
    if not chat.value.get("is_forum"):
        raise bad_request("the chat is not a forum")
    return Forum(call.telegram, call.bot, chat, call.bot.as_user())


def _name(call: Call) -> str:
    """tdlib cuts a longer one off at 128; here it is refused, as the Bot API documents it."""
    name = str(call.values.get("name", "")).strip()
    if name and not facts.fits(call.method, "name", name):
        raise bad_request("TOPIC_TITLE_INVALID")
    return name


def _managed(call: Call, forum: Forum, purpose: str) -> Topic | None:
    """The topic that is meant, if it is there. Raises ApiError 400 for a bot that neither manages
    topics nor opened this one."""
    topic = forum.chat.topics.get(call.values["message_thread_id"])
    is_own = topic is None or topic.creator_id == call.bot.id
    if not is_own and not forum.chat.grants("can_manage_topics"):
        raise bad_request(f"not enough rights to {purpose} the topic")
    return topic


def _known(topic: Topic | None) -> Topic:
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


METHODS: dict[str, Method] = {
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
