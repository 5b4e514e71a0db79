"""Choosing whom an announcement is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.announcement import COUNTRY_COUNTS_FOR, Announcement, Audience, AudienceKind
from bot.domain.plan import Plan
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import Texts, languages, own_name

AUDIENCE, NUMBER = "announce audience", "announce number"
_A_ROW: Final = 3
_COUNTRIES_A_PAGE: Final = 3 * _A_ROW
_LONGEST: Final = 18


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
              "for promotions."),
        ),
        rows(
            [
                key(kinds.ALL),
                Key(t.plain("🌐 By language"), Press(Action.ANNOUNCE_BY_LANGUAGE)),
                Key(t.plain("🌍 By country"), Press(Action.ANNOUNCE_BY_COUNTRY)),
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


def by_country(t: Texts, announcement: Announcement, countries: Sequence[str], page: int) -> Screen:
    """Those that there are, by their names in the operator's language, so many a page."""
    named = sorted(countries, key=t.country)
    pages = max(1, -(-len(named) // _COUNTRIES_A_PAGE))
    page = min(page, pages - 1)
    shown = named[page * _COUNTRIES_A_PAGE :][:_COUNTRIES_A_PAGE]
    keys = [_key(t, announcement, Audience(AudienceKind.COUNTRY, each)) for each in shown]

    def turn(sign: str, to: int) -> Key | None:
        press = Press(Action.ANNOUNCE_BY_COUNTRY, number=to % pages)
        return Key(sign, press) if 0 <= to < pages else None

    return Screen(
        lines(
            bold(t("🌍 By country")),
            t("Whose line was last used there, in the last {days} days. It is known of whoever "
              "looked at their usage, where the carrier says where.",
              days=COUNTRY_COUNTS_FOR.days),
            None if countries else t("So far the carrier has told us of no country."),
        ),
        rows(
            *abreast(keys, _A_ROW),
            [
                turn("‹", page - 1), turn("›", page + 1),
                Key(t.plain("◀ Back"), Press(Action.ANNOUNCE_AUDIENCE)),
            ],
        ),
        shows="announce country",
    )  # fmt: skip


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
        case AudienceKind.COUNTRY:
            return _short(t.country(audience.value))
        case AudienceKind.NEVER_RENEWED:
            return t.plain("Never renewed")
        case AudienceKind.NUMBER:
            return f"•••• {audience.value[-4:]}"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def no_number(t: Texts) -> Html:
    return t("⚠️ That is no phone number with its country code.")
