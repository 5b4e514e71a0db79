"""What an announcement says to its author by itself: how far it is, and that it is through."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.announcement import Announcement
from bot.services.ports import Clock
from bot.services.unit import Unit
from handlers import sending
from handlers.screens.desk import announce as composing
from handlers.screens.desk import audience as audiences
from handlers.screens.desk import running as screens
from handlers.screens.screen import Screen
from handlers.texts import Texts, texts


def slot(announcement_id: int) -> str:
    """The slot of an announcement's own panel."""
    return f"announcement:{announcement_id}"


class ChatAnnouncementNotices:
    """Implements `bot.services.announcement_port.AnnouncementNotices`. ``rate`` is how many may
    leave a second, ``zone`` the operators'."""

    def __init__(self, clock: Clock, rate: float, zone: ZoneInfo) -> None:
        self._clock = clock
        self._rate = rate
        self._zone = zone

    async def progress(
        self, unit: Unit, announcement: Announcement, per_s: float | None = None
    ) -> None:
        author = announcement.created_by
        standing = await unit.chat_messages.get(author, slot(announcement.id))
        if standing is None:
            return
        screen = await self.panel(unit, await self._texts(unit, author), announcement, per_s)
        sending.edit(
            unit, author, standing.message_id, screen, self._clock.now(), slot(announcement.id)
        )

    async def counted(self, unit: Unit, draft: Announcement) -> None:
        author = draft.created_by
        panel = await unit.chat_messages.get(author, sending.PANEL)
        if panel is None or panel.shows not in {composing.DRAFT, audiences.AUDIENCE}:
            return
        t = await self._texts(unit, author)
        screen = (
            composing.draft(t, draft, self._rate, self._zone)
            if panel.shows == composing.DRAFT
            else audiences.audience(t, draft)
        )
        sending.edit(unit, author, panel.message_id, screen, self._clock.now())

    async def refused(self, unit: Unit, announcement: Announcement) -> None:
        t = await self._texts(unit, announcement.created_by)
        sending.tell(unit, announcement.created_by, screens.refused(t, announcement))

    async def finished(self, unit: Unit, announcement: Announcement) -> None:
        t = await self._texts(unit, announcement.created_by)
        tallies = await unit.deliveries.tallies(announcement.id)
        sending.tell(unit, announcement.created_by, screens.finished(t, announcement, tallies))

    async def panel(
        self, unit: Unit, t: Texts, announcement: Announcement, per_s: float | None = None
    ) -> Screen:
        tallies = await unit.deliveries.tallies(announcement.id)
        clicks = await unit.announcements.clicks(announcement.id)
        return screens.panel(t, announcement, tallies, clicks, self._rate, self._zone, per_s)

    async def _texts(self, unit: Unit, subscriber_id: int) -> Texts:
        known = await unit.subscribers.find(subscriber_id)
        return texts(known.language if known is not None else "en")
