"""What is told and when: alerts by kind, quiet hours, the time zone, news and offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.line import Line
from bot.domain.preferences import AlertKind, Preferences, QuietHours
from bot.services.change_preferences import NEWS, PROMOTIONS
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.places import city_of
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import Texts

_PRESETS: Final = ((22, 8), (23, 7), (0, 9))
_CITIES: Final = (
    "Asia/Shanghai", "Asia/Tokyo", "Asia/Singapore", "Asia/Dubai", "Europe/London",
    "Europe/Paris", "America/New_York", "America/Los_Angeles", "Australia/Sydney",
)  # fmt: skip
OFF: Final = "off"
AUTOMATIC: Final = "auto"


def notifications(
    t: Texts, held: Preferences, line: Line | None, note: Html | None = None
) -> Screen:
    muted = len(held.muted)
    alerts = t("Alerts: all on") if not muted else t("Alerts: {off} of 5 off", off=muted)
    return Screen(
        lines(
            note,
            bold(t("🔔 Notifications")),
            alerts,
            _quiet_line(t, held),
            _zone_line(t, held, line),
            t("Orders and payments are always told."),
        ),
        rows(
            [
                Key(t.plain("🔔 Alerts"), Press(Action.ALERTS)),
                Key(t.plain("🌙 Quiet hours"), Press(Action.QUIET_HOURS)),
            ],
            [
                _toggle(t.plain("News"), held.news, _prefer(NEWS, held.news)),
                _toggle(t.plain("Offers"), held.promotions, _prefer(PROMOTIONS, held.promotions)),
            ],
            [
                Key(t.plain("🕓 Time zone"), Press(Action.ZONES)),
                Key(t.plain("◀ Back"), Press(Action.SETTINGS)),
            ],
        ),
        shows="notifications",
    )


def alerts(
    t: Texts, held: Preferences, line: Line | None, *, several: bool, note: Html | None = None
) -> Screen:
    """``line``: what is told of that one; None: of every line."""
    number = line.id if line is not None else 0
    keys = []
    for kind in AlertKind:
        on = kind not in held.muted if line is None else held.wants(kind, line.id)
        press = Press(Action.ALERT_OFF if on else Action.ALERT_ON, kind, number)
        keys.append(_toggle(_kind(t, kind), on, press))
    if several:
        keys.append(Key(t.plain("📱 For one line"), Press(Action.ALERT_LINES)))
    about = t("Of every line") if line is None else t("Of {line}", line=f.called(line))
    return Screen(
        lines(
            note,
            bold(t("🔔 Alerts")),
            about if several else None,
            t("Tap to turn one on or off. Each comes at most once for its occasion, and never in "
              "your quiet hours."),
        ),
        rows(*abreast(keys, 2), [Key(t.plain("◀ Back"), Press(Action.NOTIFICATIONS))]),
        shows="alerts",
    )  # fmt: skip


def alert_lines(t: Texts, linked: Sequence[Line]) -> Screen:
    keys = [Key(f.called(line), Press(Action.ALERTS, number=line.id)) for line in linked]
    every = Key(t.plain("Every line"), Press(Action.ALERTS))
    return Screen(
        bold(t("Of which line?")),
        rows(
            *abreast(keys, -(-len(keys) // 3) or 1),
            [every, Key(t.plain("◀ Back"), Press(Action.ALERTS))],
        ),
        shows="alert lines",
    )


def quiet_hours(t: Texts, held: Preferences, line: Line | None, hint: Html | None = None) -> Screen:
    keys = [
        Key(_marked(f"{a}:00–{b}:00", held.quiet == QuietHours(a * 60, b * 60)),
            Press(Action.QUIET, f"{a * 60}-{b * 60}"))
        for a, b in _PRESETS
    ]  # fmt: skip
    off = Key(_marked(t.plain("None"), held.quiet is None), Press(Action.QUIET, OFF))
    return Screen(
        lines(
            hint,
            bold(t("🌙 Quiet hours")),
            _quiet_line(t, held),
            _zone_line(t, held, line),
            t("Tap, or send other times, such as 22:30-07:00. Alerts wait until they end."),
        ),
        rows(
            keys[:2],
            [keys[2], off],
            [Key(t.plain("◀ Back"), Press(Action.NOTIFICATIONS))],
        ),
        shows="quiet hours",
    )


def zones(t: Texts, held: Preferences, line: Line | None, hint: Html | None = None) -> Screen:
    keys = [
        Key(_marked(city_of(name, t.locale), held.time_zone == name), Press(Action.ZONE, name))
        for name in _CITIES
    ]
    automatic = Key(
        _marked(t.plain("As the line"), held.time_zone is None), Press(Action.ZONE, AUTOMATIC)
    )
    return Screen(
        lines(
            hint,
            bold(t("🕓 Time zone")),
            _zone_line(t, held, line),
            t("Tap, or send a city, such as Lisbon, or an offset, such as UTC+8. Your quiet hours "
              "follow it."),
        ),
        rows(
            *abreast(keys, 3),
            [automatic, Key(t.plain("◀ Back"), Press(Action.NOTIFICATIONS))],
        ),
        shows="zones",
    )  # fmt: skip


def name_line(t: Texts, line: Line, hint: Html | None = None) -> Screen:
    unname = None
    if line.name is not None:
        unname = Key(t.plain("Use the number"), Press(Action.UNNAME_LINE, number=line.id))
    return Screen(
        lines(
            hint,
            bold(t("✏️ A name for {number}", number=f.masked(line.msisdn))),
            t("Send it here, at most 20 characters, such as Dad or Tablet."),
        ),
        rows([unname, Key(t.plain("◀ Back"), Press(Action.LINES))]),
        shows="name",
        subject=str(line.id),
    )


def _kind(t: Texts, kind: AlertKind) -> str:
    match kind:
        case AlertKind.MOST_USED:
            return t.plain("80 % used")
        case AlertKind.ALL_USED:
            return t.plain("100 % used")
        case AlertKind.ENDING:
            return t.plain("Ends soon")
        case AlertKind.ENDED:
            return t.plain("Has ended")
        case AlertKind.STARTED:
            return t.plain("Next has begun")


def _prefer(what: str, on: bool) -> Press:
    return Press(Action.PREFER, what, 0 if on else 1)


def _toggle(label: str, on: bool, press: Press) -> Key:
    return Key(f"{'☑' if on else '☐'} {label}", press)


def _marked(label: str, chosen: bool) -> str:
    return f"● {label}" if chosen else label


def _quiet_line(t: Texts, held: Preferences) -> Html:
    quiet = held.quiet
    if quiet is None:
        return t("Quiet hours: none")
    return t("Quiet from {begin} to {end}", begin=_clock(quiet.from_minute),
             end=_clock(quiet.to_minute))  # fmt: skip


def _zone_line(t: Texts, held: Preferences, line: Line | None) -> Html | None:
    if held.time_zone is not None:
        return t("Time zone: {zone}", zone=city_of(held.time_zone, t.locale))
    if line is None:
        return None
    return t("Time zone: {zone}, as your line", zone=city_of(line.zone, t.locale))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
