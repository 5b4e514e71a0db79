"""An announcement: one message to many, and what becomes of it for each of them.

    draft ─▶ scheduled ─▶ planning ─▶ running ⇄ paused ─▶ done
                                         └────────┴─────▶ stopped

An operator pauses it, or it pauses by itself, when Telegram takes the message of nobody. Planning
writes one `Delivery` a recipient; from then on these rows decide everything. Correcting and
recalling what was sent are further passes over the same rows: planning, running, done again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from bot.domain.language import nearest

RECALLABLE: Final = timedelta(hours=48)
"""The Bot API deletes a message for both sides for so long."""
_CLOCKS_APART: Final = timedelta(hours=26)
"""The first clock on earth to show an hour does so that much before the last (UTC+14, UTC−12)."""
PLACEHOLDERS: Final = ("name", "plan", "days_left")
LONGEST_TEXT: Final = 4096
LONGEST_CAPTION: Final = 1024
ROOM_FOR_A_VALUE: Final = 32
"""How many characters a placeholder may become."""
_OF_THE_CHAT: Final = (
    "chat not found", "user not found", "peer_id_invalid", "chat_write_forbidden", "rights",
    "group chat was", "is restricted", "_forbidden",
)  # fmt: skip
"""What Telegram says when a 400 is about whom it is for."""
_PLACEHOLDER: Final = re.compile("{(" + "|".join(PLACEHOLDERS) + ")}")


class AnnouncementStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PLANNING = "planning"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


class Pass(StrEnum):
    """What is done to each recipient."""

    SEND = "send"
    CORRECT = "correct"
    RECALL = "recall"


class DeliveryStatus(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    """Written before it leaves: after a crash it is not known whether it did."""
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """It left, and no answer came: not sent again, nobody shall read it twice."""
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    NOT_FOUND = "not_found"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Blocked the bot, or was erased, between planning and sending."""


class Afterwards(StrEnum):
    """What a further pass made of a message that was sent."""

    UNDER_WAY = "under_way"
    CORRECTED = "corrected"
    RECALLED = "recalled"
    REFUSED = "refused"


class Category(StrEnum):
    NEWS = "news"
    PROMOTION = "promotion"


COUNTRY_COUNTS_FOR: Final = timedelta(days=30)
"""Who used no data for longer may be anywhere by now."""


class AudienceKind(StrEnum):
    ALL = "all"
    PLAN = "plan"
    """Whose line has that plan now."""
    ENDING = "ending"
    """Whose plan ends within so many days."""
    LAPSED = "lapsed"
    """Whose plan ended so many days ago, or longer."""
    LANGUAGE = "language"
    COUNTRY = "country"
    """Whose line was last used there, as far as the carrier says where: not longer ago than
    `COUNTRY_COUNTS_FOR`."""
    NEVER_RENEWED = "never"
    NUMBER = "number"
    """The holder of that line."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom it is for. ``value`` is a plan's code, days, a language, a country (ISO 3166-1 alpha-2)
    or a number, by its kind."""

    kind: AudienceKind
    value: str = ""

    @property
    def days(self) -> int:
        """Of the kinds that count days; 0 otherwise."""
        is_counted = self.kind in {AudienceKind.ENDING, AudienceKind.LAPSED}
        return int(self.value) if is_counted else 0


class Content(StrEnum):
    """The kind of message; the name of its parameter in the Bot API, except for text."""

    TEXT = "text"
    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class OfferButton:
    """Opens a plan, which is counted, or a link, which Telegram tells nobody of."""

    label: str
    plan_code: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """The message in one language. ``html`` may hold placeholders."""

    language: str
    content: Content
    html: str
    file_id: str | None = None
    buttons: tuple[OfferButton, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    id: int
    created_by: int
    created_at: datetime
    status: AnnouncementStatus = AnnouncementStatus.DRAFT
    versions: Mapping[str, Version] = field(default_factory=dict)
    audience: Audience = Audience(AudienceKind.ALL)
    category: Category = Category.NEWS
    silent: bool = False
    is_tested: bool = False
    """As it now is: any change of a version wants another test."""
    starts_at: datetime | None = None
    """None: at once."""
    in_local_time: bool = False
    """``starts_at`` is read on each recipient's own clock."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    doing: Pass = Pass.SEND
    planned_to: int = 0
    """Recipients up to this chat are planned."""
    trouble: str | None = None
    """Why it paused by itself: Telegram's words."""
    counted: int = 0
    """How many of the people up to ``counted_to`` would be written to."""
    counted_to: int | None = None
    """None: of all people, once ``counted_at`` is set."""
    counted_at: datetime | None = None
    """When counting began; None: not since it was aimed at these."""

    @property
    def reach(self) -> int | None:
        """How many would be written to; None while they are counted."""
        is_counted = self.counted_at is not None and self.counted_to is None
        return self.counted if is_counted else None

    def aimed(
        self, audience: Audience | None = None, category: Category | None = None
    ) -> Announcement:
        """At others, who are to be counted anew."""
        return replace(
            self,
            audience=audience or self.audience,
            category=category or self.category,
            counted=0,
            counted_to=None,
            counted_at=None,
        )

    def version_for(self, language: str) -> Version:
        """In that language, the nearest one, or the first one that it was written in. Raises
        `LookupError`."""
        if not self.versions:
            raise LookupError("an announcement without words")
        return self.versions[nearest(language, self.versions) or next(iter(self.versions))]

    def is_recallable(self, now: datetime) -> bool:
        """Something was sent, and all of it so lately that it can still be deleted."""
        first_at = self.started_at
        if first_at is None:
            return False
        if self.in_local_time and self.starts_at is not None:
            first_at = max(first_at, self.starts_at - _CLOCKS_APART)
        return now - first_at < RECALLABLE


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose turn it is, with what the placeholders say of them."""

    chat_id: int
    language: str
    name: str
    plan: str
    """Its name in their language; empty without one."""
    days_left: int | None
    message_id: int | None = None
    """Of what was sent, for the further passes."""


@dataclass(frozen=True, slots=True)
class DeliveryEnd:
    """How it ended for one recipient. ``PLANNED`` gives the row back."""

    announcement_id: int
    chat_id: int
    doing: Pass
    status: DeliveryStatus
    message_id: int | None = None


def fill(words: str, values: Mapping[str, str]) -> str:
    """The HTML with its placeholders replaced by the values, which are escaped: also for within the
    address of a link."""
    return _PLACEHOLDER.sub(lambda found: html.escape(values[found[1]]), words)


def longest(text: str) -> int:
    """How long the text may become once it is filled, in characters."""
    found = _PLACEHOLDER.findall(text)
    return len(text) + sum(max(ROOM_FOR_A_VALUE - len(name) - 2, 0) for name in found)


def is_of_the_message(code: int, description: str) -> bool:
    """Whether a refusal speaks of what was to be sent, which others would be refused as well, and
    not of the one chat (descriptions of tdlib/telegram-bot-api)."""
    said = description.lower()
    return code == HTTPStatus.BAD_REQUEST and not any(each in said for each in _OF_THE_CHAT)


def refused_as(code: int, description: str) -> DeliveryStatus:
    """What Telegram's refusal of a message says of its recipient (descriptions of
    tdlib/telegram-bot-api)."""
    said = description.lower()
    if code == HTTPStatus.FORBIDDEN:
        return DeliveryStatus.DEACTIVATED if "deactivated" in said else DeliveryStatus.BLOCKED
    if "chat not found" in said:
        return DeliveryStatus.NOT_FOUND
    return DeliveryStatus.FAILED
