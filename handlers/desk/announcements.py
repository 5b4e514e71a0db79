"""What was announced: how far it is, and what can still be done with it.

[Past ones] ─▶ one ─▶ [Pause] [Resume] [Stop] [CSV]
                  ├─▶ [✏️ language] ─▶ the right words ─▶ edited wherever it was sent;
                  │                     while it is paused, for those who are still to read it
                  └─▶ [Recall] ─▶ surely ─▶ deleted wherever it was sent
A button under an announcement ─▶ the plan that it offers
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.domain.announcement import Announcement, DeliveryStatus
from bot.domain.operator import Deed
from bot.services.announce import Announce
from bot.services.authority import Authority
from handlers import sending
from handlers.buttons import Action, Press
from handlers.context import EventContext
from handlers.desk.announcement_notices import ChatAnnouncementNotices, slot
from handlers.desk.composed import NotComposed, TooLong, version_of, words_of
from handlers.desk.only import Only
from handlers.documents import send_document
from handlers.html import Html
from handlers.renew import RenewDialogue
from handlers.routing import DONE, NextStep, Part, on_press
from handlers.screens.desk import announcement_words as wording
from handlers.screens.desk import running as screens

_HISTORY: Final = 6


class Step(StrEnum):
    CORRECTING = "announcement:words"


class AnnouncementsDialogue:
    def __init__(
        self, authority: Authority, announce: Announce, notices: ChatAnnouncementNotices,
        renew: RenewDialogue,
    ) -> None:  # fmt: skip
        self._authority = authority
        self._announce = announce
        self._notices = notices
        self._renew = renew

    async def history(self, context: EventContext) -> NextStep:
        past = await context.unit.announcements.latest(_HISTORY, 0)
        context.show(screens.history(context.t, past))
        return DONE

    async def announcement(self, context: EventContext) -> NextStep:
        return await self._panel(context, await self._pressed(context))

    async def hold(self, context: EventContext) -> NextStep:
        held = await self._announce.hold(
            context.unit, context.subscriber.id, context.pressed.number, context.pressed.name
        )
        return await self._panel(context, held)

    async def ask_recall(self, context: EventContext) -> NextStep:
        announcement = await self._pressed(context)
        tallies = await context.unit.deliveries.tallies(announcement.id)
        sent = tallies.get(DeliveryStatus.SENT, 0)
        context.show(screens.surely_recall(context.t, announcement, sent))
        return DONE

    async def recall(self, context: EventContext) -> NextStep:
        recalled = await self._announce.recall(
            context.unit, context.subscriber.id, context.pressed.number
        )
        return await self._panel(context, recalled)

    async def ask_words(self, context: EventContext) -> NextStep:
        announcement = await self._pressed(context)
        return await self._ask_words(context, announcement, context.pressed.name)

    async def take_words(self, context: EventContext) -> NextStep:
        panel = await context.unit.chat_messages.get(context.subscriber.id, sending.PANEL)
        message = context.event.message
        if panel is None or panel.shows != wording.CORRECTING or message is None:
            return await self.history(context)
        language, _, id_ = (panel.subject or "").partition(":")
        announcement = await self._announce.get(context.unit, context.subscriber.id, int(id_))
        is_unread = await self._announce.is_unread(context.unit, announcement)
        try:
            version = (
                version_of(message, language)
                if is_unread
                else words_of(message, announcement.versions[language])
            )
        except TooLong as error:
            hint = wording.too_long(context.t, error.most)
            return await self._ask_words(context, announcement, language, hint)
        except NotComposed:
            hint = (wording.not_this_kind if is_unread else wording.another_kind)(context.t)
            return await self._ask_words(context, announcement, language, hint)
        corrected = await self._announce.correct(
            context.unit, context.subscriber.id, announcement.id, version
        )
        return await self._panel(context, corrected)

    async def send_report(self, context: EventContext) -> NextStep:
        announcement = await self._pressed(context)
        rows = await context.unit.deliveries.report(announcement.id, 0, screens.MOST_ROWS)
        tallies = await context.unit.deliveries.tallies(announcement.id)
        total = sum(tallies.get(each, 0) for each in DeliveryStatus)
        send_document(
            context.unit,
            context.subscriber.id,
            screens.table(context.t, announcement, rows),
            screens.table_caption(context.t, total),
        )
        return DONE

    async def open_offer(self, context: EventContext) -> NextStep:
        """Anybody's: counts the press and opens the plan."""
        place = context.pressed.name
        button = None
        if place.isascii() and place.isdecimal():
            button = await self._announce.click(
                context.unit, context.pressed.number, context.subscriber.id, int(place),
                context.subscriber.language,
            )  # fmt: skip
        if button is None or button.plan_code is None:
            return await self._renew.choose_plan(context)
        context.press = Press(Action.PLAN, button.plan_code, anew=True)
        return await self._renew.take_plan(context)

    async def _pressed(self, context: EventContext) -> Announcement:
        return await self._announce.get(context.unit, context.subscriber.id, context.pressed.number)

    async def _panel(self, context: EventContext, announcement: Announcement) -> NextStep:
        panel = await self._notices.panel(context.unit, context.t, announcement)
        context.show(panel, slot(announcement.id))
        return DONE

    async def _ask_words(
        self, context: EventContext, announcement: Announcement, language: str,
        hint: Html | None = None,
    ) -> NextStep:  # fmt: skip
        if language not in announcement.versions:
            return DONE
        is_unread = await self._announce.is_unread(context.unit, announcement)
        context.show(wording.correct(context.t, announcement, language, hint, is_unread=is_unread))
        return Step.CORRECTING

    def part(self) -> Part:
        only = Only(self._authority, Deed.ANNOUNCE)
        return Part(
            entries=[
                only.on_press(Action.ANNOUNCEMENTS, self.history),
                only.on_press(Action.ANNOUNCEMENT, self.announcement),
                only.on_press(Action.ANNOUNCEMENT_FILE, self.send_report),
                only.on_press(Action.HOLD, self.hold),
                only.on_press(Action.CORRECT, self.ask_words),
                only.on_press(Action.RECALL, self.ask_recall),
                only.on_press(Action.RECALL_SURELY, self.recall),
                on_press(Action.OFFER, self.open_offer),
            ],
            steps={Step.CORRECTING: [only.on_anything_else(self.take_words)]},
        )
