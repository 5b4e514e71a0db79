"""/privacy, /terms and /paysupport, which Telegram asks of every bot that takes payments.

Privacy and terms are the operator's own words where there are any (`handlers.own_words`).
"""

from __future__ import annotations

from handlers import sending
from handlers.branding import Branding
from handlers.context import EventContext
from handlers.own_words import OwnWords
from handlers.routing import DONE, NextStep, Part, on_command
from handlers.screens import legal as screens


class LegalDialogue:
    def __init__(self, branding: Branding) -> None:
        self._branding = branding
        self._words = OwnWords(branding.texts_directory)

    async def privacy(self, context: EventContext) -> NextStep:
        if not self._tell_own(context, "privacy"):
            context.show(screens.privacy(context.t, self._branding))
        return DONE

    async def terms(self, context: EventContext) -> NextStep:
        if not self._tell_own(context, "terms"):
            context.show(screens.terms(context.t, self._branding))
        return DONE

    async def payment_help(self, context: EventContext) -> NextStep:
        context.show(screens.payment_help(context.t))
        return DONE

    def _tell_own(self, context: EventContext, name: str) -> bool:
        """Sends the operator's own text, the way home under its end; False where there is none."""
        messages = self._words.of(context.t.language, name)
        for message in messages[:-1]:
            sending.say(context.unit, context.subscriber.id, message)
        if messages:
            context.show(screens.own_words(context.t, messages[-1], name))
        return bool(messages)

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("privacy", self.privacy),
                on_command("terms", self.terms),
                on_command("paysupport", self.payment_help),
            ]
        )
