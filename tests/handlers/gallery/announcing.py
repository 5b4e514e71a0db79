"""The desk: an announcement from its first word to its report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.announcement import (
    Afterwards,
    Announcement,
    AnnouncementStatus,
    Audience,
    AudienceKind,
    Category,
    Content,
    DeliveryStatus,
    OfferButton,
    Pass,
    Version,
)
from handlers.screens.desk import announce, announcement_words, audience, running
from tests.handlers.facts import CATALOGUE, ENDS_AT, NOW
from tests.handlers.gallery.page import Page, page, said

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_RATE: Final = 25.0
_VERSIONS: Final = {
    "zh_Hans": Version("zh_Hans", Content.TEXT, "<b>新套餐</b>，{name}！",
                       buttons=(OfferButton("月卡", plan_code="M30"),)),
    "en": Version("en", Content.TEXT, "<b>New plans</b>, {name}!",
                  buttons=(OfferButton("Monthly plan", plan_code="M30"),)),
}  # fmt: skip
_MORE_COUNTRIES: Final = ("AE", "CH", "DE", "ES", "FR", "GB", "IT", "KR", "VC")
_DRAFT: Final = Announcement(7, 9001, NOW, versions=_VERSIONS)
_LATER: Final = replace(
    _DRAFT, is_tested=True, starts_at=ENDS_AT, silent=True, category=Category.PROMOTION,
    audience=Audience(AudienceKind.ENDING, "3"), counted=96, counted_at=NOW,
)  # fmt: skip
_MANY: Final = replace(_LATER, counted=1284)
_S, _D = AnnouncementStatus, DeliveryStatus
_HALFWAY: Final[dict[str, int]] = {
    _D.PLANNED: 590, _D.SENDING: 10, _D.SENT: 640, _D.BLOCKED: 30, _D.DEACTIVATED: 4,
    _D.NOT_FOUND: 2, _D.FAILED: 1, _D.UNCERTAIN: 1, _D.SKIPPED: 6,
}  # fmt: skip
_THROUGH: Final[dict[str, int]] = {
    **_HALFWAY, _D.PLANNED: 0, _D.SENDING: 0, _D.SENT: 1240, Afterwards.CORRECTED: 1200,
    Afterwards.REFUSED: 2, Afterwards.RECALLED: 38,
}  # fmt: skip
_REFUSED: Final = "Bad Request: can't parse entities"


def _as(status: AnnouncementStatus, **other: Any) -> Announcement:
    return replace(_LATER, status=status, **other)


def _panel(
    when: str, shown: Announcement, tallies: dict[str, int], clicks: int = 0,
    per_s: float | None = None,
) -> Page:  # fmt: skip
    pressed = {0: clicks} if clicks else {}
    return page(running.panel, when, shown, tallies, pressed, _RATE, _ZONE, per_s)


PAGES: Final[list[Page]] = [
    page(announcement_words.write, "in English", "en"),
    page(announcement_words.write, "an album was sent", "en", said(announcement_words.no_albums)),
    page(announcement_words.write, "another kind", "en", said(announcement_words.not_this_kind)),
    page(announcement_words.write, "too long", "en", said(announcement_words.too_long, 4096)),
    page(announcement_words.choose_language, "", _DRAFT),
    page(announce.draft, "not counted yet", replace(_DRAFT, counted=500), _RATE, _ZONE),
    page(announce.draft, "tested", _LATER, _RATE, _ZONE, said(announce.tested)),
    page(announce.buttons, "", _DRAFT, CATALOGUE),
    page(announce.buttons, "not readable", _DRAFT, CATALOGUE, said(announce.no_buttons)),
    page(audience.audience, "", _LATER),
    page(audience.by_plan, "", CATALOGUE),
    page(audience.by_language, "", _DRAFT),
    page(audience.by_country, "", _DRAFT, ["JP", "TH", "CN"], 0),
    page(audience.by_country, "many", _DRAFT, ["JP", "TH", "CN", *_MORE_COUNTRIES], 1),
    page(audience.by_country, "none known", _DRAFT, [], 0),
    page(audience.by_number, ""),
    page(audience.by_number, "no number", said(audience.no_number)),
    page(announce.when, "", _DRAFT, _ZONE),
    page(announce.when, "at a time on the readers' clocks, not readable",
         replace(_LATER, in_local_time=True), _ZONE, said(announce.no_time)),
    page(announce.confirm, "", _LATER, _RATE, _ZONE, type_it=False),
    page(announce.confirm, "to many", _MANY, _RATE, _ZONE, type_it=True),
    _panel("waits for its time", _as(_S.SCHEDULED), {}),
    _panel("getting ready", _as(_S.PLANNING), {}),
    _panel("being sent", _as(_S.RUNNING), _HALFWAY, 12, per_s=24.6),
    _panel("paused", _as(_S.PAUSED), _HALFWAY),
    _panel("refused by Telegram", _as(_S.PAUSED, trouble=_REFUSED), {_D.PLANNED: 1284}),
    _panel("stopped", _as(_S.STOPPED), _HALFWAY),
    _panel("being corrected", _as(_S.RUNNING, doing=Pass.CORRECT), _THROUGH),
    _panel("done, corrected and partly taken back", _as(_S.DONE), _THROUGH, 120),
    _panel("taken back", _as(_S.DONE, doing=Pass.RECALL), _THROUGH),
    page(running.refused, "", _as(_S.PAUSED, trouble=_REFUSED)),
    page(running.finished, "", _as(_S.DONE), _THROUGH),
    page(running.surely_recall, "", _as(_S.DONE), 1240),
    page(running.history, "", [_as(_S.DONE), replace(_as(_S.STOPPED), id=6)], 0, _ZONE),
    page(running.history, "of many", [replace(_as(_S.DONE), id=each) for each in range(13, 6, -1)],
         1, _ZONE),
    page(running.history, "none", [], 0, _ZONE),
    page(running.no_table, ""),
    page(running.table_caption, "", 1, 1284, 1284),
    page(running.table_caption, "the first of several files", 1, 50_000, 120_000),
    page(announcement_words.correct, "", _as(_S.DONE), "en", is_unread=False),
    page(announcement_words.correct, "while it is paused", _as(_S.PAUSED), "en", is_unread=False),
    page(announcement_words.correct, "nobody has it yet", _as(_S.SCHEDULED), "en", is_unread=True),
    page(announcement_words.correct, "a picture was sent", _as(_S.DONE), "en",
         said(announcement_words.another_kind), is_unread=False),
]  # fmt: skip
