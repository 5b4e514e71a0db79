"""The one renderer: text for Telegram's HTML mode, in which nothing strange can hide.

Whatever is put into a message is escaped unless it already is `Html`, so forgetting to escape is
impossible rather than unlikely. Text written by people also loses what could disguise it: controls,
zero-width characters, and direction overrides that would turn the rest of the line around.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

_LONGEST_NAME: Final = 32
_MOST_MARKS: Final = 2
"""Combining marks kept on one letter: enough for every script, too few to drown a line."""
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})


class Html(str):
    """Text that is ready for Telegram's HTML mode."""

    __slots__ = ()

    def join(self, parts: Iterable[str]) -> Html:
        return Html(super().join(escape(part) for part in parts))


def escape(text: object) -> Html:
    """The text as it reads, with no way to become markup. `Html` passes as it is."""
    if isinstance(text, Html):
        return text
    plain = str(text)
    return Html(plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def bold(text: object) -> Html:
    return Html(f"<b>{escape(text)}</b>")


def code(text: object) -> Html:
    """A number or reference that a tap copies."""
    return Html(f"<code>{escape(text)}</code>")


def folded(text: object) -> Html:
    """A long text, shown in part until it is tapped."""
    return Html(f"<blockquote expandable>{escape(text)}</blockquote>")


def lines(*parts: object) -> Html:
    """One line each; None leaves its line out, an empty text leaves the line empty."""
    return Html("\n").join(escape(part) for part in parts if part is not None)


def neutral(text: str) -> str:
    """The visible part of a text that a person wrote, on one line.

    Characters of the Unicode categories C* (controls, format characters such as direction overrides
    and zero-width ones, surrogates, unassigned) are taken out, and marks stacked on one letter are
    thinned. A text that runs right to left is isolated, so that it orders only itself.
    """
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if category.startswith("Z") or character in "\t\r\n":
            kept.append(" ")
        elif not category.startswith("C") and marks <= _MOST_MARKS:
            kept.append(character)
    shown = " ".join("".join(kept).split())
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in shown):
        return f"\u2068{shown}\u2069"
    return shown


def short_name(name: str) -> str:
    """A person's name as it may stand in a message: visible, on one line, of decent length."""
    shown = neutral(name[: _LONGEST_NAME * 8])
    bare = shown.strip("\u2068\u2069")
    if len(bare) <= _LONGEST_NAME:
        return shown
    return shown.replace(bare, bare[: _LONGEST_NAME - 1] + "…")


def narrow(name: str) -> str:
    """The same as it may stand on a key, beside a sign."""
    shown = short_name(name)
    return shown if len(shown) <= 17 else f"{shown[:16]}…"
