"""Settings.

/settings ─▶ language, lines, payment methods, coupons, terms, privacy
/language ─▶ a language ─▶ home in it
/lines ─▶ [number] shows that line at home; [Unlink] ─▶ [Keep it] or [Unlink]
"""

from __future__ import annotations

from bot.services.know_subscriber import KnowSubscriber
from bot.services.link_line import LinkLine, own_line
from bot.services.read_account import chosen_line
from handlers.branding import Branding
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.home import Home
from handlers.html import Html
from handlers.routing import DONE, NextStep, Part, on_command, on_press
from handlers.screens import settings as screens
from handlers.texts import LANGUAGES


class SettingsDialogue:
    def __init__(
        self, know: KnowSubscriber, link: LinkLine, home: Home, branding: Branding
    ) -> None:
        self._know = know
        self._link = link
        self._home = home
        self._branding = branding

    async def settings(self, context: EventContext) -> NextStep:
        context.show(screens.settings(context.t, self._branding))
        return DONE

    async def languages(self, context: EventContext) -> NextStep:
        context.show(screens.languages(context.t))
        return DONE

    async def take_language(self, context: EventContext) -> NextStep:
        language = context.pressed.name
        if language in LANGUAGES:
            context.subscriber = self._know.choose_language(
                context.unit, context.subscriber, language
            )
        return await self._home.show(context)

    async def lines(self, context: EventContext) -> NextStep:
        return await self._show_lines(context)

    async def take_line(self, context: EventContext) -> NextStep:
        context.subscriber = await self._link.make_default(
            context.unit, context.subscriber, context.pressed.number
        )
        return await self._home.show(context)

    async def ask_unlink(self, context: EventContext) -> NextStep:
        line = await own_line(context.unit, context.subscriber.id, context.pressed.number)
        context.show(screens.unlink(context.t, line))
        return DONE

    async def unlink(self, context: EventContext) -> NextStep:
        context.subscriber = await self._link.unlink(
            context.unit, context.subscriber, context.pressed.number
        )
        return await self._show_lines(context, context.t("✅ Unlinked."))

    async def _show_lines(self, context: EventContext, note: Html | None = None) -> NextStep:
        linked = await context.unit.lines.of(context.subscriber.id)
        shown = chosen_line(linked, context.subscriber) if linked else None
        context.show(screens.line_list(context.t, linked, shown, note))
        return DONE

    def part(self) -> Part:
        return Part(
            entries=[
                on_command("settings", self.settings),
                on_command("language", self.languages),
                on_command("lines", self.lines),
                on_press(Action.SETTINGS, self.settings),
                on_press(Action.LANGUAGES, self.languages),
                on_press(Action.LANGUAGE, self.take_language),
                on_press(Action.LINES, self.lines),
                on_press(Action.LINE, self.take_line),
                on_press(Action.UNLINK, self.ask_unlink),
                on_press(Action.UNLINK_SURELY, self.unlink),
            ]
        )
