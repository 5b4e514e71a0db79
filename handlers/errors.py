"""What is said when a dialogue refused or broke, after all that it wrote was rolled back."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import Application

from bot.domain.errors import NoLine, NotAllowed, Refusal
from bot.services.unit import Lane, Unit
from handlers.branding import Branding
from handlers.buttons import parse
from handlers.context import EventContext
from handlers.door import Door, is_private
from handlers.home import Home
from handlers.screens import refusals


class Errors:
    """Called by the runtime, in a fresh unit of the same event."""

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], door: Door, home: Home,
        branding: Branding,
    ) -> None:  # fmt: skip
        self._application = application
        self._door = door
        self._home = home
        self._branding = branding

    async def tell(self, update: Update, error: Exception, unit: Unit, reference: str) -> None:
        """A refusal gets its screen, and the dialogue stays where it is; anything else gets an
        apology with the reference under which the event was put aside."""
        if update.effective_user is None or not is_private(update):
            return
        context = EventContext.from_update(update, self._application)
        await self._door.open(update, context, unit)
        if update.callback_query is not None:
            context.press = parse(update.callback_query.data or "")
        if update.pre_checkout_query is not None:
            self._decline(context, update.pre_checkout_query.id)
        elif isinstance(error, NoLine):
            await self._home.show(context)
        elif isinstance(error, NotAllowed) and error.role is None:
            await self._deny_existence(context)
        elif isinstance(error, Refusal):
            context.show(refusals.refused(context.t, error))
        else:
            context.tell(refusals.broken(context.t, reference, self._branding))
        context.answer()

    async def _deny_existence(self, context: EventContext) -> None:
        """To those who are no operators the desk is what any unknown command or button is."""
        if context.event.callback_query is not None:
            context.answer(refusals.expired_button(context.t))
            await self._home.show(context)
        else:
            context.show(refusals.not_understood(context.t))

    def _decline(self, context: EventContext, query_id: str) -> None:
        """No money moves on a payment that we could not check."""
        parameters = {
            "pre_checkout_query_id": query_id,
            "ok": False,
            "error_message": context.t.plain("Something went wrong on our side. "
                                             "You were not charged; please try again."),
        }  # fmt: skip
        context.unit.outbox.telegram(
            "answerPreCheckoutQuery", parameters, chat_id=None, lane=Lane.ANSWER
        )
