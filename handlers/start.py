"""The way in and the way home.

/start, /cancel, [Home], [Back] ─▶ home, or how to link a line
/start with a target ─▶ where that deep link leads
"""

from __future__ import annotations

from bot.services.authority import Authority
from handlers.buttons import Action
from handlers.commands import has_own_menu, put_menu
from handlers.context import EventContext
from handlers.deep_links import DeepLinks
from handlers.home import Home
from handlers.routing import NextStep, Part, on_command, on_press


class StartDialogue:
    def __init__(self, home: Home, links: DeepLinks, authority: Authority) -> None:
        self._home = home
        self._links = links
        self._authority = authority

    async def start(self, context: EventContext) -> NextStep:
        """A menu of their own is put in place here: who was appointed before they ever wrote could
        not have it then."""
        operator = await self._authority.of(context.unit, context.subscriber.id)
        if operator is not None or has_own_menu(context.subscriber):
            role = operator.role if operator is not None else None
            put_menu(context.unit, context.subscriber, role)
        if context.args:
            return await self._links.follow(context, context.args[0])
        return await self.home(context)

    async def home(self, context: EventContext) -> NextStep:
        return await self._home.show(context)

    async def cancel(self, context: EventContext) -> NextStep:
        note = context.t("Left as it was. Nothing was changed.")
        return await self._home.show(context, note)

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("start", self.start),
                on_command("cancel", self.cancel),
                on_press(Action.HOME, self.home),
            ]
        )
