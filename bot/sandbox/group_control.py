"""The part of the control API for groups, their topics and the bot's place: `/sandbox/groups/…`.

What a person writes there goes by `/sandbox/users/…` with `chat_id` and `thread_id`.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from bot.sandbox import control_input
from bot.sandbox.control_input import BadInput, Body, as_json, body_of
from bot.sandbox.people_control import bot_named, known_person
from bot.sandbox.telegram.account import Account
from bot.sandbox.telegram.chats import Chat, Message
from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.membership import RIGHTS, STANDINGS
from bot.sandbox.telegram.people import Person
from bot.sandbox.telegram.topics import Forum, Topic
from bot.sandbox.world import World


class GroupControl:
    """Routes for groups.

    Who does something is `by`, the group's first member unless named; every call means the
    sandbox's own bot, unless `bot` names the username of an added one.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[BaseRoute]:
        """To be mounted under /sandbox."""
        return [
            Route("/groups", as_json(self._list), methods=["GET"]),
            Route("/groups", as_json(self._add), methods=["POST"]),
            Route("/groups/{id}/bot", as_json(self._place_bot), methods=["POST"]),
            Route("/groups/{id}/topics", as_json(self._open_topic), methods=["POST"]),
            Route("/groups/{id}/topics/{topic:int}", as_json(self._change), methods=["POST"]),
            Route("/groups/{id}/topics/{topic:int}", as_json(self._delete), methods=["DELETE"]),
        ]

    async def _list(self, request: Request) -> Any:
        """All groups, or those of one `member`, with their topics and what was said last."""
        query: Body = dict(request.query_params)
        member = control_input.optional_integer(query, "member")
        bot = self._bot(query)
        groups = (chat for chat in bot.chats.values() if not chat.is_private)
        shown = [chat for chat in groups if member is None or member in chat.members]
        return {"groups": [self._seen(bot, chat) for chat in shown]}

    async def _add(self, request: Request) -> Any:
        """A supergroup with the bot in it: `{id < 0, title, members, username?, is_forum?,
        rights?}`; with rights the bot is an administrator."""
        body = await body_of(request)
        group_id = control_input.integer(body, "id")
        members = [known_person(self._world, member).id for member in body.get("members") or []]
        if group_id >= 0 or not members:
            raise BadInput("a group has a negative id and at least one member")
        value: Body = {
            "id": group_id,
            "type": "supergroup",
            "title": control_input.text(body, "title"),
        }
        if username := control_input.optional_text(body, "username"):
            value["username"] = username
        if body.get("is_forum"):
            value["is_forum"] = True
        chat = Chat(value, members, rights=_rights(body))
        adder = known_person(self._world, members[0])
        self._world.telegram.add_group(self._bot(body), chat, adder)
        return value

    async def _place_bot(self, request: Request) -> Any:
        """`{standing: administrator | member | kicked, rights?}`; all rights unless named."""
        body = await body_of(request)
        standing = control_input.text(body, "standing")
        if standing not in STANDINGS:
            raise BadInput(f"standing is one of {', '.join(STANDINGS)}")
        rights = _rights({"rights": RIGHTS} | body) if standing == "administrator" else None
        bot, chat = self._group(request, body)
        by = self._actor(chat, body)
        is_kicked = standing == "kicked"
        self._world.telegram.change_standing(bot, chat, by, kicked=is_kicked, rights=rights)
        return self._seen(bot, chat)

    async def _open_topic(self, request: Request) -> Any:
        """`{name}`"""
        body = await body_of(request)
        forum = self._forum(request, body)
        return forum.open_topic(control_input.text(body, "name")).as_dict()

    async def _change(self, request: Request) -> Any:
        """`{name?, closed?}`"""
        body = await body_of(request)
        forum = self._forum(request, body)
        topic = _topic(request, forum.chat)
        try:
            if name := control_input.optional_text(body, "name"):
                forum.rename(topic, name)
            if "closed" in body:
                forum.close(topic, closed=bool(body["closed"]))
        except ApiError as refused:
            raise BadInput(refused.description) from None
        return topic.as_dict()

    async def _delete(self, request: Request) -> Any:
        forum = self._forum(request, await body_of(request))
        topic = _topic(request, forum.chat)
        forum.delete(topic)
        return topic.as_dict()

    def _seen(self, bot: Account, chat: Chat) -> Body:
        topics = [
            topic.as_dict() | {"last": _last(chat, topic.id)} for topic in chat.topics.values()
        ]
        return {
            **chat.value,
            "members": chat.members,
            "bot": self._world.telegram.standing(bot, chat),
            "topics": topics,
            "last": _last(chat, None),
        }

    def _forum(self, request: Request, body: Body) -> Forum:
        bot, chat = self._group(request, body)
        if not chat.value.get("is_forum"):
            raise BadInput("the group has no topics")
        return Forum(self._world.telegram, bot, chat, self._actor(chat, body).as_user())

    def _group(self, request: Request, body: Body) -> tuple[Account, Chat]:
        bot = self._bot(body)
        group_id = control_input.integer(dict(request.path_params), "id")
        chat = bot.chats.get(group_id)
        if chat is None or chat.is_private:
            raise BadInput(f"no group {group_id}", 404)
        return bot, chat

    def _actor(self, chat: Chat, body: Body) -> Person:
        by = control_input.optional_integer(body, "by")
        if by is not None and by not in chat.members:
            raise BadInput(f"{by} is not in the group", 404)
        return known_person(self._world, chat.members[0] if by is None else by)

    def _bot(self, named: Body) -> Account:
        return bot_named(self._world, control_input.optional_text(named, "bot"))


def _rights(body: Body) -> list[str] | None:
    rights = body.get("rights")
    if rights is None:
        return None
    if not isinstance(rights, list | tuple) or not set(rights) <= set(RIGHTS):
        raise BadInput(f"rights are of {', '.join(RIGHTS)}")
    return list(rights)


def _topic(request: Request, chat: Chat) -> Topic:
    thread_id = request.path_params["topic"]
    if thread_id not in chat.topics:
        raise BadInput(f"no topic {thread_id}", 404)
    return chat.topics[thread_id]


def _last(chat: Chat, thread_id: int | None) -> Message | None:
    """What was said last in a topic, or outside of all."""
    within = (
        stored.seen()
        for stored in chat.newest_first()
        if stored.message.get("message_thread_id") == thread_id
    )
    return next(within, None)
