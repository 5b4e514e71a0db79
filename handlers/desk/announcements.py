"""What was announced: how far it is, and what can still be done with it.

[Past ones] ─▶ one ─▶ [Pause] [Resume] [Stop] [CSV]
                  ├─▶ [✏️ language] ─▶ the right words ─▶ edited wherever it was sent;
                  │                     while it is paused, for those who are still to read it
                  └─▶ [Recall] ─▶ surely ─▶ deleted wherever it was sent
A button under an announcement ─▶ the plan that it offers
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.announcement import Announcement, DeliveryStatus
from bot.domain.errors import UnknownPlan
from bot.domain.operator import Deed
from bot.services.announce import Announce
from bot.services.authority import Authority
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.deep_links import DeepLinks
from handlers.desk.announcement_notices import ChatAnnouncementNotices, slot
from handlers.desk.composed import NotComposed, TooLong, version_of, words_of
from handlers.desk.only import Only
from handlers.documents import send_document
from handlers.html import Html
from handlers.routing import DONE, NextStep, Part, on_press
from handlers.screens.desk import announcement_words as wording
from handlers.screens.desk import running as screens
from handlers.screens.refusals import refused
from handlers.typed import as_digits


class Step(StrEnum):
    CORRECTING = "announcement:words"


class AnnouncementsDialogue:
    def __init__(
        self, authority: Authority, announce: Announce, notices: ChatAnnouncementNotices,
        links: DeepLinks,
    ) -> None:  # fmt: skip
        self._authority = authority
        self._announce = announce
        self._notices = notices
        self._links = links

    async def history(self, context: EventContext) -> NextStep:
        return await self._history(context, 0)

    async def history_page(self, context: EventContext) -> NextStep:
        return await self._history(context, context.pressed.number)

    async def _history(self, context: EventContext, number: int) -> NextStep:
        some = await context.unit.announcements.latest(screens.A_PAGE + 1, number * screens.A_PAGE)
        context.show(screens.history(context.t, some, number, self._announce.zone))
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
        return await self._send_report(context, 1, 0)

    async def send_rest(self, context: EventContext) -> NextStep:
        """The report's next file, after the chat at which the former one ended."""
        number, _, after = context.pressed.name.partition("-")
        if as_digits(number, len(number)) is None or as_digits(after, len(after)) is None:
            return await self._send_report(context, 1, 0)
        return await self._send_report(context, int(number), int(after))

    async def _send_report(self, context: EventContext, number: int, after: int) -> NextStep:
        t, announcement = context.t, await self._pressed(context)
        told = await context.unit.deliveries.report(announcement.id, after, screens.A_FILE)
        tallies = await context.unit.deliveries.tallies(announcement.id)
        total = sum(tallies.get(each, 0) for each in DeliveryStatus)
        if total and not told and after == 0:
            sending.say(context.unit, context.subscriber.id, screens.no_table(t))
            return DONE
        before = (number - 1) * screens.A_FILE
        is_last = len(told) < screens.A_FILE or before + len(told) >= total
        send_document(
            context.unit,
            context.subscriber.id,
            screens.table(t, announcement, told, number),
            screens.table_caption(t, before + 1, before + len(told), total),
            () if is_last else screens.next_table(t, announcement, told[-1].chat_id, number + 1),
        )
        return DONE

    async def open_offer(self, context: EventContext) -> NextStep:
        """Anybody's: counts the press and leads to the plan, as a link to it does. That a plan was
        withdrawn stands in a message that stays: home is redrawn once the line was read."""
        place = as_digits(context.pressed.name, len(context.pressed.name))
        button = None
        if place is not None:
            button = await self._announce.click(
                context.unit, context.pressed.number, context.subscriber.id, int(place),
                context.subscriber.language,
            )  # fmt: skip
        code = button.plan_code if button is not None else None
        if code is None:
            return await self._links.follow(context, "")
        if await context.unit.catalogue.current(code) is None:
            context.show(refused(context.t, UnknownPlan(code)))
            return DONE
        return await self._links.follow(context, f"plan_{code}")

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
                only.on_press(Action.ANNOUNCEMENTS_PAGE, self.history_page),
                only.on_press(Action.ANNOUNCEMENT, self.announcement),
                only.on_press(Action.ANNOUNCEMENT_FILE, self.send_report),
                only.on_press(Action.ANNOUNCEMENT_REST, self.send_rest),
                only.on_press(Action.HOLD, self.hold),
                only.on_press(Action.CORRECT, self.ask_words),
                only.on_press(Action.RECALL, self.ask_recall),
                only.on_press(Action.RECALL_SURELY, self.recall),
                on_press(Action.OFFER, self.open_offer),
            ],
            steps={Step.CORRECTING: [only.on_anything_else(self.take_words)]},
        )
