"""From what a bot or a person wrote to the words and entities that stand in the chat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.formatting.detection import detect
from bot.sandbox.telegram.formatting.html import parse_html
from bot.sandbox.telegram.formatting.markdown import parse_markdown
from bot.sandbox.telegram.formatting.spans import Entity, utf16_length

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_PARSERS = {"html": parse_html, "markdownv2": parse_markdown}


@dataclass(frozen=True)
class Formatted:
    """Words, and entities with offsets in UTF-16 code units, ordered as Telegram orders them."""

    text: str
    entities: list[Entity]

    def as_fields(self, words: str = "text", entities: str = "entities") -> dict[str, Any]:
        """The two fields of a message; entities only where there are any."""
        fields: dict[str, Any] = {words: self.text} if self.text else {}
        return fields | ({entities: self.entities} if self.entities else {})


def plain(text: str) -> Formatted:
    """What a person typed."""
    return _settled(text, [])


def formatted(
    text: str, parse_mode: str | None = None, entities: list[Entity] | None = None
) -> Formatted:
    """What a bot wrote; `entities` count only without a parse mode.

    Raises ApiError 400 for a parse mode that does not exist or markup that can't be parsed.
    """
    if not parse_mode:
        return _settled(text, _within(text, entities or []))
    parser = _PARSERS.get(parse_mode.lower())
    if parser is None:
        raise bad_request("unsupported parse_mode")
    return _settled(*parser(text))


def _within(text: str, entities: list[Entity]) -> list[Entity]:
    end = utf16_length(text)
    return [
        entity
        for entity in entities
        if entity["length"] > 0
        and entity["offset"] >= 0
        and entity["offset"] + entity["length"] <= end
    ]


def _settled(text: str, entities: list[Entity]) -> Formatted:
    """Controls become spaces, white space at both ends goes, entities follow."""
    clean = _CONTROLS.sub(" ", text)
    words = clean.strip()
    before = utf16_length(clean[: len(clean) - len(clean.lstrip())])
    end = utf16_length(words)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - before, 0)
        stop = min(entity["offset"] + entity["length"] - before, end)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    kept += detect(words, kept)
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(words, kept)
