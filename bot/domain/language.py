"""Languages, by the names of their catalogues: ``en``, ``zh_Hans``, ``zh_Hant``, ``pt_BR``.

What an operator writes need not be there in each: a reader then gets their language's nearest
relative, else English.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

ENGLISH: Final = "en"
"""In which the messages stand in the code, and which everybody gets who speaks no other of ours."""


def relative(language: str, offered: Collection[str]) -> str | None:
    """The language itself, else of those offered the one that has most of its name in common from
    the left: ``zh_Hans`` for ``zh_Hant``. None when only strangers are offered."""
    parts = language.split("_")
    for length in range(len(parts), 0, -1):
        stem = "_".join(parts[:length])
        if stem in offered:
            return stem
        for each in offered:
            if each.startswith(f"{stem}_"):
                return each
    return None


def nearest(language: str, offered: Collection[str]) -> str | None:
    """Its relative, else English; None when that is not offered either."""
    english = ENGLISH if ENGLISH in offered else None
    return relative(language, offered) or english
