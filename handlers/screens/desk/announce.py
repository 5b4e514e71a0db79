"""An announcement's draft: at a glance, its buttons, when it starts, and letting it go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.announcement import Announcement, Category, OfferButton
from bot.domain.plan import Plan
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, folded, lines
from handlers.screens.desk.audience import audience_name, people
from handlers.screens.desk.running import duration, start_time
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts, own_name, texts

MOST_BUTTONS: Final = 3
DRAFT, BUTTONS, TIME = "announce", "announce buttons", "announce time"


def draft(
    t: Texts, announcement: Announcement, rate: float, zone: ZoneInfo, note: Html | None = None
) -> Screen:
    """The draft at a glance; everything is changed from here."""
    written = announcement.versions
    return Screen(
        lines(
            note,
            bold(t("📣 Announcement")),
            t("To: {audience}", audience=audience_name(t, announcement.audience)),
            _reach(t, announcement, rate),
            t("When: {time}", time=start_time(t, announcement, zone)),
            *_buttons_of(t, announcement),
            *(folded(Html(version.html)) for version in written.values() if version.html),
            None if announcement.is_tested else t("Send it to yourself once before it goes out."),
        ),
        rows(
            [
                Key(t.plain("✍️ Words"), Press(Action.ANNOUNCE_WORDS)),
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
                if announcement.is_tested and announcement.reach else None,
                _desk(t),
            ],
        ),
        shows=DRAFT,
    )  # fmt: skip


def buttons(
    t: Texts, announcement: Announcement, plans: Sequence[Plan], hint: Html | None = None
) -> Screen:
    """A label in each language that the announcement is written in, in this order."""
    written = list(announcement.versions)
    codes = ", ".join(plan.code for plan in plans)
    return Screen(
        lines(
            hint,
            bold(t("🔘 Buttons")),
            t("One line a button, {most} at most: what it says ({languages}), then what it opens, "
              "a plan ({codes}) or a link.", most=MOST_BUTTONS, codes=codes,
              languages=" | ".join(map(own_name, written))),
            *(
                code(" | ".join([*(texts(each).plain("Renew now") for each in written), plan.code]))
                for plan in plans[:1]
            ),
            code(" | ".join([
                *(texts(each).plain("Our site") for each in written), "https://example.com"
            ])),
            t("Presses of a plan are counted, once a person. Telegram tells nobody who opens a "
              "link, so links are not counted."),
        ),
        rows([Key(t.plain("No buttons"), Press(Action.ANNOUNCE_NO_BUTTONS)), _back(t)]),
        shows=BUTTONS,
    )  # fmt: skip


def when(t: Texts, announcement: Announcement, zone: ZoneInfo, hint: Html | None = None) -> Screen:
    own = t.plain("● Readers' clocks") if announcement.in_local_time else t.plain("Readers' clocks")
    return Screen(
        lines(
            hint,
            bold(t("🕒 Time")),
            t("Now: {time}", time=start_time(t, announcement, zone)),
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
    t: Texts, announcement: Announcement, rate: float, zone: ZoneInfo, *,
    type_it: bool, hint: Html | None = None,
) -> Screen:  # fmt: skip
    go = Key(t.plain("🚀 Send"), Press(Action.ANNOUNCE_SURELY), style="success")
    return Screen(
        lines(
            hint,
            bold(t("🚀 Send it?")),
            _reach(t, announcement, rate),
            t("To: {audience}", audience=audience_name(t, announcement.audience)),
            t("When: {time}", time=start_time(t, announcement, zone)),
            t("That is many. Type the number of people to send it.") if type_it else None,
        ),
        rows([None if type_it else go], [_back(t)]),
        shows="announce confirm",
    )


# ── hints ──


def no_buttons(t: Texts) -> Html:
    return t(
        "⚠️ I could not read that. A line has a label in each language, then what it opens, with "
        "| between them."
    )


def no_time(t: Texts) -> Html:
    return t("⚠️ I could not read that as a time to come.")


def number_differs(t: Texts, recipients: int) -> Html:
    return t("That is not the number of recipients: {number}", number=recipients)


def tested(t: Texts) -> Html:
    return t("🧪 That is how it looks. The values of your own chat stand in it.")


def _reach(t: Texts, announcement: Announcement, rate: float) -> Html:
    sound = t("silent") if announcement.silent else t("with sound")
    known = [people(t, announcement), sound]
    if announcement.reach is not None:
        known.insert(1, duration(t, announcement.reach, rate))
    return bold(Html(" · ").join(known))


def _buttons_of(t: Texts, announcement: Announcement) -> list[Html]:
    if not announcement.versions:
        return []
    chosen: tuple[OfferButton, ...] = announcement.version_for(t.language).buttons
    return [
        t("Button: {label} → {target}", label=each.label, target=each.plan_code or each.url or "")
        for each in chosen
    ]


def _back(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.ANNOUNCE))


def _desk(t: Texts) -> Key:
    return Key(t.plain("🛠 Desk"), Press(Action.DESK))
