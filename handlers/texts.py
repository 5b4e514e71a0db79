"""The words of each language: gettext catalogues, read from their sources when first needed.

Messages are in English in the code and translated by ``locale/<language>/LC_MESSAGES/messages.po``.
A language is there because its catalogue is: no other file knows which there are. Values stand in
braces and are escaped as they are put in (`handlers.html`); the messages themselves may hold
Telegram's HTML tags.
"""

from __future__ import annotations

import io
from gettext import GNUTranslations
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.domain.language import ENGLISH, nearest
from handlers.html import Html, escape, neutral


class Texts:
    """Calling it translates: ``t("Ends {date}", date=…)``."""

    def __init__(self, language: str, catalogue: GNUTranslations) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self._catalogue = catalogue

    def __call__(self, message: str, **values: object) -> Html:
        """The message as HTML; every value that is not `Html` is escaped."""
        return _filled(self._catalogue.gettext(message), values)

    def count(self, one: str, many: str, number: int, **values: object) -> Html:
        """The message in the plural form of ``number``, which fills ``{number}``."""
        translated = self._catalogue.ngettext(one, many, number)
        return _filled(translated, {"number": f"{number:,}", **values})

    def plain(self, message: str, **values: object) -> str:
        """The message as plain text: labels, toasts, invoices."""
        translated = self._catalogue.gettext(message)
        shown = {key: neutral(str(value)) for key, value in values.items()}
        return translated.format(**shown)

    def country(self, code: str) -> str:
        """The name of an ISO 3166-1 alpha-2 code in this language; the code where it has none."""
        return self.locale.territories.get(code) or code

    @property
    def own_name(self) -> str:
        """What the language calls itself: ``简体中文``, ``English``."""
        name = self.locale.languages.get(self.language) or self.locale.get_display_name()
        return f"{name[0].upper()}{name[1:]}" if name else self.language

    def name_of(self, language: str) -> str:
        """What another language is called in this one, for use in a sentence."""
        return str(self.locale.languages.get(language, language))

    @property
    def writes_year_first(self) -> bool:
        """Then the month stands before the day, too: ``12/3`` is the third of December."""
        return str(self.locale.date_formats["short"].pattern).startswith("y")


def _filled(message: str, values: dict[str, object]) -> Html:
    return Html(message.format(**{key: escape(value) for key, value in values.items()}))


class Catalogues:
    """The languages of one folder. English is the last of them: it is what is left for those who
    speak none of the others."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        found = {path.parts[-3] for path in directory.glob("*/LC_MESSAGES/messages.po")}
        self.languages = tuple(sorted(found, key=lambda each: (each == ENGLISH, each)))
        self._read: dict[str, Texts] = {}

    def path(self, language: str) -> Path:
        return self._directory / language / "LC_MESSAGES" / "messages.po"

    def texts(self, language: str) -> Texts:
        """The words of the language, or of the nearest one that is there."""
        known = nearest(language, self.languages) or ENGLISH
        if known not in self._read:
            self._read[known] = _compiled(known, self.path(known))
        return self._read[known]

    def spoken(self, language_code: str | None) -> str:
        """Ours of Telegram's ``language_code`` (an IETF tag), by language and script: Hong Kong and
        Taiwan write Chinese in another script than Singapore. English for what we do not speak.

        Never raises: the code is what an app sends, and apps send what they like.
        """
        try:
            name = str(Locale.parse(language_code or ENGLISH, sep="-"))
        except (ValueError, TypeError, UnknownLocaleError):
            return ENGLISH
        if "_" not in name:
            name = get_global("likely_subtags").get(name, name)
        return nearest(name, self.languages) or ENGLISH


def _compiled(language: str, path: Path) -> Texts:
    """In memory: no build step."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Texts(language, GNUTranslations(compiled))


_OURS: Final = Catalogues(Path(__file__).parent / "locale")


def languages() -> tuple[str, ...]:
    return _OURS.languages


def texts(language: str) -> Texts:
    return _OURS.texts(language)


def spoken(language_code: str | None) -> str:
    return _OURS.spoken(language_code)


def own_name(language: str) -> str:
    return texts(language).own_name
