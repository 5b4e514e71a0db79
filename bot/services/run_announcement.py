"""Run an announcement: plan its recipients a page at a time, and follow it to its end.

    plan ─▶ timer, a page ─▶ timer, a page ─▶ … ─▶ the courier goes through the rows that are due
                                                    │
    timer, when the next is due ◀── rows left ── rested ── none left ─▶ done
                        paused ◀── the message itself is refused ──┘

A page is small, so that other decisions find their place between two of them. The courier asks for
rows only while the announcement runs: to pause it is to say so. What Telegram refused is tried once
more when it is resumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.announcement import Announcement, AnnouncementStatus, DeliveryStatus, Pass
from bot.domain.errors import AnnouncementMoved
from bot.services.announcement_port import AnnouncementNotices, Candidate
from bot.services.ports import Clock
from bot.services.unit import Unit

PAGE: Final = 500
MOST_TRIED_AGAIN: Final = 1_000
"""Far more than a message is tried with in vain before it pauses."""
PROGRESS_EVERY: Final = timedelta(seconds=5)
_S: Final = AnnouncementStatus
_ENDS: Final = set(DeliveryStatus) - {DeliveryStatus.PLANNED, DeliveryStatus.SENDING}


class RunAnnouncement:
    """``zone`` is the operator's, for recipients without a line."""

    def __init__(
        self, clock: Clock, notices: AnnouncementNotices, zone: ZoneInfo, page: int = PAGE
    ) -> None:
        self._clock = clock
        self._notices = notices
        self._zone = zone
        self._page = page

    async def plan(
        self, unit: Unit, announcement: Announcement, doing: Pass, frm: Sequence[AnnouncementStatus]
    ) -> Announcement:
        """Begins a pass. Raises `AnnouncementMoved` when its status is none of ``frm``."""
        planned = replace(
            announcement,
            status=_S.PLANNING,
            doing=doing,
            planned_to=0,
            started_at=self._clock.now() if doing is Pass.SEND else announcement.started_at,
            ended_at=None,
        )
        await self._move(unit, planned, frm)
        self._set(unit, planned, "plan", self._clock.now())
        self._set_progress(unit, planned)
        return planned

    async def schedule(
        self, unit: Unit, announcement: Announcement, starts_at: datetime
    ) -> Announcement:
        """Raises `AnnouncementMoved` when it is no draft any more."""
        scheduled = replace(announcement, status=_S.SCHEDULED)
        await self._move(unit, scheduled, [_S.DRAFT])
        self._set(unit, scheduled, "start", starts_at)
        return scheduled

    async def pause(self, unit: Unit, announcement: Announcement) -> Announcement:
        """What is on its way still arrives."""
        paused = replace(announcement, status=_S.PAUSED)
        await self._move(unit, paused, [_S.RUNNING])
        return paused

    async def resume(self, unit: Unit, announcement: Announcement) -> Announcement:
        resumed = replace(announcement, status=_S.RUNNING, trouble=None)
        await self._move(unit, resumed, [_S.PAUSED])
        if resumed.doing is Pass.SEND:
            await unit.recipients.plan_refused(announcement.id, MOST_TRIED_AGAIN)
        unit.outbox.announcement(announcement.id)
        self._set_progress(unit, resumed)
        return resumed

    async def stop(self, unit: Unit, announcement: Announcement) -> Announcement:
        """For good: who was not reached yet will not be."""
        stopped = replace(announcement, status=_S.STOPPED, ended_at=self._clock.now())
        await self._move(unit, stopped, [_S.SCHEDULED, _S.PLANNING, _S.RUNNING, _S.PAUSED])
        return stopped

    # ── what happens by itself ──

    async def on_start_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        announcement = await unit.announcements.get(timer["announcement"])
        if announcement is not None and announcement.status is _S.SCHEDULED:
            await self.plan(unit, announcement, Pass.SEND, [_S.SCHEDULED])

    async def on_plan_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        announcement = await unit.announcements.get(timer["announcement"])
        if announcement is None or announcement.status is not _S.PLANNING:
            return
        to = await (
            self._plan_page(unit, announcement)
            if announcement.doing is Pass.SEND
            else unit.recipients.plan_again(announcement, self._page)
        )
        if to is not None:
            further = replace(announcement, planned_to=to)
            await self._move(unit, further, [_S.PLANNING])
            self._set(unit, further, "plan", self._clock.now())
            return
        await self._move(unit, replace(announcement, status=_S.RUNNING), [_S.PLANNING])
        unit.outbox.announcement(announcement.id)

    async def on_rested(self, unit: Unit, event: dict[str, Any]) -> None:
        """The courier found nobody else who is due."""
        announcement = await unit.announcements.get(event["announcement"])
        if announcement is None or announcement.status is not _S.RUNNING:
            return
        due = await unit.deliveries.next_due(announcement.id)
        if due is not None:
            self._set(unit, announcement, "go", due)
            return
        done = replace(announcement, status=_S.DONE, ended_at=self._clock.now())
        await self._move(unit, done, [_S.RUNNING])
        await self._notices.progress(unit, done)
        await self._notices.finished(unit, done)

    async def on_refused(self, unit: Unit, event: dict[str, Any]) -> None:
        """Telegram takes the message of nobody: it waits for an operator."""
        announcement = await unit.announcements.get(event["announcement"])
        if announcement is None or announcement.status is not _S.RUNNING:
            return
        paused = replace(announcement, status=_S.PAUSED, trouble=event["said"])
        await self._move(unit, paused, [_S.RUNNING])
        await self._notices.progress(unit, paused)
        await self._notices.refused(unit, paused)

    async def on_go_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        unit.outbox.announcement(timer["announcement"])

    async def on_progress_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        announcement = await unit.announcements.get(timer["announcement"])
        if announcement is None or announcement.status not in {_S.PLANNING, _S.RUNNING}:
            return
        tallies = await unit.deliveries.tallies(announcement.id)
        ended = sum(tallies.get(each, 0) for each in _ENDS)
        now_s = self._clock.now().timestamp()
        per_s = None
        if announcement.doing is Pass.SEND and now_s > timer.get("at_s", now_s):
            per_s = (ended - timer["ended"]) / (now_s - timer["at_s"])
        await self._notices.progress(unit, announcement, per_s)
        self._set_progress(unit, announcement, ended=ended, at_s=now_s)

    async def _plan_page(self, unit: Unit, announcement: Announcement) -> int | None:
        started_at = announcement.started_at or self._clock.now()
        page = await unit.recipients.candidates(announcement, started_at, self._page)
        meant = [
            (each.chat_id, self._not_before(announcement, each)) for each in page if each.is_meant
        ]
        unit.recipients.plan(announcement.id, meant)
        return page[-1].chat_id if page else None

    def _not_before(self, announcement: Announcement, to: Candidate) -> datetime:
        """Its time, by the recipient's clock if so wanted, and outside of their quiet hours."""
        zone = ZoneInfo(to.zone) if to.zone else self._zone
        at = announcement.starts_at or self._clock.now()
        if announcement.in_local_time and announcement.starts_at is not None:
            at = at.astimezone(self._zone).replace(tzinfo=zone)
        at = max(at, self._clock.now())
        return at if to.quiet is None else to.quiet.over_at(at, zone)

    def _set_progress(self, unit: Unit, announcement: Announcement, **seen: float) -> None:
        """``ended`` so many at ``at_s``, in Unix seconds, where that was looked at."""
        self._set(unit, announcement, "progress", self._clock.now() + PROGRESS_EVERY, **seen)

    def _set(
        self, unit: Unit, announcement: Announcement, what: str, at: datetime, **more: float
    ) -> None:
        unit.timers.set(
            f"announcement:{announcement.id}:{what}",
            f"announcement_{what}",
            {"announcement": announcement.id, **more},
            at,
        )

    async def _move(
        self, unit: Unit, announcement: Announcement, frm: Sequence[AnnouncementStatus]
    ) -> None:
        if not await unit.announcements.move(announcement, frm):
            raise AnnouncementMoved
