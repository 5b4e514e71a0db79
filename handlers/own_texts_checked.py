"""What doctor says of the operator's texts: each file that is not shown, with the line at fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from handlers.own_answers import NAME, read_answer
from handlers.own_text import Unreadable, text_of
from handlers.screens.faq import Topic
from handlers.texts import languages

_READ: Final = ("privacy.md", "terms.md")


def findings(directory: Path) -> Iterator[str]:
    """A sentence each; none when all that is there is shown."""
    if not directory.is_dir():
        yield f"TEXTS_DIRECTORY: {directory} is no folder"
        return
    for folder in sorted(directory.iterdir()):
        if folder.name.startswith("."):
            continue
        if folder.name not in languages() or not folder.is_dir():
            spoken = ", ".join(languages())
            yield f"{folder} is not read: it should be a folder of a language ({spoken})"
            continue
        for path in sorted(folder.rglob("*")):
            if not path.is_dir() and not path.name.startswith("."):
                yield from _of_file(path, folder)


def _of_file(path: Path, folder: Path) -> Iterator[str]:
    is_answer = path.parent == folder / "faq" and path.suffix == ".md"
    if not is_answer and (path.parent != folder or path.name not in _READ):
        yield f"{path} is not read: only {', '.join(_READ)} and faq/*.md are"
    elif is_answer and NAME.fullmatch(path.stem) is None:
        yield f"{path} is not read: its name may hold A to Z, a to z, 0 to 9 and -, 32 at most"
    else:
        try:
            if not is_answer:
                text_of(path)
            elif read_answer(path).answer is None and path.stem not in set(Topic):
                raise Unreadable(2, "the answer is missing")
        except Unreadable as error:
            yield f"{path}:{error.line}: {error.why}"
        except OSError as error:
            yield f"{path} cannot be read: {error.strerror}"
