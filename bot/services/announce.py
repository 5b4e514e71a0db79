"""Announce: write it, choose for whom, see it, and let it go.

A draft is a row that its author works on; nothing of it is kept in memory. What lets it go is a
compare-and-set on its status, so that two taps, or two operators, start it once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.announcement import (
    Announcement,
    AnnouncementStatus,
    DeliveryStatus,
    OfferButton,
    Pass,
    Version,
)
from bot.domain.errors import (
    AnnouncementMoved,
    NotTested,
    NumberDiffers,
    StillCounting,
    TooLateToRecall,
)
from bot.domain.operator import AuditEntry, Deed
from bot.services.announcement_deeds import as_let_go, as_written
from bot.services.authority import Authority
from bot.services.count_audience import CountAudience
from bot.services.ports import Clock
from bot.services.run_announcement import RunAnnouncement
from bot.services.unit import Unit

_S: Final = AnnouncementStatus
_PERHAPS_READ: Final = (DeliveryStatus.SENDING, DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN)


class Announce:
    """Above ``confirm_above`` recipients, their number has to be typed. Who may announce is asked
    once more by whatever lets one go, holds it or takes it back, and that stands in the audit.

    ``rate_per_s`` is how many may leave a second, ``zone`` the one in which operators tell times.
    """

    def __init__(
        self, clock: Clock, authority: Authority, counting: CountAudience, run: RunAnnouncement,
        confirm_above: int, rate_per_s: float, zone: ZoneInfo,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._authority = authority
        self._counting = counting
        self._run = run
        self._confirm_above = confirm_above
        self.rate_per_s = rate_per_s
        self.zone = zone

    # ── writing ──

    async def draft(self, unit: Unit, author_id: int) -> Announcement:
        """The author's draft, begun if there is none."""
        draft = await unit.announcements.draft_of(author_id)
        return draft or await unit.announcements.add(author_id, self._clock.now())

    async def begin_anew(self, unit: Unit, author_id: int) -> Announcement:
        """Drops the author's draft, if any, and begins another."""
        draft = await unit.announcements.draft_of(author_id)
        if draft is not None:
            now = self._clock.now()
            await self._save(unit, replace(draft, status=_S.STOPPED, starts_at=None, ended_at=now))
        return await unit.announcements.add(author_id, self._clock.now())

    async def write(self, unit: Unit, draft: Announcement, version: Version) -> Announcement:
        """Takes the words in that language; the buttons that it had before stay."""
        former = draft.versions.get(version.language)
        if former is not None and not version.buttons:
            version = replace(version, buttons=former.buttons)
        unit.announcements.put_version(draft.id, version)
        written = replace(
            draft, versions={**draft.versions, version.language: version}, is_tested=False
        )
        await self._save(unit, written)
        return written

    async def put_buttons(
        self, unit: Unit, draft: Announcement, buttons: dict[str, tuple[OfferButton, ...]]
    ) -> Announcement:
        """The buttons under each version, by its language."""
        for language, version in draft.versions.items():
            unit.announcements.put_version(
                draft.id, replace(version, buttons=buttons.get(language, ()))
            )
        await self._save(unit, replace(draft, is_tested=False))
        return await self._again(unit, draft.id)

    async def change(self, unit: Unit, draft: Announcement) -> Announcement:
        """Writes whom it is for, when it starts, how it is sent, that it was tested."""
        await self._save(unit, draft)
        return draft

    async def count(self, unit: Unit, draft: Announcement) -> Announcement:
        """The draft with its reach; without one while it is counted among very many."""
        return await self._counting.count(unit, draft)

    def wants_number(self, reach: int) -> bool:
        return reach > self._confirm_above

    # ── letting it go ──

    async def start(self, unit: Unit, by: int, typed: int | None) -> Announcement:
        """Starts the operator's draft now, or at its time. ``typed`` is the number of recipients,
        where it is wanted.

        Raises `NotAllowed`, `NotTested`, `StillCounting`, `NumberDiffers`, `AnnouncementMoved`.
        """
        await self._authority.require(unit, by, Deed.ANNOUNCE)
        draft = await unit.announcements.draft_of(by)
        if draft is None:
            raise AnnouncementMoved
        if not draft.is_tested or not draft.versions:
            raise NotTested
        draft = await self.count(unit, draft)
        if draft.reach is None:
            raise StillCounting
        if self.wants_number(draft.reach) and typed != draft.reach:
            raise NumberDiffers(draft.reach)
        if draft.starts_at is None or draft.in_local_time:
            begun = await self._run.plan(unit, draft, Pass.SEND, [_S.DRAFT])
        else:
            begun = await self._run.schedule(unit, draft, draft.starts_at)
        facts = as_let_go(draft, draft.reach, self.zone)
        self._record(unit, by, draft, begun, Pass.SEND, after=facts)
        return begun

    async def hold(self, unit: Unit, by: int, announcement_id: int, to: str) -> Announcement:
        """``to`` is ``pause``, ``resume`` or ``stop``. Raises `NotAllowed`, `AnnouncementMoved`."""
        former = await self._own(unit, by, announcement_id)
        match to:
            case "pause":
                held = await self._run.pause(unit, former)
            case "resume":
                held = await self._run.resume(unit, former)
            case _:
                held = await self._run.stop(unit, former)
        self._record(unit, by, former, held, to)
        return held

    async def recall(self, unit: Unit, by: int, announcement_id: int) -> Announcement:
        """Deletes what was sent. Raises `NotAllowed`, `TooLateToRecall`, `AnnouncementMoved`."""
        former = await self._own(unit, by, announcement_id)
        if not former.is_recallable(self._clock.now()):
            raise TooLateToRecall
        recalled = await self._run.plan(unit, former, Pass.RECALL, [_S.DONE, _S.STOPPED])
        self._record(unit, by, former, recalled, Pass.RECALL)
        return recalled

    async def correct(
        self, unit: Unit, by: int, announcement_id: int, version: Version
    ) -> Announcement:
        """Puts the words in place of those that were sent in that language; file and buttons stay.
        While it is paused they are for those who are still to read it, and what nobody has read yet
        may become another kind of message.

        Raises `NotAllowed`, and `AnnouncementMoved` while it is still being sent.
        """
        former = await self._own(unit, by, announcement_id)
        old = former.versions.get(version.language)
        if old is None:
            raise AnnouncementMoved
        new = replace(old, html=version.html)
        if await self.is_unread(unit, former):
            new = replace(version, buttons=old.buttons)
        unit.announcements.put_version(former.id, new)
        if former.status is _S.PAUSED and former.doing is Pass.SEND:
            versions = {**former.versions, new.language: new}
            corrected = replace(former, versions=versions, trouble=None)
            await self._move(unit, corrected, [_S.PAUSED])
        else:
            frm = [_S.DONE, _S.STOPPED]
            corrected = await self._run.plan(unit, former, Pass.CORRECT, frm)
        before, after = as_written(old), as_written(new)
        self._record(unit, by, former, corrected, Pass.CORRECT, before, after)
        return corrected

    async def is_unread(self, unit: Unit, announcement: Announcement) -> bool:
        """It waits for an operator, and nobody has it yet."""
        if announcement.status is not _S.PAUSED or announcement.doing is not Pass.SEND:
            return False
        tallies = await unit.deliveries.tallies(announcement.id)
        return not any(tallies.get(each) for each in _PERHAPS_READ)

    async def get(self, unit: Unit, by: int, announcement_id: int) -> Announcement:
        """Any operator who may announce sees what others announced. Raises `NotAllowed`,
        `AnnouncementMoved`."""
        return await self._own(unit, by, announcement_id)

    async def click(
        self, unit: Unit, announcement_id: int, subscriber_id: int, button: int, language: str
    ) -> OfferButton | None:
        """Counts the press, and says what it opens; None for a button that is not there."""
        announcement = await unit.announcements.get(announcement_id)
        if announcement is None or not announcement.versions:
            return None
        buttons = announcement.version_for(language).buttons
        if button >= len(buttons):
            return None
        unit.announcements.click(announcement_id, subscriber_id, button, self._clock.now())
        return buttons[button]

    async def _own(self, unit: Unit, by: int, announcement_id: int) -> Announcement:
        await self._authority.require(unit, by, Deed.ANNOUNCE)
        announcement = await unit.announcements.get(announcement_id)
        if announcement is None or announcement.status is _S.DRAFT:
            raise AnnouncementMoved
        return announcement

    def _record(
        self, unit: Unit, by: int, frm: Announcement, to: Announcement, what: str,
        before: dict[str, Any] | None = None, after: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        unit.audit.record(
            AuditEntry(
                by,
                Deed.ANNOUNCE,
                self._clock.now(),
                f"announcement {frm.id}",
                {"status": str(frm.status), **(before or {})},
                {"status": str(to.status), "does": str(what), **(after or {})},
            )
        )

    async def _again(self, unit: Unit, announcement_id: int) -> Announcement:
        found = await unit.announcements.get(announcement_id)
        if found is None:
            raise AnnouncementMoved
        return found

    async def _save(self, unit: Unit, draft: Announcement) -> None:
        await self._move(unit, draft, [_S.DRAFT])

    async def _move(
        self, unit: Unit, announcement: Announcement, frm: list[AnnouncementStatus]
    ) -> None:
        if not await unit.announcements.move(announcement, frm):
            raise AnnouncementMoved
