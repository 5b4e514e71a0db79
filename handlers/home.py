"""Home, wherever a dialogue leads back to it: the line's screen, or how to link one."""

from __future__ import annotations

from bot.domain.errors import NoLine
from bot.services.read_account import ReadAccount
from handlers import sending
from handlers.branding import Branding
from handlers.context import EventContext
from handlers.html import Html
from handlers.routing import DONE, NextStep
from handlers.screens import account as account_screens
from handlers.screens import welcome


class Home:
    def __init__(self, account: ReadAccount, branding: Branding) -> None:
        self._account = account
        self._branding = branding

    async def show(self, context: EventContext, note: Html | None = None) -> NextStep:
        """Shows what is held at once and asks the carrier beside it; ends what was under way.

        A note is to be read: nothing is asked beside it whose answer would draw home without it.
        """
        try:
            account = await self._account.overview(context.unit, context.subscriber)
        except NoLine:
            return self._welcome(context, note)
        if note is None or account.reading is None:
            await self._account.freshen(context.unit, account.line)
        context.show(account_screens.home(context.t, account, self._branding, note))
        return DONE

    def _welcome(self, context: EventContext, note: Html | None) -> NextStep:
        """A keyboard that asks for the contact needs a message of its own, sent only when the
        person wrote: it stays below the chat."""
        written = context.event.callback_query is None
        if written:
            greeting = note or welcome.greeting(context.t, self._branding, context.subscriber.name)
            keyboard = welcome.share_number_keyboard(context.t)
            sending.say(context.unit, context.subscriber.id, greeting, keyboard)
        context.show(welcome.verify_number(context.t, with_keyboard=written))
        return DONE
