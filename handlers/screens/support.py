"""Support as the subscriber sees it: when somebody answers, that it is with us, that it is over."""

from __future__ import annotations

from typing import Final

from babel.dates import get_day_names

from bot.domain.support import SupportCase
from bot.domain.support_hours import Span
from bot.services.read_support import Attendance
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, escape, lines
from handlers.places import city_of
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts

ASKS: Final = "support"


def ask(t: Texts, attendance: Attendance, order_id: str | None, case: SupportCase | None) -> Screen:
    """``order_id``: the subscriber's own, that it is about; ``case``: the one that is open."""
    about = None
    if order_id is not None:
        about = t("About your order {id}: no need to mention it.", id=code(order_id))
    wanted = t("Tell us what it is about: write, or send a picture, a voice message or a file. "
               "A person reads it and answers here.")  # fmt: skip
    if case is not None:
        wanted = t("We are on your case. Whatever you send here reaches us.")
    return Screen(
        lines(bold(t("💬 Support")), wanted, about, "", *_attendance(t, attendance)),
        rows([_help(t), _home(t)]),
        shows=ASKS,
        subject=order_id,
    )


def received(t: Texts, attendance: Attendance) -> Screen:
    return Screen(
        lines(
            bold(t("✅ It is with us")),
            _when(t, attendance),
            t("Send on what else there is: we read all of it."),
        ),
        rows([_home(t)]),
        shows="support received",
    )


def closed(t: Texts, case: SupportCase) -> Screen:
    about = t("It was about your order {id}.", id=code(case.order_id)) if case.order_id else None
    return Screen(
        lines(
            bold(t("☑️ We have closed your case")),
            about,
            t("Is something still open? One tap, and we go on where we stopped."),
        ),
        rows([Key(t.plain("💬 Reopen"), Press(Action.REOPEN_CASE, number=case.id)), _home(t)]),
        shows="support closed",
    )


def reopened(t: Texts, attendance: Attendance) -> Screen:
    return Screen(
        lines(
            bold(t("💬 Your case is open again")),
            t("Send here what is still missing."),
            _when(t, attendance),
        ),
        rows([_help(t), _home(t)]),
        shows="support reopened",
    )


def edits_change_nothing(t: Texts) -> Html:
    return t("Support has your message as it was at first. Please send what you corrected as a new "
             "one.")  # fmt: skip


def _attendance(t: Texts, attendance: Attendance) -> list[Html]:
    spans = attendance.hours.spans
    if not spans:
        return [_when(t, attendance)]
    place = city_of(attendance.zone.key, t.locale)
    told = escape(t("; ")).join(_span(t, each) for each in spans)
    return [t("🕐 {hours} ({place} time)", hours=told, place=place), _when(t, attendance)]


def _when(t: Texts, attendance: Attendance) -> Html:
    wait = f.span(t, attendance.answer_within)
    if not attendance.hours.spans:
        return t("🕐 An answer usually takes {wait}.", wait=wait)
    if attendance.opens_at is None:
        return t("🟢 Somebody is here now; an answer usually takes {wait}.", wait=wait)
    opens = f.moment(t, attendance.opens_at, attendance.zone)
    return t("🌙 Nobody is here now. We are back on {when}; an answer usually takes {wait} then.",
             when=opens, wait=wait)  # fmt: skip


def _span(t: Texts, span: Span) -> Html:
    hours = f"{_clock(span.from_minute)}–{_clock(span.to_minute)}"
    days = get_day_names("abbreviated", context="format", locale=t.locale)
    if len(span.days) == 7:
        return t("every day {hours}", hours=hours)
    if span.first == span.last:
        return t("{day} {hours}", day=days[span.first], hours=hours)
    return t("{day} to {last} {hours}", day=days[span.first], last=days[span.last], hours=hours)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _help(t: Texts) -> Key:
    return Key(t.plain("◀ Back"), Press(Action.FAQ))


def _home(t: Texts) -> Key:
    return Key(t.plain("🏠 Home"), Press(Action.HOME))
