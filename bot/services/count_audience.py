"""Count whom an announcement would reach: a page of people at a time, so that nobody waits for it.

    a page ─▶ there were no more: counted
       └────▶ timer, a page ─▶ timer, a page ─▶ … ─▶ counted, and its author's panel shows it

Among few people it is over with the first page, and so in the decision that asks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.domain.announcement import Announcement, AnnouncementStatus
from bot.domain.errors import AnnouncementMoved
from bot.services.announcement_port import AnnouncementNotices
from bot.services.ports import Clock
from bot.services.unit import Unit

PAGE: Final = 5_000
FRESH: Final = timedelta(minutes=5)
"""What took more than a page is not counted again so soon."""


class CountAudience:
    def __init__(self, clock: Clock, notices: AnnouncementNotices, page: int = PAGE) -> None:
        self._clock = clock
        self._notices = notices
        self._page = page

    async def count(self, unit: Unit, draft: Announcement) -> Announcement:
        """The draft with its `reach`, or with none yet. Raises `AnnouncementMoved`."""
        now = self._clock.now()
        first = await self._further(unit, replace(draft, counted=0, counted_to=0, counted_at=now))
        is_known = draft.counted_at is not None and now - draft.counted_at < FRESH
        if first.counted_to is not None and is_known:
            return draft
        await self._save(unit, first)
        return first

    async def on_count_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        draft = await unit.announcements.get(timer["announcement"])
        if draft is None or draft.status is not AnnouncementStatus.DRAFT:
            return
        if draft.counted_to is None or draft.counted_to != timer["counted_to"]:
            return  # aimed at others meanwhile
        further = await self._further(unit, draft)
        await self._save(unit, further)
        if further.counted_to is None:
            await self._notices.counted(unit, further)

    async def _further(self, unit: Unit, draft: Announcement) -> Announcement:
        number, to = await unit.recipients.count(draft, self._clock.now(), self._page)
        return replace(draft, counted=draft.counted + number, counted_to=to)

    async def _save(self, unit: Unit, draft: Announcement) -> None:
        if not await unit.announcements.move(draft, [AnnouncementStatus.DRAFT]):
            raise AnnouncementMoved
        if draft.counted_to is not None:
            unit.timers.set(
                f"announcement:{draft.id}:count",
                "announcement_count",
                {"announcement": draft.id, "counted_to": draft.counted_to},
                self._clock.now(),
            )
