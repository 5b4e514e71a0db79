"""A language is there because its catalogue is; what is not written in it comes in the nearest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import handlers.texts
from bot.domain.announcement import Announcement, Content, Version
from bot.domain.language import nearest, relative
from bot.domain.operator import Operator, Role
from handlers.commands import menu_calls
from handlers.own_words import OwnWords
from handlers.screens.welcome import code_text
from handlers.texts import Catalogues
from tests.handlers import words
from tests.handlers.facts import BRANDING, MONTHLY, NOW
from tests.handlers.rehearsal import Person, Rehearsal

TOY = """# Esperanto
msgid ""
msgstr ""
"Language: eo\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "🌐 Language"
msgstr "🌐 Lingvo"

msgid "Home"
msgstr "Hejmo"

msgid "Monthly"
msgstr "Monata"
"""


def adds(directory: Path, language: str, catalogue: str = TOY) -> None:
    path = directory / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(catalogue.replace("eo", language), "utf-8")


@pytest.fixture
def with_esperanto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalogues:
    """Our catalogues, and one more."""
    shutil.copytree(words.LOCALE, tmp_path / "locale")
    adds(tmp_path / "locale", "eo")
    catalogues = Catalogues(tmp_path / "locale")
    monkeypatch.setattr(handlers.texts, "_OURS", catalogues)
    return catalogues


@pytest.fixture
def reader(with_esperanto: Catalogues, stage: Rehearsal) -> Person:
    return stage.person(5001, "eo", "Ludoviko")


async def test_whoever_speaks_it_is_spoken_to_in_it(reader: Person) -> None:
    assert "🌐 Lingvo" in await reader.sends("/language")


@pytest.mark.usefixtures("with_esperanto")
async def test_others_find_it_by_its_own_name(stage: Rehearsal) -> None:
    lin = stage.person(1001, "zh-hans", "林晓")
    await lin.sends("/language")
    await lin.presses("Esperanto")
    assert "🌐 Lingvo" in await lin.sends("/language")


async def test_what_its_catalogue_lacks_is_said_in_english(reader: Person) -> None:
    await reader.sends("/language")
    await reader.presses("English")
    english = await reader.sends("/help")
    await reader.sends("/language")
    await reader.presses("Esperanto")
    assert await reader.sends("/help") == english


@pytest.mark.usefixtures("with_esperanto")
async def test_its_commands_and_announcements_are_there(stage: Rehearsal) -> None:
    menus = [parameters for method, parameters in menu_calls(BRANDING) if method == "setMyCommands"]
    (menu,) = [menu for menu in menus if menu.get("language_code") == "eo"]
    assert menu["commands"][0] == {"command": "start", "description": "Hejmo"}
    marketer = stage.person(9001, "en", "Op")
    await marketer.sends("/start")
    async with stage.store.unit() as unit:
        unit.roles.grant(Operator(marketer.id, Role.MARKETING, None, NOW))
    await marketer.sends("/announce")
    await marketer.sends("Hello")
    await marketer.presses("Words")
    await marketer.presses("Esperanto")
    await marketer.sends("Saluton")
    await marketer.presses("Buttons")
    assert "English | Esperanto" in marketer.text
    await marketer.sends("Monthly | Monata | M30")
    assert "Monthly → M30" in marketer.text
    await marketer.presses("Audience")
    await marketer.presses("By language")
    await marketer.presses("Esperanto")
    assert "To: Esperanto" in marketer.text
    await marketer.presses("Test")
    assert [each.text for each in marketer.saw[:2]] == ["Hello", "Saluton"]


@pytest.mark.parametrize(
    ("code", "language"),
    [
        *((code, "zh_Hant") for code in ("zh-tw", "zh-TW", "zh-hk", "zh-mo", "zh-hant")),
        *((code, "zh_Hans") for code in ("zh", "zh-cn", "zh-sg", "zh-hans", "zh-hans-hk")),
        *((code, "pt_BR") for code in ("pt-br", "pt", "pt-pt")),
        *(("uz", "uz_Latn"), ("uz-cyrl", "uz_Cyrl")),
        ("fr", "en"),
    ],
)
def test_a_code_is_understood_by_language_and_script(
    tmp_path: Path, code: str, language: str
) -> None:
    for each in ("zh_Hans", "zh_Hant", "pt_BR", "uz_Cyrl", "uz_Latn", "en"):
        adds(tmp_path, each)
    assert Catalogues(tmp_path).spoken(code) == language


def test_of_two_that_telegram_cannot_tell_apart_one_has_the_menu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("zh_Hans", "zh_Hant", "en"):
        adds(tmp_path, each)
    monkeypatch.setattr(handlers.texts, "_OURS", Catalogues(tmp_path))
    menus = [parameters for method, parameters in menu_calls(BRANDING) if method == "setMyCommands"]
    assert [menu.get("language_code") for menu in menus] == ["zh", None]


async def test_whose_language_telegram_does_not_know_has_a_menu_of_their_own(
    stage: Rehearsal,
) -> None:
    taipei, hongkong = stage.person(5002, "zh-tw", "Mei"), stage.person(5003, "en", "Ho")
    await taipei.sends("/start")
    assert _menu_of(taipei) == ["首頁", "餘額與流量", "續費", "訂單與收據", "說明與客服"]
    await hongkong.sends("/start")
    assert _menu_of(hongkong) == []
    await hongkong.sends("/language")
    await hongkong.presses("繁體中文")
    assert _menu_of(hongkong)[0] == "首頁"


def _menu_of(person: Person) -> list[str]:
    """Of their own chat, as the last event set it."""
    menus = [each.parameters for each in person.saw if each.method == "setMyCommands"]
    assert all(menu["scope"] == {"type": "chat", "chat_id": person.id} for menu in menus)
    return [each["description"] for menu in menus for each in menu["commands"]]


def test_a_subscriber_whose_catalogue_is_gone_reads_the_nearest(tmp_path: Path) -> None:
    for each in ("zh_Hans", "en"):
        adds(tmp_path, each)
    known = Catalogues(tmp_path)
    assert [known.texts(each).language for each in ("zh_Hant", "eo")] == ["zh_Hans", "en"]


@pytest.mark.parametrize(
    ("language", "offered", "found"),
    [
        ("zh_Hant", ["en", "zh_Hans", "zh_Hant"], "zh_Hant"),
        ("zh_Hant", ["en", "zh_Hans"], "zh_Hans"),
        ("zh_Hant_HK", ["zh_Hans", "zh_Hant"], "zh_Hant"),
        ("zh", ["zh_Hans", "en"], "zh_Hans"),
        ("de", ["zh_Hans", "en"], "en"),
        ("z", ["zh_Hans"], None),
        ("de", ["zh_Hans"], None),
        ("de", [], None),
    ],
)
def test_the_nearest_is_a_relative_else_english(
    language: str, offered: list[str], found: str | None
) -> None:
    assert nearest(language, offered) == found
    assert relative(language, offered) == (None if found == "en" else found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh_Hant", "LEB: 052937. 您的驗證碼，10 分鐘內有效，請勿告訴他人。 "
                    "Your code, good for 10 minutes; tell nobody."),
        ("en", "LEB: 052937. Your code, good for 10 minutes; tell nobody."),
    ],
)  # fmt: skip
def test_a_code_is_texted_in_the_askers_language_and_in_english(language: str, text: str) -> None:
    assert code_text("LEB", language, "052937") == text


def test_a_plan_is_called_in_the_nearest_language() -> None:
    assert MONTHLY.name("zh_Hant") == "月卡"


@pytest.mark.parametrize(
    ("language", "read"),
    [("zh_Hant", "zh_Hans"), ("de", "en"), ("en", "en"), ("zh_Hans", "zh_Hans")],
)
def test_an_announcement_comes_in_the_nearest_language(language: str, read: str) -> None:
    versions = {each: Version(each, Content.TEXT, each) for each in ("zh_Hans", "en")}
    announced = Announcement(1, 9001, NOW, versions=versions)
    assert announced.version_for(language).language == read


def test_an_announcement_in_one_language_is_for_everybody() -> None:
    versions = {"zh_Hans": Version("zh_Hans", Content.TEXT, "新套餐")}
    assert Announcement(1, 9001, NOW, versions=versions).version_for("de").language == "zh_Hans"


def test_the_operators_own_words_come_in_the_nearest_language(tmp_path: Path) -> None:
    for language in ("zh_Hans", "en"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "terms.md").write_text(language, "utf-8")
    own = OwnWords(tmp_path)
    assert [own.of(each, "terms") for each in ("zh_Hant", "de")] == [["zh_Hans"], ["en"]]
