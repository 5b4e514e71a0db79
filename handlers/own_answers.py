"""Questions and answers that the operator writes: ``<directory>/<language>/faq/<name>.md``.

The first line is the question, the rest is the answer. ``renew``, ``data`` and ``change`` are the
three that look at the reader's own orders first: a file of theirs gives the words around that. Any
other name is a question of its own, and where ``?start=faq_<name>`` leads.

A file is read again when it has changed. One that is empty or broken is as if it were not there:
what is built in stands in its place, and ``doctor`` names the file and the line.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.language import nearest
from handlers.html import Html
from handlers.own_text import Unreadable, as_html, text_of

NAME: Final = re.compile(r"[A-Za-z0-9-]{1,32}")
"""What a button and a deep link can name."""
LONGEST_QUESTION: Final = 100
LONGEST_ANSWER: Final = 3000
"""Characters: what the bot sees of the reader's own orders stands above it."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    name: str
    question: str
    answer: Html | None
    """None: the question alone."""


@dataclass(frozen=True, slots=True)
class _Read:
    stamp: tuple[int, int]
    found: OwnAnswer | None


class OwnAnswers:
    """``directory`` None: the operator has written none."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._read: dict[Path, _Read] = {}

    def of(self, language: str, name: str) -> OwnAnswer | None:
        """In that language, the nearest one or English."""
        if self._directory is None or NAME.fullmatch(name) is None:
            return None
        written = {
            path.parents[1].name: found
            for path in sorted(self._directory.glob(f"*/faq/{name}.md"))
            if (found := self._found(path)) is not None
        }
        spoken = nearest(language, written)
        return written[spoken] if spoken is not None else None

    def all(self, language: str) -> list[OwnAnswer]:
        """By their names."""
        if self._directory is None:
            return []
        names = sorted({path.stem for path in self._directory.glob("*/faq/*.md")})
        return [found for name in names if (found := self.of(language, name)) is not None]

    def _found(self, path: Path) -> OwnAnswer | None:
        try:
            seen = path.stat()
            stamp = (seen.st_mtime_ns, seen.st_size)
            held = self._read.get(path)
            if held is None or held.stamp != stamp:
                held = self._read[path] = _Read(stamp, _read_or_none(path))
        except OSError as error:
            _log.warning("cannot read %s (%s): what is built in stands in its place", path, error)
            return None
        return held.found


def read_answer(path: Path) -> OwnAnswer:
    """Raises `Unreadable`, `OSError`."""
    text = text_of(path)
    first, _, rest = text.partition("\n")
    question, answer = first.lstrip("#").strip(), rest.strip()
    if not question:
        raise Unreadable(1, "the question is missing")
    if len(question) > LONGEST_QUESTION:
        raise Unreadable(1, f"the question has more than {LONGEST_QUESTION} characters")
    if len(answer) > LONGEST_ANSWER:
        kept = text[: len(text) - len(answer) + LONGEST_ANSWER]
        why = f"the answer has more than {LONGEST_ANSWER} characters"
        raise Unreadable(len(kept.split("\n")), why)
    return OwnAnswer(path.stem, question, as_html(answer) if answer else None)


def _read_or_none(path: Path) -> OwnAnswer | None:
    try:
        return read_answer(path)
    except Unreadable as error:
        _log.warning("%s, %s: what is built in stands in its place", path, error)
        return None
