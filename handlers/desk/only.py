"""Handlers for those whose role allows a deed, and for nobody else: asked before every callback."""

from __future__ import annotations

from bot.domain.operator import Deed
from bot.services.authority import Authority
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.routing import (
    Callback,
    Handler,
    NextStep,
    on_anything_else,
    on_command,
    on_press,
    on_text,
)


class Only:
    """``Only(authority, deed).on_press(…)`` is `handlers.routing.on_press` behind that question.

    Whoever may not is told by `handlers.errors`: an operator, that their role does not allow it;
    anybody else, what is said of any unknown command or button.
    """

    def __init__(self, authority: Authority, deed: Deed) -> None:
        self._authority = authority
        self._deed = deed

    def on_command(self, command: str, callback: Callback) -> Handler:
        return on_command(command, self._asked(callback))

    def on_press(self, action: Action, callback: Callback) -> Handler:
        return on_press(action, self._asked(callback))

    def on_text(self, callback: Callback) -> Handler:
        return on_text(self._asked(callback))

    def on_anything_else(self, callback: Callback) -> Handler:
        return on_anything_else(self._asked(callback))

    def _asked(self, callback: Callback) -> Callback:
        async def ask(context: EventContext) -> NextStep:
            await self._authority.require(context.unit, context.subscriber.id, self._deed)
            return await callback(context)

        return ask
