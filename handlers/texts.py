"""The words of one language: gettext catalogues, read from their sources at start.

Messages are in English in the code and translated by ``locale/<language>/LC_MESSAGES/messages.po``.
Values stand in braces and are escaped as they are put in (`handlers.html`); the messages themselves
may hold Telegram's HTML tags.
"""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from handlers.html import Html, escape, neutral

LANGUAGES: Final = ("zh_Hans", "en")
_DIRECTORY: Final = Path(__file__).parent / "locale"


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
        return _filled(translated, {"number": number, **values})

    def plain(self, message: str, **values: object) -> str:
        """The message as plain text: labels, toasts, invoices."""
        translated = self._catalogue.gettext(message)
        shown = {key: neutral(str(value)) for key, value in values.items()}
        return translated.format(**shown)


def _filled(message: str, values: dict[str, object]) -> Html:
    return Html(message.format(**{key: escape(value) for key, value in values.items()}))


def catalogue_path(language: str) -> Path:
    return _DIRECTORY / language / "LC_MESSAGES" / "messages.po"


@cache
def texts(language: str) -> Texts:
    """The words of ``zh_Hans`` or ``en``, read once. They are compiled in memory: no build step."""
    with catalogue_path(language).open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Texts(language, GNUTranslations(compiled))


def spoken(language_code: str | None) -> str:
    """Ours of Telegram's ``language_code`` (an IETF tag): Chinese in any form, else English.

    Never raises: the code is what an app sends, and apps send what they like.
    """
    try:
        locale = Locale.parse(language_code or "en", sep="-")
    except (ValueError, TypeError, UnknownLocaleError):
        return "en"
    return "zh_Hans" if locale.language == "zh" else "en"
