"""Settings: the language, the lines, and where the rules are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.line import Line
from handlers.buttons import Action, Press
from handlers.html import Html, bold, lines
from handlers.screens.format import masked
from handlers.screens.screen import Key, Screen, abreast, rows
from handlers.texts import Texts, own_name
from handlers.texts import languages as all_languages

_SWITCH_ROWS: Final = 2
_LANGUAGE_ROWS: Final = 3
_A_ROW: Final = 3


def settings(t: Texts) -> Screen:
    return Screen(
        bold(t("⚙️ Settings")),
        rows(
            [
                Key(t.plain("🌐 Language"), Press(Action.LANGUAGES)),
                Key(t.plain("📱 My lines"), Press(Action.LINES)),
                Key(t.plain("🎟 Coupons"), Press(Action.COUPONS)),
            ],
            [
                Key(t.plain("💳 Payment methods"), Press(Action.WAYS)),
                Key(t.plain("♻️ Auto-renewal"), Press(Action.AUTO, number=0)),
            ],
            [
                Key(t.plain("🔔 Notifications"), Press(Action.NOTIFICATIONS)),
                Key(t.plain("💰 Top up"), Press(Action.TOP_UP)),
            ],
            [
                Key(t.plain("Terms"), Press(Action.TERMS)),
                Key(t.plain("🔏 Privacy"), Press(Action.PRIVACY)),
                _back(t, Action.HOME),
            ],
        ),
        shows="settings",
    )


def languages(t: Texts) -> Screen:
    """Each by its own name: whoever looks for it may read no other."""
    offered = [
        Key(
            f"● {own_name(each)}" if each == t.language else own_name(each),
            Press(Action.LANGUAGE, each),
        )
        for each in all_languages()
    ]
    return Screen(
        bold(t("🌐 Language")),
        rows(
            *abreast(offered, max(_A_ROW, -(-len(offered) // _LANGUAGE_ROWS))),
            [_back(t, Action.SETTINGS)],
        ),
        shows="languages",
    )  # fmt: skip


def line_list(
    t: Texts, linked: Sequence[Line], default: Line | None, note: Html | None = None
) -> Screen:
    """A line is unlinked while it is the one shown, so that every line needs but one key."""
    switches = [
        Key(_line_label(line, default), Press(Action.LINE, number=line.id)) for line in linked
    ]
    unlink = name = None
    if default is not None:
        unlink = Key(t.plain("🗑 Unlink"), Press(Action.UNLINK, number=default.id))
        name = Key(t.plain("✏️ Name"), Press(Action.NAME_LINE, number=default.id))
    hint = t("Tap a number to show it on your home screen.") if linked else t("No line is linked.")
    return Screen(
        lines(note, bold(t("📱 My lines")), hint),
        rows(
            *abreast(switches, -(-len(linked) // _SWITCH_ROWS) or 1),
            [name, unlink],
            [
                Key(t.plain("➕ Link a line"), Press(Action.ANOTHER_NUMBER)),
                _back(t, Action.HOME),
            ],
        ),
        shows="lines",
    )


def unlink(t: Texts, line: Line) -> Screen:
    """The safe key comes first."""
    return Screen(
        lines(
            bold(t("Unlink {number}?", number=masked(line.msisdn))),
            t("This chat will no longer show or renew it. The line itself goes on working, and you "
              "can link it again."),
        ),
        rows(
            [Key(t.plain("◀ Keep it"), Press(Action.LINES))],
            [
                Key(t.plain("🗑 Unlink"), Press(Action.UNLINK_SURELY, number=line.id),
                    style="danger")
            ],
        ),
        shows="unlink",
        subject=str(line.id),
    )  # fmt: skip


def _line_label(line: Line, default: Line | None) -> str:
    sign = "● " if default is not None and line.id == default.id else ""
    return f"{sign}{line.name or masked(line.msisdn)}"


def _back(t: Texts, action: Action) -> Key:
    return Key(t.plain("◀ Back"), Press(action))
