"""Settings.

/settings ─▶ language, lines, payment methods, coupons, terms, privacy
/language ─▶ a language ─▶ home in it
/lines ─▶ [number] shows that line at home; [Name] ─▶ typed; [Unlink] ─▶ [Keep it] or [Unlink]
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.services.authority import Authority
from bot.services.know_subscriber import KnowSubscriber
from bot.services.link_line import LinkLine, own_line
from bot.services.read_account import chosen_line
from handlers import sending
from handlers.buttons import Action
from handlers.commands import put_menu
from handlers.context import EventContext
from handlers.home import Home
from handlers.html import Html, neutral
from handlers.routing import (
    DONE,
    NextStep,
    Part,
    on_anything_else,
    on_command,
    on_press,
    on_text,
)
from handlers.screens import notifications as notification_screens
from handlers.screens import settings as screens
from handlers.texts import languages

_LONGEST_NAME: Final = 20


class Step(StrEnum):
    NAMING_LINE = "settings:name"


class SettingsDialogue:
    def __init__(
        self, know: KnowSubscriber, link: LinkLine, home: Home, authority: Authority
    ) -> None:
        self._know = know
        self._link = link
        self._home = home
        self._authority = authority

    async def settings(self, context: EventContext) -> NextStep:
        context.show(screens.settings(context.t))
        return DONE

    async def languages(self, context: EventContext) -> NextStep:
        context.show(screens.languages(context.t))
        return DONE

    async def take_language(self, context: EventContext) -> NextStep:
        language = context.pressed.name
        if language in languages():
            context.subscriber = self._know.choose_language(
                context.unit, context.subscriber, language
            )
            operator = await self._authority.of(context.unit, context.subscriber.id)
            role = operator.role if operator is not None else None
            put_menu(context.unit, context.subscriber, role)
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

    async def ask_name(self, context: EventContext) -> NextStep:
        line = await own_line(context.unit, context.subscriber.id, context.pressed.number)
        context.show(notification_screens.name_line(context.t, line))
        return Step.NAMING_LINE

    async def take_name(self, context: EventContext) -> NextStep:
        """The line is the one about which the panel asks."""
        line_id, name = await self._named_line(context), neutral(context.text[:200])
        if line_id is None:
            return await self._show_lines(context)
        if not 1 <= len(name) <= _LONGEST_NAME:
            return await self.want_name(context)
        await self._link.rename(context.unit, context.subscriber, line_id, name)
        return await self._show_lines(context, context.t("✅ Saved."))

    async def want_name(self, context: EventContext) -> NextStep:
        line_id = await self._named_line(context)
        if line_id is None:
            return await self._show_lines(context)
        line = await own_line(context.unit, context.subscriber.id, line_id)
        hint = context.t("⚠️ Please send a name of 1 to {most} characters.", most=_LONGEST_NAME)
        context.show(notification_screens.name_line(context.t, line, hint))
        return Step.NAMING_LINE

    async def unname(self, context: EventContext) -> NextStep:
        await self._link.rename(context.unit, context.subscriber, context.pressed.number, None)
        return await self._show_lines(context, context.t("✅ Saved."))

    async def _named_line(self, context: EventContext) -> int | None:
        panel = await context.unit.chat_messages.get(context.subscriber.id, sending.PANEL)
        named = panel.subject if panel is not None and panel.shows == "name" else None
        return None if named is None else int(named)

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
                on_press(Action.NAME_LINE, self.ask_name),
                on_press(Action.UNNAME_LINE, self.unname),
            ],
            steps={
                Step.NAMING_LINE: [on_text(self.take_name), on_anything_else(self.want_name)],
            },
        )
