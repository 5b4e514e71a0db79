"""Entities: parsed from HTML and MarkdownV2, detected in plain words, counted in UTF-16."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.formatting import formatted, plain
from tests.sandbox.telegram.sides import BotSide, Phone, Refused


def kinds(text: str, parse_mode: str | None = None) -> dict[str, str]:
    """Entity types with the words that they cover."""
    words = formatted(text, parse_mode)
    raw = words.text.encode("utf-16-le")
    return {
        entity["type"]: raw[
            entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2
        ].decode("utf-16-le")
        for entity in words.entities
    }


def only(text: str, parse_mode: str) -> dict[str, Any]:
    """The one entity of a text."""
    [entity] = formatted(text, parse_mode).entities
    return entity


async def test_a_message_arrives_parsed(bot: BotSide, lin: Phone) -> None:
    sent = await bot.says("😀 <b>bold</b>", parse_mode="html")
    assert sent["text"] == "😀 bold"
    assert sent["entities"] == [{"type": "bold", "offset": 3, "length": 4}]


async def test_a_fault_in_the_markup_is_told_with_its_byte(bot: BotSide, lin: Phone) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: can't parse entities: .*byte offset 3$"):
        await bot.says("余</b>", parse_mode="HTML")


@pytest.mark.parametrize("mode", ["Markdown", "bbcode"])
async def test_other_parse_modes_are_unsupported(bot: BotSide, lin: Phone, mode: str) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: unsupported parse_mode$"):
        await bot.says("x", parse_mode=mode)


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<strong>x</strong>", "bold"),
        ("<em>x</em>", "italic"),
        ("<ins>x</ins>", "underline"),
        ("<del>x</del>", "strikethrough"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
    ],
)
def test_html_tags_become_entities(html: str, kind: str) -> None:
    assert kinds(html, "HTML") == {kind: "x"}


def test_html_attributes_are_kept() -> None:
    assert only('<a href="https://a.b/?x=1&amp;y=2">l</a>', "HTML")["url"] == "https://a.b/?x=1&y=2"
    assert only('<pre><code class="language-python">x</code></pre>', "HTML")["language"] == "python"
    assert only('<tg-emoji emoji-id="53">👍</tg-emoji>', "HTML")["custom_emoji_id"] == "53"
    instant = only('<tg-time unix="1647531900" format="wDT">soon</tg-time>', "HTML")
    assert instant["type"] == "date_time"
    assert (instant["unix_time"], instant["date_time_format"]) == (1647531900, "wDT")


def test_html_characters_are_unescaped() -> None:
    assert (
        formatted("&lt;b&gt; &amp; &quot;&#21345;&#x5361;&copy;", "HTML").text
        == '<b> & "卡卡&copy;'
    )


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("é < x", "Unclosed start tag at byte offset 3"),
        ('<tg-time unix="soon">x</tg-time>', "Invalid date specified"),
    ],
)
def test_html_faults_are_told(html: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        formatted(html, "HTML")
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("markdown", "kind"),
    [
        ("*x*", "bold"),
        ("_x_", "italic"),
        ("__x__", "underline"),
        ("~x~", "strikethrough"),
        ("||x||", "spoiler"),
        ("`x`", "code"),
        ("```x```", "pre"),
        (">x", "blockquote"),
        (">x||", "expandable_blockquote"),
        ("[x](https://a.b)", "text_link"),
        ("![x](tg://emoji?id=53)", "custom_emoji"),
        ("![x](tg://time?unix=16&format=r)", "date_time"),
    ],
)
def test_markdown_marks_become_entities(markdown: str, kind: str) -> None:
    assert kinds(markdown, "MarkdownV2") == {kind: "x"}


def test_markdown_marks_nest() -> None:
    assert kinds("*b _i __u___*", "MarkdownV2") == {
        "bold": "b i u",
        "italic": "i u",
        "underline": "u",
    }


def test_markdown_quotes_end_with_their_lines() -> None:
    assert kinds(">one\n>two\nthree", "MarkdownV2") == {"blockquote": "one\ntwo\n"}


def test_markdown_escapes_are_taken_out() -> None:
    assert formatted(r"1\.5 \*x\* \\", "MarkdownV2").text == "1.5 *x* \\"


@pytest.mark.parametrize(
    ("markdown", "reason"),
    [
        ("1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("é*b", "Can't find end of Bold entity at byte offset 2"),
        ("`b", "Can't find end of Code entity at byte offset 0"),
    ],
)
def test_markdown_faults_are_told(markdown: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        formatted(markdown, "MarkdownV2")
    assert reason in refused.value.description


def test_commands_mentions_addresses_and_links_are_detected() -> None:
    found = [
        (entity["type"], entity["offset"], entity["length"])
        for entity in plain("/start@leb_bot see https://a.b/c. 😀 @lin_xiao a@b.com #tag").entities
    ]
    assert found == [
        ("bot_command", 0, 14),
        ("url", 19, 13),
        ("mention", 37, 9),
        ("email", 47, 7),
        ("hashtag", 55, 4),
    ]


def test_nothing_is_detected_in_code_links_and_words() -> None:
    assert kinds("<code>/start</code> 1/2 a.b", "HTML") == {"code": "/start"}


def test_entities_may_be_given_and_move_with_trimmed_space() -> None:
    entities = [
        {"type": "bold", "offset": 2, "length": 4},
        {"type": "bold", "offset": 90, "length": 1},
    ]
    words = formatted("  bold  ", None, entities)
    assert (words.text, words.entities) == ("bold", [{"type": "bold", "offset": 0, "length": 4}])
