"""``make snapshots``: writes every screen of the gallery down as its reader sees it.

A file for each language and dialogue, in ``tests/handlers/snapshots``: what changed on a screen is
read in the difference of a commit, in every language.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import handlers.screens
from handlers.screens.screen import Screen
from handlers.texts import languages, texts
from tests.handlers.gallery import PAGES
from tests.handlers.gallery.page import written

FOLDER: Final = Path(__file__).parents[1] / "snapshots"


def snapshots() -> dict[Path, str]:
    """Each file as it should read, by its path in the folder."""
    dialogues = dict.fromkeys(page.dialogue for page in PAGES)
    return {
        Path(language, f"{dialogue}.txt"): "\n".join(
            written(page, texts(language)) for page in PAGES if page.dialogue == dialogue
        )
        for language in languages()
        for dialogue in dialogues
    }


def kept() -> dict[Path, str]:
    """Each file as it stands."""
    return {path.relative_to(FOLDER): path.read_text("utf-8") for path in FOLDER.rglob("*.txt")}


def missing() -> list[str]:
    """The screens that no page of the gallery shows."""
    shown = {page.screen for page in PAGES}
    return [f"{each.__module__}.{each.__name__}" for each in screens() if each not in shown]


def screens() -> Iterator[Callable[..., Screen]]:
    """Every public function of `handlers.screens` that makes a screen."""
    root = handlers.screens
    for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
        module = import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_own and function.__annotations__.get("return") == Screen.__name__:
                yield function


def main() -> None:
    wanted = snapshots()
    for path in kept().keys() - wanted.keys():
        (FOLDER / path).unlink()
    for path, text in wanted.items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(text, "utf-8")
    for name in missing():
        print(f"{name} has no page in tests/handlers/gallery")  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
