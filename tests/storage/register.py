"""`make register`: writes the table of `docs/privacy.md` anew from the register of personal data.

python -m tests.storage.register
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from storage.personal_data import REGISTER

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "privacy.md"
_HEAD: Final = "| table | about | kept | on erasure | personal | pseudonymous |"


def document() -> str:
    """As it should read: what stands before the table, and the table."""
    words = DOCUMENT.read_text("utf-8").partition(_HEAD)[0]
    return words + "\n".join(_table()) + "\n"


def _table() -> Iterator[str]:
    yield _HEAD
    yield "|---|---|---|---|---|---|"
    for name, each in sorted(REGISTER.items()):
        columns = (", ".join(some.split()) for some in (each.personal, each.pseudonymous))
        yield f"| `{name}` | {each.about} | {each.kept} | {each.erased} | {' | '.join(columns)} |"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
