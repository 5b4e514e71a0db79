"""/privacy, /terms and /paysupport, which Telegram asks of every bot that takes payments."""

from __future__ import annotations

from handlers.branding import Branding
from handlers.context import EventContext
from handlers.routing import DONE, NextStep, Part, on_command
from handlers.screens import legal as screens


class LegalDialogue:
    def __init__(self, branding: Branding) -> None:
        self._branding = branding

    async def privacy(self, context: EventContext) -> NextStep:
        context.show(screens.privacy(context.t, self._branding))
        return DONE

    async def terms(self, context: EventContext) -> NextStep:
        context.show(screens.terms(context.t, self._branding))
        return DONE

    async def payment_help(self, context: EventContext) -> NextStep:
        context.show(screens.payment_help(context.t, self._branding))
        return DONE

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("privacy", self.privacy),
                on_command("terms", self.terms),
                on_command("paysupport", self.payment_help),
            ]
        )
