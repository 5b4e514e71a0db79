"""/privacy, /terms and /paysupport, which Telegram asks of every bot that takes payments.

Privacy and terms are the operator's own words where there are any (`handlers.own_words`), wherever
they are opened from: a command or the settings.
"""

from __future__ import annotations

from collections.abc import Callable

from handlers import sending
from handlers.branding import Branding
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.own_words import OwnWords
from handlers.routing import DONE, NextStep, Part, on_command, on_press
from handlers.screens import legal as screens
from handlers.screens.screen import Screen
from handlers.texts import Texts


class LegalDialogue:
    def __init__(self, branding: Branding) -> None:
        self._branding = branding
        self._words = OwnWords(branding.texts_directory)

    async def privacy(self, context: EventContext) -> NextStep:
        return self._tell(context, "privacy", screens.privacy)

    async def terms(self, context: EventContext) -> NextStep:
        return self._tell(context, "terms", screens.terms)

    async def payment_help(self, context: EventContext) -> NextStep:
        context.show(screens.payment_help(context.t))
        return DONE

    def _tell(
        self, context: EventContext, name: str, built_in: Callable[[Texts, Branding], Screen]
    ) -> NextStep:
        """The operator's own text, the keys under its end; the built-in one where there is none.

        A text of several messages is sent below, so that its end stands under its beginning.
        """
        messages = self._words.of(context.t.language, name)
        if len(messages) > 1:
            for message in messages[:-1]:
                sending.say(context.unit, context.subscriber.id, message)
            end = screens.own_words(context.t, messages[-1], name)
            sending.send(context.unit, context.subscriber.id, end, context.now)
        elif messages:
            context.show(screens.own_words(context.t, messages[0], name))
        else:
            context.show(built_in(context.t, self._branding))
        return DONE

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("privacy", self.privacy),
                on_command("terms", self.terms),
                on_command("paysupport", self.payment_help),
                on_press(Action.PRIVACY, self.privacy),
                on_press(Action.TERMS, self.terms),
            ]
        )
