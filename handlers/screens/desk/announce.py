"""Composing an announcement: its words, its buttons, whom it is for, and when it starts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.announcement import (
    PLACEHOLDERS,
    Announcement,
    Audience,
    AudienceKind,
    Category,
    OfferButton,
)
from bot.domain.plan import Plan
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, folded, lines
from handlers.screens import format as f
from handlers.screens.desk.running import duration
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import LANGUAGES, Texts

NAMES: Final = {"zh_Hans": "中文", "en": "English"}
MOST_BUTTONS: Final = 3
WRITING, BUTTONS, NUMBER, TIME, CORRECTING = (
    "announce words", "announce buttons", "announce number", "announce time", "announce correct",
)  # fmt: skip


def write(t: Texts, language: str, hint: Html | None = None) -> Screen:
    return Screen(
        lines(
            hint,
            bold(t("✍️ The announcement in {language}", language=NAMES[language])),
            t("Send it as it should look: text, or a photo or file with words under it. "
              "Formatting is kept."),
            t("These become what is true of each reader: {placeholders}",
              placeholders=_placeholders()),
        ),
        rows([
            Key(t.plain("📚 Past ones"), Press(Action.ANNOUNCEMENTS)),
            _back(t),
        ]),
        shows=WRITING,
        subject=language,
    )  # fmt: skip


def correct(
    t: Texts, announcement: Announcement, language: str, hint: Html | None = None
) -> Screen:
    return Screen(
        lines(
            hint,
            bold(t("✏️ Announcement {id} in {language}", id=announcement.id,
                   language=NAMES[language])),
            t("Send the right words. They take the place of what was sent, wherever it was sent; "
              "picture and buttons stay."),
        ),
        rows([Key(t.plain("◀ Back"), Press(Action.ANNOUNCEMENT, number=announcement.id))]),
        shows=CORRECTING,
        subject=f"{language}:{announcement.id}",
    )  # fmt: skip


def draft(
    t: Texts, announcement: Announcement, count: int, rate: float, zone: ZoneInfo,
    note: Html | None = None,
) -> Screen:  # fmt: skip
    """The draft at a glance; everything is changed from here."""
    written = announcement.versions
    return Screen(
        lines(
            note,
            bold(t("📣 Announcement")),
            t("To: {audience}", audience=audience_name(t, announcement.audience)),
            _reach(t, count, announcement, rate),
            t("When: {time}", time=_time(t, announcement, zone)),
            *_buttons_of(t, announcement),
            *(folded(Html(version.html)) for version in written.values() if version.html),
            None if announcement.is_tested else t("Send it to yourself once before it goes out."),
        ),
        rows(
            [
                *(
                    Key(f"{'✓' if each in written else '✍️'} {NAMES[each]}",
                        Press(Action.ANNOUNCE_WORDS, each))
                    for each in LANGUAGES
                ),
                Key(t.plain("🔘 Buttons"), Press(Action.ANNOUNCE_BUTTONS)),
            ],
            [
                Key(t.plain("👥 Audience"), Press(Action.ANNOUNCE_AUDIENCE)),
                Key(t.plain("🕒 Time"), Press(Action.ANNOUNCE_TIME)),
                Key(t.plain("🗑 Start over"), Press(Action.ANNOUNCE_ANEW)),
            ],
            [
                Key(t.plain("🏷 Promotion") if announcement.category is Category.PROMOTION
                    else t.plain("🏷 News"), Press(Action.ANNOUNCE_CATEGORY)),
                Key(t.plain("🔕 Silent") if announcement.silent else t.plain("🔔 With sound"),
                    Press(Action.ANNOUNCE_SILENTLY)),
            ],
            [
                Key(t.plain("🧪 Test"), Press(Action.ANNOUNCE_TEST),
                    style=None if announcement.is_tested else "primary"),
                Key(t.plain("🚀 Send…"), Press(Action.ANNOUNCE_SEND), style="primary")
                if announcement.is_tested and count else None,
                _desk(t),
            ],
        ),
        shows="announce",
    )  # fmt: skip


def buttons(t: Texts, plans: Sequence[Plan], hint: Html | None = None) -> Screen:
    codes = ", ".join(plan.code for plan in plans)
    return Screen(
        lines(
            hint,
            bold(t("🔘 Buttons")),
            t("One line a button, {most} at most: what it says in Chinese, in English, and what it "
              "opens, a plan ({codes}) or a link.", most=MOST_BUTTONS, codes=codes),
            code("月卡 | Monthly plan | M30"),
            code("官网 | Our site | https://example.com"),
            t("Presses of a plan are counted, once a person. Telegram tells nobody who opens a "
              "link, so links are not counted."),
        ),
        rows([Key(t.plain("No buttons"), Press(Action.ANNOUNCE_NO_BUTTONS)), _back(t)]),
        shows=BUTTONS,
    )  # fmt: skip


def audience(t: Texts, announcement: Announcement, count: int) -> Screen:
    def key(kind: AudienceKind, value: str = "") -> Key:
        offered = Audience(kind, value)
        mark = "● " if offered == announcement.audience else ""
        return Key(
            f"{mark}{audience_name(t, offered)}", Press(Action.ANNOUNCE_TO, kind, detail=value)
        )

    kinds = AudienceKind
    return Screen(
        lines(
            bold(t("👥 Audience")),
            t("Now: {audience}", audience=audience_name(t, announcement.audience)),
            people(t, count),
            t("Whoever blocked the bot is left out, and whoever does not want news or did not ask "
              "for promotions. A country is not known of our lines."),
        ),
        rows(
            [key(kinds.ALL), key(kinds.LANGUAGE, "zh_Hans"), key(kinds.LANGUAGE, "en")],
            [key(kinds.ENDING, "3"), key(kinds.ENDING, "7")],
            [key(kinds.LAPSED, "30"), key(kinds.NEVER_RENEWED)],
            [
                Key(t.plain("📦 By plan"), Press(Action.ANNOUNCE_BY_PLAN)),
                Key(t.plain("📱 One number"), Press(Action.ANNOUNCE_BY_NUMBER)),
                _back(t),
            ],
        ),
        shows="announce audience",
    )  # fmt: skip


def by_plan(t: Texts, plans: Sequence[Plan]) -> Screen:
    keys = [
        Key(plan.names.get(t.language, plan.code),
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


def by_number(t: Texts, hint: Html | None = None) -> Screen:
    return Screen(
        lines(hint, bold(t("📱 One number")), t("Send the line's number with its country code.")),
        rows([Key(t.plain("◀ Back"), Press(Action.ANNOUNCE_AUDIENCE))]),
        shows=NUMBER,
    )


def when(t: Texts, announcement: Announcement, zone: ZoneInfo, hint: Html | None = None) -> Screen:
    own = t.plain("● Readers' clocks") if announcement.in_local_time else t.plain("Readers' clocks")
    return Screen(
        lines(
            hint,
            bold(t("🕒 Time")),
            t("Now: {time}", time=_time(t, announcement, zone)),
            t("Send a time such as {short} or {long}, by the clocks of {zone}.",
              short=code("18:30"), long=code("2026-12-01 18:30"), zone=zone.key),
            t("Nobody is written to in their quiet hours: it waits for them."),
        ),
        rows(
            [
                Key(t.plain("At once"), Press(Action.ANNOUNCE_AT_ONCE)),
                Key(own, Press(Action.ANNOUNCE_LOCALLY)) if announcement.starts_at else None,
            ],
            [_back(t)],
        ),
        shows=TIME,
    )  # fmt: skip


def confirm(
    t: Texts, announcement: Announcement, count: int, rate: float, zone: ZoneInfo, *,
    type_it: bool, hint: Html | None = None,
) -> Screen:  # fmt: skip
    go = Key(t.plain("🚀 Send"), Press(Action.ANNOUNCE_SURELY), style="success")
    return Screen(
        lines(
            hint,
            bold(t("🚀 Send it?")),
            _reach(t, count, announcement, rate),
            t("To: {audience}", audience=audience_name(t, announcement.audience)),
            t("When: {time}", time=_time(t, announcement, zone)),
            t("That is many. Type the number of people to send it.") if type_it else None,
        ),
        rows([None if type_it else go], [_back(t)]),
        shows="announce confirm",
    )


def people(t: Texts, count: int) -> Html:
    return t.count("{number} person", "{number} people", count)


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
            return NAMES[audience.value]
        case AudienceKind.NEVER_RENEWED:
            return t.plain("never renewed")
        case AudienceKind.NUMBER:
            return f"•••• {audience.value[-4:]}"


# ── hints ──


def no_albums(t: Texts) -> Html:
    return t("⚠️ An album has several messages, which cannot be corrected or taken back as one. "
             "Please send one picture.")  # fmt: skip


def not_this_kind(t: Texts) -> Html:
    return t("⚠️ Please send text, a photo or a file; a video only as a file.")


def too_long(t: Texts, most: int) -> Html:
    return t("⚠️ With the names put in it could be longer than the {most} characters that Telegram "
             "takes.", most=most)  # fmt: skip


def another_kind(t: Texts) -> Html:
    return t("⚠️ What was sent is corrected in words only: please send text.")


def no_buttons(t: Texts) -> Html:
    return t("⚠️ I could not read that. A line has three parts with | between them.")


def no_number(t: Texts) -> Html:
    return t("⚠️ That is no phone number with its country code.")


def no_time(t: Texts) -> Html:
    return t("⚠️ I could not read that as a time to come.")


def tested(t: Texts) -> Html:
    return t("🧪 That is how it looks. The values of your own chat stand in it.")


def _reach(t: Texts, count: int, announcement: Announcement, rate: float) -> Html:
    sound = t("silent") if announcement.silent else t("with sound")
    return bold(Html(" · ").join([people(t, count), duration(t, count, rate), sound]))


def _time(t: Texts, announcement: Announcement, zone: ZoneInfo) -> Html:
    at: datetime | None = announcement.starts_at
    if at is None:
        return t("at once")
    if announcement.in_local_time:
        return t("{time} on each reader's clock", time=f"{at.astimezone(zone):%Y-%m-%d %H:%M}")
    return f.moment(t, at, zone)


def _buttons_of(t: Texts, announcement: Announcement) -> list[Html]:
    if not announcement.versions:
        return []
    chosen: tuple[OfferButton, ...] = announcement.version_for(t.language).buttons
    return [
        t("Button: {label} → {target}", label=each.label, target=each.plan_code or each.url or "")
        for each in chosen
    ]


def _placeholders() -> Html:
    return Html(" ").join(code(f"{{{name}}}") for name in PLACEHOLDERS)


def _back(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.ANNOUNCE))


def _desk(t: Texts) -> Key:
    return Key(t.plain("🛠 Desk"), Press(Action.DESK))
