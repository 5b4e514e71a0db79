"""The door of the bot: who comes in, and that nobody leaves unanswered.

every update ─▶ meet ─▶ (one dialogue) ─▶ let go: the callback query is answered, once
"""

from __future__ import annotations

from typing import Protocol, cast

from telegram import Chat, Update
from telegram.ext import ApplicationHandlerStop

from bot.domain.subscriber import Subscriber
from bot.services.know_subscriber import KnowSubscriber
from bot.services.ports import Clock
from bot.services.unit import Unit
from handlers.context import EventContext
from handlers.texts import spoken


class Deciding(Protocol):
    """The runtime's application, which knows the unit of the event under decision."""

    @property
    def unit(self) -> Unit: ...


class Door:
    def __init__(self, clock: Clock, know: KnowSubscriber) -> None:
        self._clock = clock
        self._know = know

    async def meet(self, update: Update, context: EventContext) -> None:
        await self.open(update, context, cast(Deciding, context.application).unit)

    async def open(self, update: Update, context: EventContext, unit: Unit) -> None:
        """Knows the person in a private chat; of anybody elsewhere, only the language. What comes
        from nobody, such as a channel, goes no further."""
        person = update.effective_user
        if person is None:
            raise ApplicationHandlerStop
        language = spoken(person.language_code)
        if is_private(update) and not await self._only_leaves(update, unit):
            known = await self._know.meet(unit, person.id, person.full_name, language)
        else:
            known = Subscriber(person.id, person.full_name, language, language_chosen=False)
        context.begin(update, unit, known, self._clock.now())

    async def _only_leaves(self, update: Update, unit: Unit) -> bool:
        """Somebody of whom nothing is kept blocks the bot, or comes back: no reason to begin."""
        chat = update.effective_chat
        if update.my_chat_member is None or chat is None:
            return False
        return await unit.subscribers.find(chat.id) is None

    async def let_go(self, context: EventContext) -> None:
        """Answers the press that no dialogue has answered with words of its own."""
        context.answer()

    async def membership(self, context: EventContext) -> None:
        """Somebody blocked the bot, or came back."""
        changed = context.event.my_chat_member
        if changed is None or changed.chat.type != Chat.PRIVATE:
            return
        if changed.new_chat_member.status in {"kicked", "left"}:
            self._know.mark_blocked(context.unit, changed.chat.id)


def is_private(update: Update) -> bool:
    """A pre-checkout query has no chat; it is always between the payer and the bot."""
    chat = update.effective_chat
    return chat is None or chat.type == Chat.PRIVATE
