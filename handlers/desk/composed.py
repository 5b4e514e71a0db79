"""What an operator sends, read as an announcement's words, buttons and time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from telegram import Message

from bot.domain.announcement import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    Content,
    OfferButton,
    Version,
    longest,
)
from handlers.screens.desk.announce import MOST_BUTTONS

_LONGEST_LABEL: Final = 40
_FORMS: Final = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M")


class NotComposed(Exception):
    """The message cannot be announced."""


class IsAlbum(NotComposed):
    """One of several messages that belong together."""


class TooLong(NotComposed):
    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


def version_of(message: Message, language: str) -> Version:
    """The message as it looks, its entities as HTML (their offsets count UTF-16 units, which is
    python-telegram-bot's to know). Raises `NotComposed`."""
    if message.media_group_id is not None:
        raise IsAlbum
    if message.text is not None:
        return _checked(message.text, LONGEST_TEXT, Version(
            language, Content.TEXT, message.text_html))  # fmt: skip
    content, file_id = _file(message)
    words = Version(language, content, message.caption_html or "", file_id)
    return _checked(message.caption or "", LONGEST_CAPTION, words)


def words_of(message: Message, former: Version) -> Version:
    """The message's text in place of the words that were sent; with a file, they are its caption.
    Raises `NotComposed`."""
    if message.text is None:
        raise NotComposed
    most = LONGEST_TEXT if former.content is Content.TEXT else LONGEST_CAPTION
    return _checked(message.text, most, replace(former, html=message.text_html))


def buttons_of(
    text: str, languages: Sequence[str], plan_codes: Collection[str]
) -> dict[str, tuple[OfferButton, ...]] | None:
    """The buttons by language, from a line each, which has a label for each of the languages in
    this order; None when a line is none."""
    found: dict[str, list[OfferButton]] = {language: [] for language in languages}
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or len(lines) > MOST_BUTTONS:
        return None
    for line in lines:
        parts = [part.strip() for part in line.replace("｜", "|").split("|", len(languages))]
        if len(parts) != len(languages) + 1:
            return None
        *labels, target = parts
        for language, label in zip(languages, labels, strict=True):
            button = _button(label, target, plan_codes)
            if button is None:
                return None
            found[language].append(button)
    return {language: tuple(each) for language, each in found.items()}


def time_of(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant, by the clocks of the zone; a time alone is its next one. None when it is none,
    or over."""
    typed = " ".join(text.replace("：", ":").split())
    for form in _FORMS:
        try:
            at = datetime.strptime(typed, form).replace(tzinfo=zone)
        except ValueError:
            continue
        return at if at > now else None
    try:
        alone = time.fromisoformat(typed.zfill(5))
    except ValueError:
        return None
    at = datetime.combine(now.astimezone(zone).date(), alone.replace(tzinfo=None), zone)
    return at if at > now else at + timedelta(days=1)


def _file(message: Message) -> tuple[Content, str]:
    if message.photo:
        return Content.PHOTO, message.photo[-1].file_id
    if message.video is not None:
        return Content.VIDEO, message.video.file_id
    if message.document is not None and message.animation is None:
        return Content.DOCUMENT, message.document.file_id
    raise NotComposed


def _checked(plain: str, most: int, version: Version) -> Version:
    if longest(plain) > most:
        raise TooLong(most)
    return version


def _button(label: str, target: str, plan_codes: Collection[str]) -> OfferButton | None:
    if not label or len(label) > _LONGEST_LABEL:
        return None
    if target.upper() in plan_codes:
        return OfferButton(label, plan_code=target.upper())
    parts = urlsplit(target)
    if parts.scheme in {"http", "https"} and "." in (parts.hostname or ""):
        return OfferButton(label, url=target)
    return None
