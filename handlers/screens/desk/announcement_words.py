"""An announcement's words: written once a language, corrected later; and why some cannot be."""

from __future__ import annotations

from typing import Final

from bot.domain.announcement import PLACEHOLDERS, Announcement, AnnouncementStatus
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import Texts, languages, own_name

_A_ROW: Final = 3
WRITING, CORRECTING = "announce words", "announce correct"


def choose_language(t: Texts, announcement: Announcement) -> Screen:
    written = announcement.versions
    keys = [
        Key(
            f"{'✓' if each in written else '✍️'} {own_name(each)}",
            Press(Action.ANNOUNCE_WORDS, each),
        )
        for each in languages()
    ]
    return Screen(
        lines(
            bold(t("✍️ In which language?")),
            t("Whoever reads another one gets the nearest that you wrote, else English, else the "
              "first."),
        ),
        rows(*abreast(keys, _A_ROW), [Key(t.plain("◀ Back"), Press(Action.ANNOUNCE))]),
        shows="announce languages",
    )  # fmt: skip


def write(t: Texts, language: str, hint: Html | None = None) -> Screen:
    return Screen(
        lines(
            hint,
            bold(t("✍️ The announcement in {language}", language=t.name_of(language))),
            t("Send it as it should look: text, or a photo, video or file with words under it. "
              "Formatting is kept."),
            t("These become what is true of each reader: {placeholders}",
              placeholders=_placeholders()),
        ),
        rows([
            Key(t.plain("📚 Past ones"), Press(Action.ANNOUNCEMENTS)),
            Key(t.plain("◀ Back"), Press(Action.ANNOUNCE)),
        ]),
        shows=WRITING,
        subject=language,
    )  # fmt: skip


def correct(
    t: Texts, announcement: Announcement, language: str, hint: Html | None = None, *,
    is_unread: bool,
) -> Screen:  # fmt: skip
    return Screen(
        lines(
            hint,
            bold(t("✏️ Announcement {id} in {language}", id=announcement.id,
                   language=t.name_of(language))),
            _what_is_corrected(t, announcement, is_unread=is_unread),
        ),
        rows([Key(t.plain("◀ Back"), Press(Action.ANNOUNCEMENT, number=announcement.id))]),
        shows=CORRECTING,
        subject=f"{language}:{announcement.id}",
    )  # fmt: skip


# ── hints ──


def no_albums(t: Texts) -> Html:
    return t("⚠️ An album has several messages, which cannot be corrected or taken back as one. "
             "Please send one picture.")  # fmt: skip


def not_this_kind(t: Texts) -> Html:
    return t("⚠️ Please send text, a photo, a video or a file.")


def too_long(t: Texts, most: int) -> Html:
    return t("⚠️ With the names put in it could be longer than the {most} characters that Telegram "
             "takes.", most=most)  # fmt: skip


def another_kind(t: Texts) -> Html:
    return t("⚠️ What was sent is corrected in words only: please send text.")


def _what_is_corrected(t: Texts, announcement: Announcement, *, is_unread: bool) -> Html:
    if is_unread:
        return t("Nobody has it yet. Send it as it should be, of whatever kind; the buttons stay.")
    if announcement.status is AnnouncementStatus.PAUSED:
        return t("Send the right words, for those who are still to read it; picture and buttons "
                 "stay. Who has read it already is corrected once it is through.")  # fmt: skip
    return t("Send the right words. They take the place of what was sent, wherever it was sent; "
             "picture and buttons stay.")  # fmt: skip


def _placeholders() -> Html:
    return Html(" ").join(code(f"{{{name}}}") for name in PLACEHOLDERS)
