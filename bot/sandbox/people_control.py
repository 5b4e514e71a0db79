"""The part of the control API that acts and looks as a person: `/sandbox/users/…`."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from bot.sandbox import control_input
from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.control_input import BadInput, Body, as_json, body_of
from bot.sandbox.telegram import person
from bot.sandbox.telegram.account import Account
from bot.sandbox.telegram.chats import Stored
from bot.sandbox.telegram.people import Person
from bot.sandbox.telegram.topics import Topic
from bot.sandbox.world import World

_ANSWER_WITHIN_S = 10.0


class PeopleControl:
    """Routes for people.

    Every call means the sandbox's own bot, unless `bot` names the username of an added one, and
    the private chat, unless `chat_id` names a group; there `thread_id` names a topic. What is sent
    may reply: `reply_to` names the message.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[BaseRoute]:
        """To be mounted under /sandbox."""
        post = {
            "send": self._send,
            "press": self._press,
            "share-contact": self._share_contact,
            "pay": self._pay,
            "block": self._block,
            "unblock": self._unblock,
        }
        return [
            Route("/users", as_json(self._list), methods=["GET"]),
            Route("/users", as_json(self._add), methods=["POST"]),
            Route("/users/{id:int}/messages", as_json(self._messages), methods=["GET"]),
            *(
                Route(f"/users/{{id:int}}/{action}", as_json(endpoint), methods=["POST"])
                for action, endpoint in post.items()
            ),
        ]

    async def _list(self, _request: Request) -> Any:
        return {"users": [person.as_dict() for person in self._world.telegram.people.values()]}

    async def _add(self, request: Request) -> Any:
        body = await body_of(request)
        somebody = Person(
            id=control_input.integer(body, "id"),
            first_name=control_input.text(body, "first_name"),
            last_name=control_input.optional_text(body, "last_name"),
            username=control_input.optional_text(body, "username"),
            language_code=control_input.optional_text(body, "language_code"),
            phone=control_input.optional_text(body, "phone"),
        )
        self._world.telegram.add_person(somebody)
        return somebody.as_dict()

    async def _send(self, request: Request) -> Any:
        body = await body_of(request)
        return {"message": self._sent(self._side(request, body), body).seen()}

    def _sent(self, side: person.Side, body: Body) -> Stored:
        markup = control_input.optional_text(body, "parse_mode")
        for kind in person.KINDS:
            if body.get(kind):
                caption = control_input.optional_text(body, "caption") or ""
                album = control_input.optional_text(body, "album")
                return person.attach(side, kind, caption, markup, album)
        if "forward_contact" in body:
            contact = body["forward_contact"]
            if not isinstance(contact, dict):
                raise BadInput("forward_contact is not an object")
            phone = control_input.text(contact, "phone")
            return person.forward_contact(
                side, phone, control_input.optional_integer(contact, "user_id")
            )
        words = control_input.text(body, "text")
        if "edit" in body:
            return person.edit(side, control_input.integer(body, "edit"), words)
        return person.write(side, words, markup)

    async def _press(self, request: Request) -> Any:
        body = await body_of(request)
        wait_s = control_input.optional_number(body, "wait_s")
        if body.get("wait") is False:
            wait_s = 0.0
        return await person.press(
            self._side(request, body),
            control_input.text(body, "button"),
            control_input.optional_integer(body, "message_id"),
            _ANSWER_WITHIN_S if wait_s is None else wait_s,
        )

    async def _share_contact(self, request: Request) -> Any:
        body = await body_of(request)
        return {"message": person.share_contact(self._side(request, body)).seen()}

    async def _pay(self, request: Request) -> Any:
        body = await body_of(request)
        outcome = control_input.optional_text(body, "outcome") or "paid"
        if outcome not in person.OUTCOMES:
            raise BadInput(f"outcome is one of {', '.join(person.OUTCOMES)}")
        return await person.pay(
            self._side(request, body),
            control_input.optional_integer(body, "message_id"),
            outcome,
            control_input.optional_text(body, "link"),
        )

    async def _block(self, request: Request) -> Any:
        person.block(self._side(request, await body_of(request)), blocked=True)
        return {"blocked": True}

    async def _unblock(self, request: Request) -> Any:
        person.block(self._side(request, await body_of(request)), blocked=False)
        return {"blocked": False}

    async def _messages(self, request: Request) -> Any:
        """The chat, or a topic of it, as the person sees it, with the keyboard under it."""
        query: Body = dict(request.query_params)
        side = self._side(request, query)
        after = control_input.optional_integer(query, "after") or 0
        seen = [
            stored.seen()
            for stored in side.chat.messages.values()
            if stored.id > after and _is_within(stored, side.topic)
        ]
        language = side.person.language_code or ""
        return {
            "bot": side.bot.as_user(),
            "messages": seen,
            "keyboard": side.chat.keyboard,
            "blocked": side.chat.is_blocked,
            "commands": side.bot.commands.seen_by(side.person.id, language),
        }

    def _side(self, request: Request, named: Body) -> person.Side:
        telegram = self._world.telegram
        somebody = self._known(request.path_params["id"])
        bot = self._bot(named)
        chat_id = control_input.optional_integer(named, "chat_id")
        if chat_id in (None, somebody.id):
            chat = telegram.chat_with(bot, somebody)
        elif chat_id in bot.chats and somebody.id in bot.chats[chat_id].members:
            chat = bot.chats[chat_id]
        else:
            raise BadInput(f"{somebody.first_name} is not in a chat {chat_id}", 404)
        thread_id = control_input.optional_integer(named, "thread_id")
        if thread_id is not None and thread_id not in chat.topics:
            raise BadInput(f"no topic {thread_id}", 404)
        return person.Side(
            telegram,
            self._world.clock,
            bot,
            somebody,
            chat,
            chat.topics[thread_id] if thread_id is not None else None,
            control_input.optional_integer(named, "reply_to"),
        )

    def _bot(self, named: Body) -> Account:
        return bot_named(self._world, control_input.optional_text(named, "bot"))

    def _known(self, person_id: Any) -> Person:
        return known_person(self._world, person_id)


def bot_named(world: World, username: str | None) -> Account:
    """The bot with that username; the sandbox's own without one. Raises BadInput."""
    if username is None:
        return world.telegram.bots[BOT_TOKEN]
    for bot in world.telegram.bots.values():
        if bot.username == username:
            return bot
    raise BadInput(f"no bot {username}", 404)


def known_person(world: World, person_id: Any) -> Person:
    """The person with that id. Raises BadInput."""
    if person_id not in world.telegram.people:
        raise BadInput(f"no person {person_id}", 404)
    return world.telegram.people[person_id]


def _is_within(stored: Stored, topic: Topic | None) -> bool:
    return topic is None or stored.message.get("message_thread_id") == topic.id
