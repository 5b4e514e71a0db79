"""Every screen reads as it was last looked at, in every language, and keeps to the conventions.

After a change: ``make snapshots``, and look at what differs in ``tests/handlers/snapshots``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import pytest

from handlers.screens.screen import MOST_ROWS, Key, Screen
from handlers.texts import languages, texts
from tests.handlers.gallery import PAGES, snapshots
from tests.handlers.gallery.page import Page

LONGEST_LABEL, LONGEST_MESSAGE = 20, 4096
WAYS_OUT = ("◀", "🏠", "🛠")
"""With which the label of a key begins that leads away."""

every_language = pytest.mark.parametrize("language", languages())


def screens(language: str) -> Iterator[tuple[Page, Screen]]:
    for each in PAGES:
        shown = each.shown(texts(language))
        if isinstance(shown, Screen):
            yield each, shown


def keys(of: Screen) -> list[Key]:
    return [key for row in of.keys for key in row]


def is_way_out(key: Key) -> bool:
    return key.label.startswith(WAYS_OUT)


def test_every_screen_is_in_the_gallery() -> None:
    """Add a `page` for each that is named to a file of ``tests/handlers/gallery``, with facts as
    its reader has them, then ``make snapshots``."""
    assert snapshots.missing() == []


@every_language
def test_every_screen_reads_as_it_was_last_looked_at(language: str) -> None:
    """``make snapshots`` writes them anew."""
    wanted, kept = (
        {str(path): text for path, text in each.items() if path.parts[0] == language}
        for each in (snapshots.snapshots(), snapshots.kept())
    )
    differing = [
        line
        for path in sorted(wanted.keys() | kept.keys())
        for line in difflib.unified_diff(
            kept.get(path, "").splitlines(),
            wanted.get(path, "").splitlines(),
            f"{path} as it was",
            f"{path} now",
            lineterm="",
        )
    ]
    assert "\n".join(differing) == ""


@every_language
def test_a_screen_has_four_rows_of_short_labels_at_most(language: str) -> None:
    assert [each.title for each, of in screens(language) if len(of.keys) > MOST_ROWS] == []
    long = {key.label for _, of in screens(language) for key in keys(of)}
    assert {label for label in long if len(label) > LONGEST_LABEL} == set()


@every_language
def test_a_message_fits_and_no_placeholder_is_left_in_it(language: str) -> None:
    for each, of in screens(language):
        assert len(of.text) <= LONGEST_MESSAGE, each.title
        if not each.dialogue.startswith("desk/announce"):
            assert re.search(r"\{\w+\}", of.text) is None, each.title


@every_language
def test_the_way_back_comes_last(language: str) -> None:
    """Unless it is the safe answer to a question, which comes first."""
    misplaced = [
        each.title
        for each, of in screens(language)
        if any(map(is_way_out, keys(of)))
        and not is_way_out(keys(of)[-1])
        and keys(of)[-1].style is None
    ]
    assert misplaced == []
