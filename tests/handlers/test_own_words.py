"""Privacy and terms in the operator's own words."""

import logging
import os
from pathlib import Path

import pytest

from handlers.html import Html
from handlers.own_words import MOST_CHARACTERS, OwnWords
from tests.handlers.rehearsal import Person


def writes(directory: Path, text: str | bytes, language: str = "en", at: int = 1) -> Path:
    path = directory / language / "privacy.md"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (at, at))
    return path


def test_without_a_directory_or_a_file_there_are_none(tmp_path: Path) -> None:
    assert OwnWords(None).of("en", "privacy") == []
    writes(tmp_path, "words", "zh_Hans")
    assert OwnWords(tmp_path).of("en", "privacy") == []


def test_headings_are_bold_and_everything_is_escaped(tmp_path: Path) -> None:
    writes(tmp_path, "# What <we> keep\n\n<b>Nothing</b> & more\n")
    assert OwnWords(tmp_path).of("en", "privacy") == [
        Html("<b>What &lt;we&gt; keep</b>\n\n&lt;b&gt;Nothing&lt;/b&gt; &amp; more")
    ]


def test_an_edit_is_shown_without_a_restart_and_so_is_taking_the_file_away(tmp_path: Path) -> None:
    words = OwnWords(tmp_path)
    path = writes(tmp_path, "before", at=1)
    assert words.of("en", "privacy") == ["before"]
    writes(tmp_path, "behind", at=2)
    assert words.of("en", "privacy") == ["behind"]
    path.unlink()
    assert words.of("en", "privacy") == []


@pytest.mark.parametrize("broken", [b"\xff\xfe\x00", b"x" * 100_001])
def test_a_broken_file_leaves_what_was_read_last_and_is_logged(
    tmp_path: Path, broken: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    words = OwnWords(tmp_path)
    writes(tmp_path, "good", at=1)
    assert words.of("en", "privacy") == ["good"]
    writes(tmp_path, broken, at=2)
    with caplog.at_level(logging.WARNING):
        assert words.of("en", "privacy") == ["good"]
    assert "privacy.md" in caplog.text


@pytest.mark.parametrize("text", ["word " * 5000, "line\n\n" * 3000, "x" * 3999 + "\n" + "y" * 10])
def test_a_long_text_is_cut_into_messages_that_hold_all_of_it(tmp_path: Path, text: str) -> None:
    writes(tmp_path, text)
    messages = OwnWords(tmp_path).of("en", "privacy")
    assert len(messages) > 1
    assert all(0 < len(message) <= MOST_CHARACTERS for message in messages)
    assert "".join("".join(messages).split()) == "".join(text.split())


async def test_the_chat_shows_them_in_the_readers_language_with_the_way_home_at_the_end(
    tmp_path: Path, lin: Person, omar: Person
) -> None:
    assert "我们只保存" in await lin.sends("/privacy")
    writes(tmp_path / "texts", "# 隐私\n" + "我们的话。\n" * 1000, "zh_Hans")
    shown = await lin.sends("/privacy")
    assert shown.startswith("<b>隐私</b>")
    assert [bool(each.parameters.get("reply_markup")) for each in lin.saw] == [False, True]
    assert "Read it in full" in str((await omar.sends("/privacy"), omar.saw))


@pytest.mark.parametrize("name", ["privacy", "terms"])
async def test_the_settings_open_them_too_in_place_when_they_are_short(
    tmp_path: Path, lin: Person, name: str
) -> None:
    path = tmp_path / "texts" / "zh_Hans" / f"{name}.md"
    path.parent.mkdir(parents=True)
    path.write_text("我们自己的话。")
    await lin.sends("/settings")
    assert "我们自己的话。" in await lin.presses({"privacy": "隐私", "terms": "条款"}[name])
    assert "editMessageText" in lin.methods
    path.write_text("我们的话。\n" * 1000)
    os.utime(path, (2, 2))
    await lin.presses_data(f"v1:{name}")
    assert "editMessageText" not in lin.methods, "the beginning would stand below the end"
