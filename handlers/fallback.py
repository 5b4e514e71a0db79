"""Whatever no dialogue waits for still gets an answer.

a group ─▶ one line with a link to the private chat     an edit ─▶ it changes nothing
an old or unknown button ─▶ expired, and a fresh home
anything else ─▶ the support case that is open, or what I understand
"""

from __future__ import annotations

from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler, filters

from handlers import sending
from handlers.context import EventContext
from handlers.door import is_private
from handlers.home import Home
from handlers.routing import Handler, handled, on_message
from handlers.screens import refusals
from handlers.screens import support as support_screens
from handlers.support import SupportDialogue


class _OutsidePrivateChats(BaseHandler[Update, EventContext, Any]):
    """Everything from groups and channels, so that no dialogue ever sees it."""

    def check_update(self, update: object) -> bool:
        if not isinstance(update, Update) or update.effective_user is None:
            return False
        return not is_private(update)


class Fallback:
    def __init__(self, home: Home, support: SupportDialogue) -> None:
        self._home = home
        self._support = support

    async def elsewhere(self, context: EventContext) -> None:
        """One line, and only when the bot is spoken to; account data never."""
        message = context.event.message
        if message is None or not _speaks_to_bot(message, context):
            return
        text = refusals.private_only(context.t, context.bot.link)
        sending.say(context.unit, message.chat_id, text)

    async def edited(self, context: EventContext) -> None:
        message = context.event.edited_message
        text = refusals.edits_change_nothing(context.t)
        if message is not None and await self._support.has_taken(context, message.message_id):
            text = support_screens.edits_change_nothing(context.t)
        sending.say(context.unit, context.subscriber.id, text)

    async def expired_button(self, context: EventContext) -> None:
        context.answer(refusals.expired_button(context.t))
        await self._home.show(context)

    async def more(self, context: EventContext) -> None:
        """Sent where nothing is waited for: to the case that is open, if there is one."""
        if not await self._support.takes_more(context):
            await self.not_understood(context)

    async def not_understood(self, context: EventContext) -> None:
        context.show(refusals.not_understood(context.t))

    def before_conversation(self) -> list[Handler]:
        return [
            _OutsidePrivateChats(handled(self.elsewhere)),
            MessageHandler(filters.UpdateType.EDITED_MESSAGE, handled(self.edited)),
        ]

    def after_conversation(self) -> list[Handler]:
        return [
            CallbackQueryHandler(handled(self.expired_button)),
            on_message(~filters.COMMAND, self.more),
            on_message(filters.ALL, self.not_understood),
        ]


def _speaks_to_bot(message: Message, context: EventContext) -> bool:
    """A command, a mention, or a reply: the rest of a group's talk is not ours."""
    replied = message.reply_to_message
    is_reply = replied is not None and replied.forum_topic_created is None  # else: is in a topic
    if is_reply and replied is not None and replied.from_user is not None:
        return replied.from_user.id == context.bot.id
    text = message.text or ""
    return text.startswith("/") or f"@{context.bot.username}" in text
