"""The operators' group: what is written in a subscriber's topic goes to that subscriber.

a message of any kind ─▶ the subscriber, as a new message of the bot (👀 once they have it)
/close, [Close case], the topic closed by hand ─▶ the case is closed
/reopen, [Reopen], the topic opened by hand, a message ─▶ it is open again
[Person] ─▶ the person as the desk shows them, in the presser's private chat, if they may look up

Whoever is in the group may answer: its members are its owner's to choose (docs/decisions/0028).
Only the configured group counts, and in it only topics that the bot has opened for somebody; the
rest of the group's talk stays there, as does what bots and channels write.
"""

from __future__ import annotations

from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, filters

from bot.domain.operator import Deed
from bot.services.authority import Authority
from bot.services.close_case import CloseCase
from bot.services.open_case import OpenCase
from bot.services.read_desk import ReadDesk
from bot.services.relay_support import RelaySupport
from handlers import sending
from handlers.buttons import Action, parse
from handlers.context import EventContext
from handlers.desk.group_words import words_of_group
from handlers.html import escape
from handlers.routing import Handler, handled
from handlers.screens.desk import lookup as desk_screens
from handlers.screens.desk import topic as screens
from handlers.texts import texts
from handlers.topic_notices import say_in_topic


class _InTopics(BaseHandler[Update, EventContext, Any]):
    """What is written in a topic of that group, and presses of keys that stand in the group."""

    def __init__(self, group: int, callback: Any) -> None:
        super().__init__(handled(callback))
        self._group = group

    def check_update(self, update: object) -> bool:
        if not isinstance(update, Update) or update.effective_chat is None:
            return False
        if update.effective_chat.id != self._group or update.effective_user is None:
            return False
        message = update.message or update.edited_message
        return update.callback_query is not None or bool(message and message.is_topic_message)


class SupportGroup:
    """``group``: the id of the operators' group with topics, if they have one."""

    def __init__(
        self, group: int | None, relay: RelaySupport, open_case: OpenCase, close_case: CloseCase,
        authority: Authority, desk: ReadDesk,
    ) -> None:  # fmt: skip
        self._group = group
        self._relay = relay
        self._open_case = open_case
        self._close_case = close_case
        self._authority = authority
        self._desk = desk

    def before_conversation(self) -> list[Handler]:
        return [] if self._group is None else [_InTopics(self._group, self.take)]

    async def take(self, context: EventContext) -> None:
        event = context.event
        if event.callback_query is not None:
            await self._take_press(context, event.callback_query.data or "")
            return
        message = event.message or event.edited_message
        if message is None or not _is_an_operators(message) or message.message_thread_id is None:
            return
        group_id, thread_id = message.chat_id, message.message_thread_id
        subscriber_id = await self._relay.subscriber_of(context.unit, group_id, thread_id)
        if subscriber_id is None:
            return
        if event.edited_message is not None:
            said = screens.edits_stay(await words_of_group(context.unit))
            say_in_topic(context.unit, group_id, thread_id, subscriber_id, said)
        elif filters.StatusUpdate.ALL.check_update(event):
            await self._take_note(context, message, subscriber_id)
        elif (message.text or "").startswith("/"):
            await self._take_command(context, message, thread_id, subscriber_id)
        else:
            await self._relay.answer(context.unit, subscriber_id, thread_id, message.message_id)

    async def _take_note(self, context: EventContext, message: Message, subscriber_id: int) -> None:
        """A topic that was closed or opened by hand takes its case along."""
        if message.forum_topic_closed is not None:
            await self._close_case.in_topic(context.unit, subscriber_id, by_hand=True)
        elif message.forum_topic_reopened is not None:
            await self._open_case.reopen_last(context.unit, subscriber_id)

    async def _take_command(
        self, context: EventContext, message: Message, thread_id: int, subscriber_id: int
    ) -> None:
        word, _, bot = (message.text or "").split(maxsplit=1)[0].partition("@")
        if bot and bot.lower() != context.bot.username.lower():
            return
        t, said = await words_of_group(context.unit), None
        match word:
            case "/close":
                if not await self._close_case.in_topic(context.unit, subscriber_id):
                    said = screens.nothing_open(t)
            case "/reopen":
                if not await self._open_case.reopen_last(context.unit, subscriber_id):
                    said = screens.nothing_closed(t)
            case _:
                said = screens.commands(t)
        if said is not None:
            say_in_topic(context.unit, message.chat_id, thread_id, subscriber_id, escape(said))

    async def _take_press(self, context: EventContext, data: str) -> None:
        press, t = parse(data), await words_of_group(context.unit)
        if press is None:
            return
        if press.action is Action.PERSON:
            context.answer(await self._show_person(context, press.number))
            return
        case = await context.unit.cases.get(press.number)
        if case is None or press.action not in {Action.CASE_CLOSE, Action.CASE_REOPEN}:
            return
        if press.action is Action.CASE_CLOSE:
            is_done = await self._close_case.in_topic(context.unit, case.subscriber_id)
            context.answer(screens.done(t) if is_done else screens.nothing_open(t))
        else:
            is_done = await self._open_case.reopen_last(context.unit, case.subscriber_id)
            context.answer(screens.done(t) if is_done else screens.nothing_closed(t))

    async def _show_person(self, context: EventContext, subscriber_id: int) -> str:
        """Account data in private only, to those whose role allows it."""
        presser = await context.unit.subscribers.find(context.subscriber.id)
        operator = await self._authority.of(context.unit, context.subscriber.id)
        if presser is None or operator is None or not operator.role.may(Deed.LOOK_UP):
            return screens.not_in_private(context.t)
        subject = await self._desk.subject(context.unit, subscriber_id)
        shown = desk_screens.person(texts(presser.language), subject, operator.role)
        sending.send(context.unit, presser.id, shown, context.now)
        return screens.in_private(texts(presser.language))


def _is_an_operators(message: Message) -> bool:
    """A member's, or an administrator's who hides behind the group's own name; not a bot's (the
    bot's own notes come back to it), a channel's, or a post that a channel has left here."""
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat_id
    sender = message.from_user
    return sender is not None and not sender.is_bot and not message.is_automatic_forward
