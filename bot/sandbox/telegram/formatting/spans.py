"""Text under construction with its entities; offsets in UTF-16 code units."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram.errors import ApiError, bad_request

Entity = dict[str, Any]


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of every entity."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def cannot_parse(reason: str) -> ApiError:
    """400 for markup that can't be read."""
    return bad_request(f"can't parse entities: {reason}")


def byte_offset(text: str, position: int) -> int:
    """Where a position stands in the UTF-8 text, as the Bot API's errors tell it."""
    return len(text[:position].encode())


class Spans:
    """Collects words and the entities over them."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0
        self.entities: list[Entity] = []

    def add(self, text: str) -> None:
        """Append words."""
        self._parts.append(text)
        self.length += utf16_length(text)

    def mark(self, start: int, kind: str, **attributes: Any) -> None:
        """Everything since `start` is of this kind; nothing is marked when that is empty."""
        if self.length > start:
            self.entities.append(
                {"type": kind, "offset": start, "length": self.length - start, **attributes}
            )

    def since(self, start: int) -> str:
        """The words since an offset."""
        raw = self.text.encode("utf-16-le")
        return raw[start * 2 :].decode("utf-16-le")

    @property
    def text(self) -> str:
        """All words so far."""
        return "".join(self._parts)
