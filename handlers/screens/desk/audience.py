"""Choosing whom an announcement is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.announcement import Announcement, Audience, AudienceKind
from bot.domain.plan import Plan
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import Texts, languages, own_name

AUDIENCE, NUMBER = "announce audience", "announce number"
_A_ROW: Final = 3


def audience(t: Texts, announcement: Announcement) -> Screen:
    def key(kind: AudienceKind, value: str = "") -> Key:
        return _key(t, announcement, Audience(kind, value))

    kinds = AudienceKind
    return Screen(
        lines(
            bold(t("👥 Audience")),
            t("Now: {audience}", audience=audience_name(t, announcement.audience)),
            people(t, announcement),
            t("Whoever blocked the bot is left out, and whoever does not want news or did not ask "
              "for promotions. A country is not known of our lines."),
        ),
        rows(
            [
                key(kinds.ALL),
                Key(t.plain("🌐 By language"), Press(Action.ANNOUNCE_BY_LANGUAGE)),
            ],
            [key(kinds.ENDING, "3"), key(kinds.ENDING, "7")],
            [key(kinds.LAPSED, "30"), key(kinds.NEVER_RENEWED)],
            [
                Key(t.plain("📦 By plan"), Press(Action.ANNOUNCE_BY_PLAN)),
                Key(t.plain("📱 One number"), Press(Action.ANNOUNCE_BY_NUMBER)),
                Key(t.plain("◀ Back"), Press(Action.ANNOUNCE)),
            ],
        ),
        shows=AUDIENCE,
    )  # fmt: skip


def by_plan(t: Texts, plans: Sequence[Plan]) -> Screen:
    keys = [
        Key(plan.name(t.language),
            Press(Action.ANNOUNCE_TO, AudienceKind.PLAN, detail=plan.code))
        for plan in plans
    ]  # fmt: skip
    return Screen(
        lines(bold(t("📦 By plan")), t("Whose line has that plan now.")),
        rows(
            *abreast(keys, max(-(-len(keys) // 3), 1)),
            [Key(t.plain("◀ Back"), Press(Action.ANNOUNCE_AUDIENCE))],
        ),
        shows="announce plan",
    )


def by_language(t: Texts, announcement: Announcement) -> Screen:
    keys = [_key(t, announcement, Audience(AudienceKind.LANGUAGE, each)) for each in languages()]
    return Screen(
        lines(bold(t("🌐 By language")), t("Who reads the bot in that language.")),
        rows(
            *abreast(keys, _A_ROW),
            [Key(t.plain("◀ Back"), Press(Action.ANNOUNCE_AUDIENCE))],
        ),
        shows="announce language",
    )


def by_number(t: Texts, hint: Html | None = None) -> Screen:
    return Screen(
        lines(hint, bold(t("📱 One number")), t("Send the line's number with its country code.")),
        rows([Key(t.plain("◀ Back"), Press(Action.ANNOUNCE_AUDIENCE))]),
        shows=NUMBER,
    )


def _key(t: Texts, announcement: Announcement, offered: Audience) -> Key:
    mark = "● " if offered == announcement.audience else ""
    return Key(
        f"{mark}{audience_name(t, offered)}",
        Press(Action.ANNOUNCE_TO, offered.kind, detail=offered.value),
    )


def people(t: Texts, announcement: Announcement) -> Html:
    """How many it would reach, as far as they are counted."""
    if announcement.reach is None:
        return t("counting… {number} so far", number=f"{announcement.counted:,}")
    return t.count("{number} person", "{number} people", announcement.reach)


def audience_name(t: Texts, audience: Audience) -> str:  # noqa: PLR0911 - a name each
    match audience.kind:
        case AudienceKind.ALL:
            return t.plain("everybody")
        case AudienceKind.PLAN:
            return t.plain("plan {code}", code=audience.value)
        case AudienceKind.ENDING:
            return t.plain("ends in ≤ {days} d", days=audience.value)
        case AudienceKind.LAPSED:
            return t.plain("ended ≥ {days} d ago", days=audience.value)
        case AudienceKind.LANGUAGE:
            return own_name(audience.value)
        case AudienceKind.NEVER_RENEWED:
            return t.plain("Never renewed")
        case AudienceKind.NUMBER:
            return f"•••• {audience.value[-4:]}"


def no_number(t: Texts) -> Html:
    return t("⚠️ That is no phone number with its country code.")
