"""Telegram's MarkdownV2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.telegram.formatting.html import mark_time
from bot.sandbox.telegram.formatting.spans import Entity, Spans, byte_offset, cannot_parse

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_KINDS = {
    "*": ("bold", "Bold"),
    "_": ("italic", "Italic"),
    "__": ("underline", "Underline"),
    "~": ("strikethrough", "Strikethrough"),
    "||": ("spoiler", "Spoiler"),
    "[": ("text_link", "TextUrl"),
    "![": ("custom_emoji", "CustomEmoji"),
    "`": ("code", "Code"),
    "```": ("pre", "Pre"),
}
_ESCAPE = re.compile(r"\\([\x01-\x7e])")


@dataclass(frozen=True)
class _Open:
    mark: str
    start: int
    at_byte: int


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Words and entities of a MarkdownV2 text.

    Raises ApiError 400 `can't parse entities: …` with the byte offset of the fault.
    """
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._spans = Spans()
        self._open: list[_Open] = []
        self._quote_start: int | None = None

    def parse(self) -> tuple[str, list[Entity]]:
        while self._position < len(self._source):
            self._step()
        self._end_quote(expandable=False)
        if self._open:
            left = self._open[-1]
            raise cannot_parse(
                f"Can't find end of {_KINDS[left.mark][1]} entity at byte offset {left.at_byte}"
            )
        return self._spans.text, self._spans.entities

    def _step(self) -> None:
        character = self._source[self._position]
        at_line_start = self._position == 0 or self._source[self._position - 1] == "\n"
        if at_line_start and self._quote_start is not None and character != ">":
            self._end_quote(expandable=False)
        if escape := _ESCAPE.match(self._source, self._position):
            self._spans.add(escape[1])
            self._position = escape.end()
        elif character == ">" and at_line_start:
            self._begin_quote()
        elif character in _RESERVED:
            self._reserved()
        else:
            self._spans.add(character)
            self._position += 1

    def _begin_quote(self) -> None:
        if self._quote_start is None:
            self._quote_start = self._spans.length
        self._position += 1

    def _end_quote(self, *, expandable: bool) -> None:
        if self._quote_start is not None:
            kind = "expandable_blockquote" if expandable else "blockquote"
            self._spans.mark(self._quote_start, kind)
            self._quote_start = None

    def _reserved(self) -> None:
        mark = self._mark_here()
        innermost = self._open[-1].mark if self._open else ""
        ends_line = self._source[self._position + 2 : self._position + 3] in ("", "\n")
        if mark == "||" and self._quote_start is not None and ends_line and innermost != "||":
            self._position += 2
            self._end_quote(expandable=True)
        elif mark == "]" and innermost in ("[", "!["):
            self._end_link()
        elif mark and mark == innermost:
            self._position += len(mark)
            self._spans.mark(self._open.pop().start, _KINDS[mark][0])
        elif mark in ("`", "```"):
            self._verbatim(mark)
        elif mark in _KINDS:
            self._open.append(
                _Open(mark, self._spans.length, byte_offset(self._source, self._position))
            )
            self._position += len(mark)
        else:
            self._refuse_reserved()

    def _mark_here(self) -> str:
        innermost = self._open[-1].mark if self._open else ""
        if innermost == "_" and self._source.startswith("___", self._position):
            return "_"
        for mark in ("```", "__", "||", "![", "*", "_", "~", "[", "`", "]"):
            if self._source.startswith(mark, self._position):
                return mark
        return ""

    def _refuse_reserved(self) -> NoReturn:
        raise cannot_parse(
            f"Character '{self._source[self._position]}' is reserved and must be escaped "
            f"with the preceding '\\' at byte offset {byte_offset(self._source, self._position)}"
        )

    def _verbatim(self, mark: str) -> None:
        """Code and pre hold no other entity; only their own mark ends them."""
        begin = self._position + len(mark)
        end = re.compile(r"(?<!\\)" + mark).search(self._source, begin)
        if end is None:
            raise cannot_parse(
                f"Can't find end of {_KINDS[mark][1]} entity at byte offset "
                f"{byte_offset(self._source, self._position)}"
            )
        content = self._source[begin : end.start()]
        attributes = {}
        if mark == "```" and (language := re.match(r"([^\s`]*)\n", content)):
            content = content[language.end() :]
            attributes = {"language": language[1]} if language[1] else {}
        start = self._spans.length
        self._spans.add(_ESCAPE.sub(r"\1", content))
        self._spans.mark(start, _KINDS[mark][0], **attributes)
        self._position = end.end()

    def _end_link(self) -> None:
        opened = self._open.pop()
        self._position += 1
        target = re.compile(r"\(((?:\\.|[^)\\])*)\)").match(self._source, self._position)
        if target is None and self._source.startswith("(", self._position):
            raise cannot_parse(f"Can't find end of a URL at byte offset {opened.at_byte}")
        url = _ESCAPE.sub(r"\1", target[1]) if target else self._spans.since(opened.start)
        if target:
            self._position = target.end()
        if opened.mark == "[":
            self._spans.mark(opened.start, "text_link", url=url)
            return
        parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
        if (parts.scheme, parts.netloc) == ("tg", "time"):
            unix, time_format = query.get("unix", [""])[0], query.get("format", [""])[0]
            mark_time(self._spans, opened.start, unix, time_format)
        elif (parts.scheme, parts.netloc) == ("tg", "emoji") and query.get("id"):
            self._spans.mark(opened.start, "custom_emoji", custom_emoji_id=query["id"][0])
        else:
            raise cannot_parse("Custom emoji URL must have an emoji identifier")
