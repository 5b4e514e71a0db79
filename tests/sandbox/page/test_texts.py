"""The words of the sandbox's page."""

import re
from pathlib import Path

import bot.sandbox

PAGE = Path(bot.sandbox.__file__).parent / "page"
LANGUAGES = re.compile(r"^  (zh|en): \{\n(.*?)^  \},", re.MULTILINE | re.DOTALL)
WORD = re.compile(r'^    (\w+):\s+"(.*)",$', re.MULTILINE)


def words() -> dict[str, dict[str, str]]:
    """Each language's texts by their keys."""
    source = (PAGE / "texts.js").read_text("utf-8")
    return {language: dict(WORD.findall(block)) for language, block in LANGUAGES.findall(source)}


def test_both_languages_have_every_text_with_the_same_placeholders() -> None:
    chinese, english = words()["zh"], words()["en"]
    assert chinese.keys() == english.keys()
    for key, text in chinese.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


def test_every_text_that_the_page_asks_for_exists() -> None:
    sources = "".join(file.read_text("utf-8") for file in PAGE.iterdir() if file.suffix != ".css")
    asked = re.findall(r'\bt\("(\w+)"|data-(?:text|label)="(\w+)"', sources)
    missing = {a or b for a, b in asked} - words()["en"].keys()
    assert missing == set()
