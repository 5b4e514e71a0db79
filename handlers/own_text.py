"""A text file that the operator writes, as it is read: plain, UTF-8, and of bearable length."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from handlers.html import Html, bold, escape, lines

MOST_BYTES: Final = 100_000


class Unreadable(ValueError):
    """The file is there and cannot be shown; ``line`` is the first one that is the reason."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why = line, why


def text_of(path: Path) -> str:
    """Without the space around it. Raises `Unreadable`, `OSError`."""
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        raise Unreadable(_line_of(raw, MOST_BYTES), f"the file has more than {MOST_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise Unreadable(_line_of(raw, error.start), "is not UTF-8") from None
    if not text:
        raise Unreadable(1, "the file is empty")
    return text


def as_html(text: str) -> Html:
    """Everything is escaped, and a line that begins with ``#`` is a heading."""
    return lines(*map(_line, text.split("\n")))


def _line(line: str) -> Html:
    return bold(line.lstrip("#").strip()) if line.startswith("#") else escape(line)


def _line_of(raw: bytes, place: int) -> int:
    return len(raw[:place].split(b"\n"))
