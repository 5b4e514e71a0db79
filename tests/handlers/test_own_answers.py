"""Questions and answers in the operator's own words, and what doctor says of the files."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from handlers.html import Html
from handlers.own_answers import LONGEST_ANSWER, LONGEST_QUESTION, OwnAnswer, OwnAnswers
from handlers.own_texts_checked import findings
from tests.handlers.rehearsal import Person

JAPAN = "# Does it work in Japan?\n\nYes: <b>three</b> networks.\n# And Korea\nAlso."


def writes(texts: Path, name: str, text: str | bytes, language: str = "en", at: int = 1) -> Path:
    path = texts / language / "faq" / f"{name}.md"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (at, at))
    return path


def test_the_first_line_is_the_question_and_the_rest_the_answer_escaped(tmp_path: Path) -> None:
    writes(tmp_path, "japan", JAPAN)
    answer = Html("Yes: &lt;b&gt;three&lt;/b&gt; networks.\n<b>And Korea</b>\nAlso.")
    wanted = OwnAnswer("japan", "Does it work in Japan?", answer)
    assert OwnAnswers(tmp_path).all("en") == [wanted]
    assert OwnAnswers(tmp_path).of("en", "japan") == wanted
    assert OwnAnswers(None).all("en") == []


def test_who_reads_another_language_gets_the_nearest_one(tmp_path: Path) -> None:
    own = OwnAnswers(tmp_path)
    writes(tmp_path, "japan", JAPAN)
    writes(tmp_path, "japan", "日本能用吗？\n能。", "zh_Hans")
    found = [own.of(each, "japan") for each in ("zh_Hans", "zh_Hant", "en", "pt_BR")]
    asked = [each.question for each in found if each is not None]
    assert asked == [
        "日本能用吗？",
        "日本能用吗？",
        "Does it work in Japan?",
        "Does it work in Japan?",
    ]


def test_an_edit_is_shown_without_a_restart_and_so_is_taking_the_file_away(tmp_path: Path) -> None:
    own = OwnAnswers(tmp_path)
    path = writes(tmp_path, "japan", "Before?\nYes.", at=1)
    assert [each.question for each in own.all("en")] == ["Before?"]
    writes(tmp_path, "japan", "Behind?\nYes.", at=2)
    assert [each.question for each in own.all("en")] == ["Behind?"]
    path.unlink()
    assert own.all("en") == []


def test_a_name_leads_nowhere_else_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "en" / "faq").mkdir(parents=True)
    (tmp_path / "en" / "secret.md").write_text("S?\ns")
    assert OwnAnswers(tmp_path).of("en", "../secret") is None


BROKEN = {
    b"": (1, "the file is empty"),
    b" \n\n": (1, "the file is empty"),
    b"#\nwords": (1, "the question is missing"),
    b"Q?\nfine\n\xff\xfe": (3, "is not UTF-8"),
    b"Q" * (LONGEST_QUESTION + 1): (1, "the question has more than 100 characters"),
    b"Q?\n" + b"a\n" * LONGEST_ANSWER: (1502, "the answer has more than 3000 characters"),
    b"Q?\n" + b"x" * 100_001: (2, "the file has more than 100000 bytes"),
}


@pytest.mark.parametrize("content", BROKEN, ids=[why for _, why in BROKEN.values()])
def test_a_broken_file_is_as_if_it_were_not_there_and_doctor_names_file_and_line(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    writes(tmp_path, "renew", "Fine?\nYes.", at=1)
    own = OwnAnswers(tmp_path)
    assert own.of("en", "renew") is not None
    path = writes(tmp_path, "renew", content, at=2)
    with caplog.at_level(logging.WARNING):
        assert own.of("en", "renew") is None
        assert own.of("en", "renew") is None
    assert len(caplog.records) == 1, "once, not at each look"
    line, why = BROKEN[content]
    assert list(findings(tmp_path)) == [f"{path}:{line}: {why}"]


def test_doctor_is_content_with_what_is_shown(tmp_path: Path) -> None:
    writes(tmp_path, "japan", JAPAN)
    writes(tmp_path, "renew", "Why can't I renew?", "zh_Hans")
    (tmp_path / "en" / "privacy.md").write_text("words")
    (tmp_path / "en" / ".swap").write_text("")
    assert list(findings(tmp_path)) == []


def test_doctor_tells_of_what_is_never_read(tmp_path: Path) -> None:
    writes(tmp_path, "no answer", "Q?\nyes")
    writes(tmp_path, "alone", "Q?")
    (tmp_path / "english").mkdir()
    (tmp_path / "en" / "privcy.md").write_text("words")
    (tmp_path / "en" / "terms.md").write_text("")
    told = "\n".join(findings(tmp_path))
    assert "english is not read: it should be a folder of a language (" in told
    assert "privcy.md is not read: only privacy.md, terms.md and faq/*.md are" in told
    assert "no answer.md is not read: its name may hold" in told
    assert "alone.md:2: the answer is missing" in told
    assert "terms.md:1: the file is empty" in told
    assert list(findings(tmp_path / "nowhere")) == [
        f"TEXTS_DIRECTORY: {tmp_path / 'nowhere'} is no folder"
    ]


# ── in the chat ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    return tmp_path / "texts"


async def test_a_live_answer_keeps_looking_and_speaks_in_the_operators_words(
    texts: Path, lin: Person
) -> None:
    writes(texts, "renew", "为什么续不了？\n请先重启手机。", "zh_Hans")
    assert "为什么续不了？" in str((await lin.sends("/faq"), lin.saw))
    shown = await lin.presses("为什么续不了？")
    assert "<b>为什么续不了？</b>" in shown
    assert "系统显示：" in shown
    assert "请先重启手机。" in shown
    assert "Wi-Fi" not in shown
    writes(texts, "renew", b"\xff", "zh_Hans", at=2)
    await lin.sends("/faq")
    assert "Wi-Fi" in await lin.presses("无法续费")


async def test_other_questions_stand_behind_one_key_and_have_links_of_their_own(
    texts: Path, omar: Person
) -> None:
    await omar.sends("/faq")
    assert "More questions" not in str(omar.saw)
    for number in range(8):
        writes(texts, f"q{number}", f"Question {number} & co?\nAnswer {number}.")
    await omar.sends("/faq")
    shown = await omar.presses("More questions")
    assert "• Question 0 &amp; co?" in shown
    assert "Question 7" not in shown
    assert "Question 7" in await omar.presses("▶ More")
    assert "Answer 7." in await omar.presses("Question 7")
    assert "More questions" in await omar.presses("Back")
    assert "Answer 3." in await omar.sends("/start faq_q3")
    assert "What is it about?" in await omar.sends("/start faq_q99")
