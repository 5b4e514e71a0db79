"""A screen: what a message says and the keys under it, before it becomes a Bot API call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from handlers.buttons import Press
from handlers.html import Html

Style = Literal["primary", "success", "danger"]

MOST_ROWS: Final = 4
"""More keys than that bury the text above them on a phone."""


@dataclass(frozen=True, slots=True)
class Key:
    """One inline button; exactly one of press, url, copies and disabled says what it does."""

    label: str
    press: Press | None = None
    url: str | None = None
    copies: str | None = None
    disabled: bool = False
    style: Style | None = None

    def opening_anew(self) -> Key:
        return self if self.press is None else replace(self, press=self.press.opening_anew())

    def as_json(self) -> dict[str, Any]:
        """An InlineKeyboardButton of the Bot API."""
        button: dict[str, Any] = {"text": self.label}
        if self.press is not None:
            button["callback_data"] = self.press.data
        elif self.url is not None:
            button["url"] = self.url
        elif self.copies is not None:
            button["copy_text"] = {"text": self.copies}
        elif self.disabled:
            button["disabled"] = {}
        if self.style is not None:
            button["style"] = self.style
        return button


Rows = tuple[tuple[Key, ...], ...]


def rows(*lines: Sequence[Key | None]) -> Rows:
    """Rows of keys without the ones, and the rows, that have nothing to offer now.

    Raises `ValueError` for more than `MOST_ROWS`.
    """
    kept = (tuple(key for key in line if key is not None) for line in lines)
    offered = tuple(line for line in kept if line)
    if len(offered) > MOST_ROWS:
        raise ValueError(f"a screen has at most {MOST_ROWS} rows of buttons, not {len(offered)}")
    return offered


def abreast(keys: Sequence[Key], a_row: int) -> list[Sequence[Key]]:
    """The keys in rows of so many."""
    return [keys[start : start + a_row] for start in range(0, len(keys), a_row)]


def inline_keyboard(keys: Rows) -> dict[str, Any]:
    return {"inline_keyboard": [[key.as_json() for key in line] for line in keys]}


@dataclass(frozen=True, slots=True)
class Screen:
    """``shows`` and ``subject`` tell what the message is about, so that it can be redrawn."""

    text: Html
    keys: Rows = ()
    shows: str = ""
    subject: str | None = None

    def as_event(self) -> Screen:
        """The screen as a message of its own, whose keys open a fresh panel below it."""
        return replace(
            self, keys=tuple(tuple(key.opening_anew() for key in line) for line in self.keys)
        )

    @property
    def markup(self) -> dict[str, Any]:
        return inline_keyboard(self.keys)
