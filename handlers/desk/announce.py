"""Compose an announcement and let it go.

/announce, [Announce] ─▶ the words, once a language ─▶ the draft, from which everything is chosen:
    buttons, audience with its count, time, sound, news or promotion
    ─▶ [Test], as it now is ─▶ [Send…] ─▶ surely, or the typed number ─▶ its panel
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from bot.domain.announcement import Announcement, Audience, AudienceKind, Category, Recipient
from bot.domain.errors import NumberDiffers
from bot.domain.operator import Deed
from bot.services.announce import Announce
from bot.services.authority import Authority
from handlers import sending
from handlers.announcement_message import call_for
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.desk.announcement_notices import ChatAnnouncementNotices, slot
from handlers.desk.composed import IsAlbum, NotComposed, TooLong, buttons_of, time_of, version_of
from handlers.desk.only import Only
from handlers.html import Html
from handlers.routing import DONE, NextStep, Part
from handlers.screens.desk import announce as screens
from handlers.screens.desk import announcement_words as wording
from handlers.screens.desk import audience as audiences
from handlers.texts import languages
from handlers.typed import as_digits, as_number

_LONGEST_COUNT = 9


class Step(StrEnum):
    WRITING = "announce:words"
    CHOOSING_BUTTONS = "announce:buttons"
    NAMING_NUMBER = "announce:number"
    CHOOSING_TIME = "announce:time"
    TYPING_COUNT = "announce:count"


class AnnounceDialogue:
    def __init__(
        self, authority: Authority, announce: Announce, notices: ChatAnnouncementNotices
    ) -> None:
        self._authority = authority
        self._announce = announce
        self._notices = notices
        self._zone = announce.zone
        self._rate = announce.rate_per_s

    async def announce(self, context: EventContext) -> NextStep:
        draft = await self._draft(context)
        if not draft.versions:
            return self._ask_words(context, context.subscriber.language)
        return await self._show(context, draft)

    async def begin_anew(self, context: EventContext) -> NextStep:
        await self._announce.begin_anew(context.unit, context.subscriber.id)
        return self._ask_words(context, context.subscriber.language)

    # ── words and buttons ──

    async def ask_words(self, context: EventContext) -> NextStep:
        language = context.pressed.name
        if language in languages():
            return self._ask_words(context, language)
        context.show(wording.choose_language(context.t, await self._draft(context)))
        return DONE

    async def take_words(self, context: EventContext) -> NextStep:
        language = await self._language(context)
        message = context.event.message
        if message is None:
            return Step.WRITING
        try:
            version = version_of(message, language)
        except IsAlbum:
            return self._ask_words(context, language, wording.no_albums(context.t))
        except TooLong as error:
            return self._ask_words(context, language, wording.too_long(context.t, error.most))
        except NotComposed:
            return self._ask_words(context, language, wording.not_this_kind(context.t))
        draft = await self._draft(context)
        return await self._show(context, await self._announce.write(context.unit, draft, version))

    async def ask_buttons(self, context: EventContext, hint: Html | None = None) -> NextStep:
        plans = await context.unit.catalogue.on_sale()
        draft = await self._draft(context)
        context.show(screens.buttons(context.t, draft, plans, hint))
        return Step.CHOOSING_BUTTONS

    async def take_buttons(self, context: EventContext) -> NextStep:
        plans = await context.unit.catalogue.on_sale()
        draft = await self._draft(context)
        buttons = buttons_of(context.text, list(draft.versions), {plan.code for plan in plans})
        if buttons is None:
            return await self.ask_buttons(context, screens.no_buttons(context.t))
        return await self._show(
            context, await self._announce.put_buttons(context.unit, draft, buttons)
        )

    async def drop_buttons(self, context: EventContext) -> NextStep:
        draft = await self._draft(context)
        return await self._show(context, await self._announce.put_buttons(context.unit, draft, {}))

    # ── whom, when, how ──

    async def ask_audience(self, context: EventContext) -> NextStep:
        draft = await self._announce.count(context.unit, await self._draft(context))
        context.show(audiences.audience(context.t, draft))
        return DONE

    async def ask_plan(self, context: EventContext) -> NextStep:
        context.show(audiences.by_plan(context.t, await context.unit.catalogue.on_sale()))
        return DONE

    async def ask_language(self, context: EventContext) -> NextStep:
        draft = await self._draft(context)
        context.show(audiences.by_language(context.t, draft))
        return DONE

    async def ask_country(self, context: EventContext) -> NextStep:
        draft = await self._draft(context)
        countries = await context.unit.recipients.countries()
        context.show(
            audiences.by_country(context.t, draft, countries, context.pressed.number)
        )  # fmt: skip
        return DONE

    async def ask_number(self, context: EventContext, hint: Html | None = None) -> NextStep:
        context.show(audiences.by_number(context.t, hint))
        return Step.NAMING_NUMBER

    async def take_number(self, context: EventContext) -> NextStep:
        number = as_number(context.text)
        if number is None:
            return await self.ask_number(context, audiences.no_number(context.t))
        return await self._aim(context, Audience(AudienceKind.NUMBER, number))

    async def take_audience(self, context: EventContext) -> NextStep:
        """A word that was never on a key changes nothing."""
        aimed = _aimed(context.pressed.name, context.pressed.detail)
        if aimed is None:
            return await self.ask_audience(context)
        return await self._aim(context, aimed)

    async def ask_time(self, context: EventContext, hint: Html | None = None) -> NextStep:
        draft = await self._draft(context)
        context.show(screens.when(context.t, draft, self._zone, hint))
        return Step.CHOOSING_TIME

    async def take_time(self, context: EventContext) -> NextStep:
        at = time_of(context.text, context.now, self._zone)
        if at is None:
            return await self.ask_time(context, screens.no_time(context.t))
        draft = await self._draft(context)
        return await self._change(context, replace(draft, starts_at=at))

    async def at_once(self, context: EventContext) -> NextStep:
        draft = await self._draft(context)
        return await self._change(context, replace(draft, starts_at=None, in_local_time=False))

    async def turn_local(self, context: EventContext) -> NextStep:
        draft = await self._draft(context)
        return await self._change(context, replace(draft, in_local_time=not draft.in_local_time))

    async def turn_sound(self, context: EventContext) -> NextStep:
        draft = await self._draft(context)
        return await self._change(context, replace(draft, silent=not draft.silent))

    async def turn_category(self, context: EventContext) -> NextStep:
        draft = await self._draft(context)
        is_news = draft.category is Category.NEWS
        other = Category.PROMOTION if is_news else Category.NEWS
        return await self._change(context, draft.aimed(category=other))

    # ── seeing it, letting it go ──

    async def test(self, context: EventContext) -> NextStep:
        """Sends each version to its author, as it would arrive, and shows the draft below."""
        draft, me = await self._draft(context), context.subscriber
        for language in draft.versions:
            to = Recipient(me.id, language, me.name, plan="", days_left=None)
            method, parameters = call_for(draft, to)
            context.unit.outbox.telegram(method, parameters, chat_id=me.id)
        seen = await self._announce.change(context.unit, replace(draft, is_tested=True))
        seen = await self._announce.count(context.unit, seen)
        note = screens.tested(context.t)
        screen = screens.draft(context.t, seen, self._rate, self._zone, note)
        sending.send(context.unit, me.id, screen, context.now)
        return DONE

    async def ask_surely(self, context: EventContext, hint: Html | None = None) -> NextStep:
        draft = await self._announce.count(context.unit, await self._draft(context))
        if draft.reach is None:
            return await self._show(context, draft)
        type_it = self._announce.wants_number(draft.reach)
        context.show(
            screens.confirm(context.t, draft, self._rate, self._zone, type_it=type_it, hint=hint)
        )
        return Step.TYPING_COUNT if type_it else DONE

    async def take_count(self, context: EventContext) -> NextStep:
        typed = "".join(character for character in context.text if character.isdecimal())
        return await self._start(context, int(typed[:_LONGEST_COUNT]) if typed else -1)

    async def surely(self, context: EventContext) -> NextStep:
        return await self._start(context, None)

    async def _start(self, context: EventContext, typed: int | None) -> NextStep:
        try:
            started = await self._announce.start(context.unit, context.subscriber.id, typed)
        except NumberDiffers as differs:
            hint = screens.number_differs(context.t, differs.count)
            return await self.ask_surely(context, None if typed is None else hint)
        panel = await self._notices.panel(context.unit, context.t, started)
        context.show(panel, slot(started.id))
        return DONE

    # ── the draft ──

    async def _draft(self, context: EventContext) -> Announcement:
        return await self._announce.draft(context.unit, context.subscriber.id)

    async def _aim(self, context: EventContext, audience: Audience) -> NextStep:
        draft = await self._draft(context)
        return await self._change(context, draft.aimed(audience))

    async def _change(self, context: EventContext, draft: Announcement) -> NextStep:
        return await self._show(context, await self._announce.change(context.unit, draft))

    async def _show(self, context: EventContext, draft: Announcement) -> NextStep:
        draft = await self._announce.count(context.unit, draft)
        context.show(screens.draft(context.t, draft, self._rate, self._zone))
        return DONE

    def _ask_words(
        self, context: EventContext, language: str, hint: Html | None = None
    ) -> NextStep:
        context.show(wording.write(context.t, language, hint))
        return Step.WRITING

    async def _language(self, context: EventContext) -> str:
        """The language whose words the panel asks for."""
        panel = await context.unit.chat_messages.get(context.subscriber.id, sending.PANEL)
        if panel is None or panel.shows != wording.WRITING or panel.subject is None:
            return context.subscriber.language
        return panel.subject

    def part(self) -> Part:
        only = Only(self._authority, Deed.ANNOUNCE)
        return Part(
            entries=[
                only.on_command("announce", self.announce),
                only.on_press(Action.ANNOUNCE, self.announce),
                only.on_press(Action.ANNOUNCE_ANEW, self.begin_anew),
                only.on_press(Action.ANNOUNCE_WORDS, self.ask_words),
                only.on_press(Action.ANNOUNCE_BUTTONS, self.ask_buttons),
                only.on_press(Action.ANNOUNCE_NO_BUTTONS, self.drop_buttons),
                only.on_press(Action.ANNOUNCE_AUDIENCE, self.ask_audience),
                only.on_press(Action.ANNOUNCE_BY_PLAN, self.ask_plan),
                only.on_press(Action.ANNOUNCE_BY_LANGUAGE, self.ask_language),
                only.on_press(Action.ANNOUNCE_BY_COUNTRY, self.ask_country),
                only.on_press(Action.ANNOUNCE_BY_NUMBER, self.ask_number),
                only.on_press(Action.ANNOUNCE_TO, self.take_audience),
                only.on_press(Action.ANNOUNCE_TIME, self.ask_time),
                only.on_press(Action.ANNOUNCE_AT_ONCE, self.at_once),
                only.on_press(Action.ANNOUNCE_LOCALLY, self.turn_local),
                only.on_press(Action.ANNOUNCE_SILENTLY, self.turn_sound),
                only.on_press(Action.ANNOUNCE_CATEGORY, self.turn_category),
                only.on_press(Action.ANNOUNCE_TEST, self.test),
                only.on_press(Action.ANNOUNCE_SEND, self.ask_surely),
                only.on_press(Action.ANNOUNCE_SURELY, self.surely),
            ],
            steps={
                Step.WRITING: [only.on_anything_else(self.take_words)],
                Step.CHOOSING_BUTTONS: [only.on_anything_else(self.take_buttons)],
                Step.NAMING_NUMBER: [only.on_anything_else(self.take_number)],
                Step.CHOOSING_TIME: [only.on_anything_else(self.take_time)],
                Step.TYPING_COUNT: [only.on_anything_else(self.take_count)],
            },
        )


def _aimed(kind: str, value: str) -> Audience | None:
    """None for what was never on a key."""
    match kind:
        case AudienceKind.ENDING | AudienceKind.LAPSED:
            is_known = as_digits(value, len(value)) is not None
        case AudienceKind.LANGUAGE:
            is_known = value in languages()
        case AudienceKind.COUNTRY:
            is_known = len(value) == 2 and value.isascii() and value.isupper()
        case _:
            is_known = kind in {each.value for each in AudienceKind}
    return Audience(AudienceKind(kind), value) if is_known else None
