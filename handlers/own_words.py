"""Texts that the operator writes: ``<directory>/<language>/privacy.md`` and ``terms.md``.

They are read again when the file has changed, so an edit needs no restart. A file that cannot be
read leaves what was last read of it in place, and is logged. How a text is read: see
`handlers.own_text`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.domain.language import nearest
from handlers.html import Html
from handlers.own_text import as_html, text_of

MOST_CHARACTERS: Final = 4000
"""Of one message; the Bot API takes 4096."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Read:
    stamp: tuple[int, int]
    """The file's time of change, in nanoseconds, and its size in bytes."""
    messages: list[Html]


class OwnWords:
    """``directory`` None: the operator has written none."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._read: dict[Path, _Read] = {}

    def of(self, language: str, name: str) -> list[Html]:
        """The text as the messages that it takes, in that language, the nearest one or English;
        none where no such file was ever read."""
        if self._directory is None:
            return []
        written = sorted(path.parent.name for path in self._directory.glob(f"*/{name}.md"))
        language = nearest(language, written) or language
        path = self._directory / language / f"{name}.md"
        held = self._read.get(path)
        try:
            found = path.stat()
        except FileNotFoundError:
            self._read.pop(path, None)
            return []
        except OSError as error:
            return self._keep(path, held, error)
        stamp = (found.st_mtime_ns, found.st_size)
        if held is None or held.stamp != stamp:
            try:
                held = self._read[path] = _Read(stamp, _messages(path))
            except (OSError, ValueError) as error:
                return self._keep(path, held, error)
        return held.messages

    def _keep(self, path: Path, held: _Read | None, error: Exception) -> list[Html]:
        _log.warning("cannot read %s (%s): what was read of it last stays", path, error)
        return held.messages if held is not None else []


def _messages(path: Path) -> list[Html]:
    """None of an empty file. Raises `Unreadable`, `OSError`."""
    if not path.read_bytes().strip():
        return []
    return [as_html(piece) for piece in _pieces(text_of(path)) if piece.strip()]


def _pieces(text: str) -> list[str]:
    """Cut between lines where that can be, each short enough for a message."""
    pieces, kept = [], ""
    for line in text.splitlines():
        for start in range(0, max(len(line), 1), MOST_CHARACTERS):
            part = line[start : start + MOST_CHARACTERS]
            if kept and len(kept) + 1 + len(part) > MOST_CHARACTERS:
                pieces.append(kept)
                kept = part
            else:
                kept = f"{kept}\n{part}" if kept else part
    return [*pieces, kept]
