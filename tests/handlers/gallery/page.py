"""One screen with facts of one situation, and how it is written down for a reviewer.

The words are as the reader's app shows them: **bold**, `what a tap copies`, folded texts behind
▎, times by their fallback. Keys stand in their rows: ``[✅ Pay](success)``, ``[Terms ↗]`` opens an
address, ``[Copy ⧉]`` copies.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Final, ParamSpec

from handlers.screens.screen import Key, Screen
from handlers.texts import Texts

P = ParamSpec("P")
_MARKS: Final = {"b": "**", "code": "`", "i": ""}


@dataclass(frozen=True, slots=True)
class Said:
    """Words that stand in a screen and are of its language: a hint above it, say."""

    words: Callable[..., object]
    facts: tuple[object, ...]
    named: dict[str, object]

    def in_words_of(self, t: Texts) -> object:
        return self.words(t, *self.facts, **self.named)


@dataclass(frozen=True, slots=True)
class Page:
    """``screen`` is the function of `handlers.screens`, or one that gives a sentence of it."""

    screen: Callable[..., object]
    when: str
    facts: tuple[object, ...]
    named: dict[str, object]

    @property
    def dialogue(self) -> str:
        """``account``, ``desk/plans``: the file of its snapshot."""
        return self.screen.__module__.removeprefix("handlers.screens.").replace(".", "/")

    @property
    def title(self) -> str:
        return f"{self.screen.__name__}: {self.when}" if self.when else self.screen.__name__

    def shown(self, t: Texts) -> Screen | str:
        facts = [_in_words_of(t, each) for each in self.facts]
        named = {name: _in_words_of(t, each) for name, each in self.named.items()}
        shown: Any = self.screen(t, *facts, **named)
        return shown if isinstance(shown, Screen) else str(shown)


def page(
    screen: Callable[Concatenate[Texts, P], object], when: str, /, *facts: P.args, **named: P.kwargs
) -> Page:
    """The facts are checked against what the screen takes."""
    return Page(screen, when, facts, named)


def said(
    words: Callable[Concatenate[Texts, P], object], /, *facts: P.args, **named: P.kwargs
) -> Any:
    """Stands in the place of a fact, whatever that is."""
    return Said(words, facts, named)


def written(each: Page, t: Texts) -> str:
    shown = each.shown(t)
    if not isinstance(shown, Screen):
        return f"── {each.title}\n{_as_read(shown)}\n"
    keys = [" ".join(_key(key) for key in row) for row in shown.keys]
    return "\n".join([f"── {each.title}", _as_read(shown.text), *keys, ""])


def _in_words_of(t: Texts, fact: object) -> object:
    return fact.in_words_of(t) if isinstance(fact, Said) else fact


def _as_read(text: str) -> str:
    text = re.sub(r"<blockquote[^>]*>(.*?)</blockquote>", _folded, text, flags=re.DOTALL)
    text = re.sub(r"</?([a-z-]+)[^>]*>", lambda tag: _MARKS.get(tag[1], ""), text)
    return html.unescape(text)


def _folded(quote: re.Match[str]) -> str:
    return "\n".join(f"▎{line}" for line in quote[1].split("\n"))


def _key(key: Key) -> str:
    sign = " ↗" if key.url is not None else " ⧉" if key.copies is not None else ""
    style = f"({key.style})" if key.style is not None else ""
    return f"[{key.label}{sign}]{style}"
