"""Every language is complete, and says the same."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

import handlers
from handlers.texts import languages, spoken, texts
from tests.handlers import words


def catalogue(language: str) -> Catalog:
    return words.catalogue(words.path_of(language), language)


def entries(language: str) -> list[Message]:
    return list(words.entries(catalogue(language)))


def labels() -> set[str]:
    """What the code writes on keys."""
    root = Path(handlers.__file__).parent
    sources = [path.read_text("utf-8") for path in root.rglob("*.py")]
    return {
        label
        for source in sources
        for label in re.findall(r'Key\(\s*t\.plain\(\s*"([^"]+)"', source)
    }


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [""])


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?[a-z-]+", text))


@pytest.mark.parametrize("language", languages())
def test_every_message_of_the_code_is_translated_and_no_other(language: str) -> None:
    """What is missing is put in its place, empty, by ``make words``."""
    keys = {tuple(each.id) if isinstance(each.id, list) else each.id for each in entries(language)}
    assert keys == {message for _, message in words.said_in_the_code()}


@pytest.mark.parametrize("language", languages())
def test_no_translation_is_missing_or_fuzzy(language: str) -> None:
    assert words.empty(catalogue(language)) == []


@pytest.mark.parametrize("language", languages())
def test_every_plural_form_is_there(language: str) -> None:
    wanted = catalogue(language).num_plurals
    plurals = [each for each in entries(language) if not isinstance(each.id, str)]
    assert plurals
    assert {len(forms(each.string)) for each in plurals} == {wanted}


@pytest.mark.parametrize("language", languages())
def test_a_translation_has_the_placeholders_and_the_markup_of_its_message(language: str) -> None:
    differing = [
        each.id
        for each in entries(language)
        for form in forms(each.string)
        if placeholders(form) != placeholders(forms(each.id)[-1])
        or tags(form) != tags(forms(each.id)[-1])
    ]
    assert differing == []


@pytest.mark.parametrize("language", languages())
def test_a_label_has_at_most_20_characters(language: str) -> None:
    """A longer one is cut on a phone."""
    t = texts(language)
    said = {str(t(label, **dict.fromkeys(placeholders(label), "0.00"))) for label in labels()}
    assert len(said) > 30
    assert {label for label in said if len(label) > 20} == set()


@pytest.mark.parametrize(("language", "letters"), [("zh_Hans", "gb2312"), ("zh_Hant", "big5")])
def test_each_chinese_is_written_in_its_own_letters(language: str, letters: str) -> None:
    """A word pasted from the other one is seen at once."""
    foreign = {
        letter
        for each in entries(language)
        for form in forms(each.string)
        for letter in form
        if "\u4e00" <= letter <= "\u9fff" and not letter.encode(letters, "ignore")
    }
    assert foreign == set()


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh-hans", "zh_Hans"),
        ("zh", "zh_Hans"),
        ("zh-CN", "zh_Hans"),
        ("zh-sg", "zh_Hans"),
        ("zh-hant", "zh_Hant"),
        ("zh-TW", "zh_Hant"),
        ("zh-hk", "zh_Hant"),
        ("zh-mo", "zh_Hant"),
        ("en", "en"),
        ("en-gb", "en"),
        ("pt-br", "en"),
        ("", "en"),
        (None, "en"),
        ("x-klingon", "en"),
        ("!!", "en"),
        ("zh-" + "a" * 500, "zh_Hans"),
    ],
)
def test_telegrams_language_code_never_raises(code: str | None, language: str) -> None:
    assert spoken(code) == language
