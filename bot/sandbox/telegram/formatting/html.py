"""Telegram's HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.formatting.spans import Entity, Spans, byte_offset, cannot_parse

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
}
_OTHER = frozenset({"a", "code", "pre", "span", "blockquote", "tg-emoji", "tg-time"})
_TOKEN = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot);?|<")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int
    at_byte: int
    language: str = field(default="")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Words and entities of an HTML text.

    Raises ApiError 400 `can't parse entities: …` with the byte offset of the fault.
    """
    spans = Spans()
    open_tags: list[_Open] = []
    position = 0
    while token := _TOKEN.search(source, position):
        spans.add(source[position : token.start()])
        if token[0] != "<":
            spans.add(_character(token[1]))
            position = token.end()
            continue
        tag = _TAG.match(source, token.start())
        at_byte = byte_offset(source, token.start())
        if tag is None:
            raise cannot_parse(f"Unclosed start tag at byte offset {at_byte}")
        name = tag[2].lower()
        if tag[1]:
            _close(spans, open_tags, name, at_byte)
        else:
            open_tags.append(_opened(name, tag[3], spans.length, at_byte))
        position = tag.end()
    spans.add(source[position:])
    if open_tags:
        left = open_tags[-1]
        raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{left.tag}"')
    return spans.text, spans.entities


def _opened(name: str, attributes: str, start: int, at_byte: int) -> _Open:
    given = {
        match[1].lower(): _unescaped(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(attributes)
    }
    known = name in _SIMPLE or name in _OTHER
    if name == "span":
        known = given.get("class") == "tg-spoiler"
    if not known:
        raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {at_byte}')
    return _Open(name, given, start, at_byte)


def _close(spans: Spans, open_tags: list[_Open], name: str, at_byte: int) -> None:
    if not open_tags:
        raise cannot_parse(f"Unexpected end tag at byte offset {at_byte}")
    opened = open_tags.pop()
    if opened.tag != name:
        raise cannot_parse(
            f'Unmatched end tag at byte offset {at_byte}, expected "</{opened.tag}>", '
            f'found "</{name}>"'
        )
    if name in _SIMPLE:
        spans.mark(opened.start, _SIMPLE[name])
    elif name == "code" and open_tags and open_tags[-1].tag == "pre":
        open_tags[-1].language = opened.attributes.get("class", "").removeprefix("language-")
    else:
        _mark_other(spans, opened)


def _mark_other(spans: Spans, opened: _Open) -> None:
    attributes = opened.attributes
    start = opened.start
    if opened.tag == "a":
        if url := attributes.get("href") or spans.since(start):
            spans.mark(start, "text_link", url=url)
    elif opened.tag == "pre":
        language: dict[str, Any] = {"language": opened.language} if opened.language else {}
        spans.mark(start, "pre", **language)
    elif opened.tag == "blockquote":
        kind = "expandable_blockquote" if "expandable" in attributes else "blockquote"
        spans.mark(start, kind)
    elif opened.tag == "tg-emoji":
        if not attributes.get("emoji-id", "").isdigit():
            raise cannot_parse("Invalid custom emoji identifier specified")
        spans.mark(start, "custom_emoji", custom_emoji_id=attributes["emoji-id"])
    elif opened.tag == "tg-time":
        mark_time(spans, start, attributes.get("unix", ""), attributes.get("format", ""))
    else:
        spans.mark(start, "code" if opened.tag == "code" else "spoiler")


def mark_time(spans: Spans, start: int, unix: str, time_format: str) -> None:
    """An instant which Telegram shows in the reader's own zone; formats like `wDT` or `r`."""
    if not unix.isdigit():
        raise cannot_parse("Invalid date specified")
    if not re.fullmatch(r"r|w?[dD]?[tT]?", time_format):
        raise cannot_parse("Invalid date-time format specified")
    chosen = {"date_time_format": time_format} if time_format else {}
    spans.mark(start, "date_time", unix_time=int(unix), **chosen)


def _character(name: str) -> str:
    if name in _NAMED:
        return _NAMED[name]
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _unescaped(text: str) -> str:
    return _TOKEN.sub(lambda match: _character(match[1]) if match[1] else match[0], text)
