"""`make words`: brings the catalogues up to date with the code, for translators to fill in.

    python -m tests.handlers.words            every catalogue: what is new stands there empty, what
                                              is said no more is gone, everything is in its place
    python -m tests.handlers.words pt_BR      begins a language with an empty catalogue

What is empty, and where, is told; as long as anything is, ``tests/handlers/test_locale.py`` fails.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

import handlers

LOCALE: Final = Path(handlers.__file__).parent / "locale"
_FORMS: Final = {"t": 1, "plain": 1, "count": 2}
"""How many forms of its message a call begins with."""
_HEADER: Final = """# {name}
msgid ""
msgstr ""
"Project-Id-Version: LEB card bot 1\\n"
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


def all_languages() -> list[str]:
    return sorted(path.parts[-3] for path in LOCALE.glob("*/LC_MESSAGES/messages.po"))


def said_in_the_code() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Each message with the file that says it, also where one stands within another."""
    root = Path(handlers.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            message = _message(node) if isinstance(node, ast.Call) else None
            if message is not None:
                yield str(path.relative_to(root)), message


def _message(call: ast.Call) -> str | tuple[str, ...] | None:
    name = getattr(call.func, "id", None) or getattr(call.func, "attr", None)
    words = [each.value for each in call.args if isinstance(each, ast.Constant)]
    forms = [each for each in words if isinstance(each, str)][: _FORMS.get(str(name), 0)]
    return (tuple(forms) if len(forms) == 2 else forms[0]) if forms else None


def catalogue(path: Path, language: str) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def entries(of: Catalog) -> Iterator[Message]:
    return (message for message in of if message.id)


def empty(of: Catalog) -> list[str]:
    """What is not translated, by its messages."""
    bare = [each for each in entries(of) if each.fuzzy or not all(_forms(each.string))]
    return [_forms(each.id)[0] for each in bare]


def up_to_date(language: str) -> str:
    """The catalogue's file as it should read."""
    path = path_of(language)
    header = _header(language) if not path.exists() else path.read_text("utf-8").split("\n\n")[0]
    known = catalogue(path, language) if path.exists() else Catalog(locale=language)
    wanted = Catalog(locale=language)
    for file, message in said_in_the_code():
        former = known.get(message if isinstance(message, str) else message[0])
        string = former.string if former is not None and not former.fuzzy else None
        wanted.add(message, string, locations=[(file, 0)])
    for each in entries(wanted):
        each.flags.discard("python-format")
    body = io.BytesIO()
    write_po(body, wanted, width=0, sort_output=True, omit_header=True, include_lineno=False)
    return f"{header.rstrip()}\n\n{body.getvalue().decode().strip()}\n"


def _header(language: str) -> str:
    plurals = get_plural(language).plural_forms
    locale = Locale.parse(language)
    name = locale.languages.get(language) or locale.get_display_name()
    return _HEADER.format(name=name, language=language, plurals=plurals)


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [""])


def main(begun: list[str]) -> None:
    for language in dict.fromkeys([*all_languages(), *begun]):
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(up_to_date(language), "utf-8")
        for message in empty(catalogue(path, language)):
            print(f"{path}: {message!r} is to be translated")  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main(sys.argv[1:])
