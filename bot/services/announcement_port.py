"""What is kept of announcements and their deliveries, as the services and the courier see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from bot.domain.announcement import (
    Afterwards,
    Announcement,
    AnnouncementStatus,
    DeliveryEnd,
    DeliveryStatus,
    Recipient,
    Version,
)
from bot.domain.preferences import QuietHours

if TYPE_CHECKING:
    from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who is looked at while an announcement is planned."""

    chat_id: int
    is_meant: bool
    """Belongs to the audience and can be written to."""
    zone: str | None
    """The one that they chose, else that of their line; None: no line."""
    quiet: QuietHours | None


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of one recipient, for the report."""

    chat_id: int
    status: DeliveryStatus
    afterwards: Afterwards | None
    changed_at: datetime | None
    pressed: Sequence[int]
    """The buttons, by their places."""


class Announcements(Protocol):
    async def add(self, created_by: int, at: datetime) -> Announcement: ...

    async def get(self, announcement_id: int) -> Announcement | None: ...

    async def draft_of(self, created_by: int) -> Announcement | None:
        """The operator's draft, the newest."""
        ...

    async def latest(self, limit: int, offset: int) -> list[Announcement]:
        """Without drafts and those that were dropped, the newest first."""
        ...

    async def move(self, announcement: Announcement, frm: Sequence[AnnouncementStatus]) -> bool:
        """Writes everything but the versions, by compare-and-set on the stored status."""
        ...

    def put_version(self, announcement_id: int, version: Version) -> None: ...

    def click(self, announcement_id: int, chat_id: int, button: int, at: datetime) -> None:
        """Counts once a person and button, and only for those it was sent to."""
        ...

    async def clicks(self, announcement_id: int) -> dict[int, int]:
        """How many people pressed each button, by its place."""
        ...


class Recipients(Protocol):
    async def countries(self) -> list[str]:
        """In which any line was used, as far as the carrier says it: ISO 3166-1 alpha-2 codes."""
        ...

    async def count(
        self, announcement: Announcement, now: datetime, limit: int
    ) -> tuple[int, int | None]:
        """How many of the next people after ``counted_to``, so many at most, would be written to
        now; and the last one's chat, None when there are no more."""
        ...

    async def candidates(
        self, announcement: Announcement, now: datetime, limit: int
    ) -> list[Candidate]:
        """The next people after ``planned_to``, by id: so many at most, meant or not."""
        ...

    def plan(self, announcement_id: int, chats: Sequence[tuple[int, datetime]]) -> None:
        """One delivery each, not before that instant; who has one keeps it."""
        ...

    async def plan_refused(self, announcement_id: int, limit: int) -> None:
        """Has so many of those whom Telegram refused it, and who are no reason for that, sent it
        once more."""
        ...

    async def plan_again(self, announcement: Announcement, limit: int) -> int | None:
        """Has the next deliveries after ``planned_to`` that were sent done to as the announcement
        says; the last one's chat, None when there are no more."""
        ...


class Deliveries(Protocol):
    async def take(
        self, announcement_id: int, now: datetime, limit: int, zone: ZoneInfo
    ) -> list[Recipient] | None:
        """The next recipients who are due, marked as under way; empty when those who were due are
        skipped or wait for the end of their quiet hours, None when nobody is due or while it does
        not run.

        ``zone`` is that of recipients without a line. The mark must be committed before anything
        leaves.
        """
        ...

    async def doubt(self, announcement: Announcement) -> None:
        """What a former process left under way: sent or not, nobody knows. A message is not sent
        again; a correction or recall is, since doing it twice does the same."""
        ...

    async def end(self, ends: Sequence[DeliveryEnd], at: datetime) -> None:
        """Of those that are under way: what has ended stays as it ended."""
        ...

    async def next_due(self, announcement_id: int) -> datetime | None:
        """When the next recipient is due; None: nobody is left."""
        ...

    async def tallies(self, announcement_id: int) -> dict[str, int]:
        """How many deliveries are in each `DeliveryStatus`, and of the last further pass in each
        `Afterwards`."""
        ...

    async def report(self, announcement_id: int, after: int, limit: int) -> list[Reported]:
        """The next recipients after that chat, by chat."""
        ...


class AnnouncementNotices(Protocol):
    async def progress(
        self, unit: Unit, announcement: Announcement, per_s: float | None = None
    ) -> None:
        """Redraws the announcement's panel in its author's chat. ``per_s``: how many came to an end
        lately."""
        ...

    async def counted(self, unit: Unit, draft: Announcement) -> None:
        """Redraws the draft in its author's chat, where it is looked at."""
        ...

    async def refused(self, unit: Unit, announcement: Announcement) -> None:
        """Tells its author that Telegram takes it of nobody, why, and what can be done; a message
        of its own."""
        ...

    async def finished(self, unit: Unit, announcement: Announcement) -> None:
        """Tells its author that it is through; a message of its own."""
        ...
