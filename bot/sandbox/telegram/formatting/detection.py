"""What Telegram finds in text by itself: commands, mentions, hashtags, links, addresses."""

from __future__ import annotations

import re

from bot.sandbox.telegram.formatting.spans import Entity, utf16_length

_TOP_LEVEL = "com|org|net|info|io|me|dev|app|cn|hk|tw|jp|uk|de|fr|pt|es|it|eu|us|ru|jo|sg|co|ai"
_PATTERNS = [
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    ),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?!\w)")),
    (
        "url",
        re.compile(
            r"(?<![\w@.-])(?:https?://[^\s<>\"]+"
            rf"|(?:[A-Za-z0-9-]+\.)+(?:{_TOP_LEVEL})(?![\w-])(?:[:/?#][^\s<>\"]*)?)",
            re.IGNORECASE,
        ),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}(?![\w#])")),
]
_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"})
_TRAILING = ".,:;!?)'\"。，、；：！？）」』…"  # punctuation that ends a sentence, not an address


def detect(text: str, marked: list[Entity]) -> list[Entity]:
    """Entities found in the words, outside of code, links and what was found before them."""
    if not any(sign in text for sign in "/@#."):
        return []
    taken = [_range(entity) for entity in marked if entity["type"] in _OPAQUE]
    found: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            words = match[0].rstrip(_TRAILING) if kind == "url" else match[0]
            offset = utf16_length(text[: match.start()])
            entity = {"type": kind, "offset": offset, "length": utf16_length(words)}
            start, end = _range(entity)
            if all(end <= other_start or other_end <= start for other_start, other_end in taken):
                taken.append((start, end))
                found.append(entity)
    return found


def _range(entity: Entity) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]
