"""A table as a CSV file that spreadsheets open as text, and never as a formula."""

from __future__ import annotations

import csv
import io
import string
import unicodedata
from typing import Any, Final

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\N{MINUS SIGN}")
"""What makes a spreadsheet calculate a cell (OWASP, CSV injection). Full-width and small forms,
which East Asian editions take for the same, are brought to these first, and blanks passed over."""
_ENDS_A_CELL: Final = ("\t", "\r", "\n")
_BLANK: Final = (
    f"{string.whitespace}\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}"
    "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
)


def write(facts: dict[str, Any]) -> bytes:
    """UTF-8 with the byte order mark by which Excel knows it, lines as in RFC 4180, of
    ``{"rows": [[cell, …], …]}``, the head first."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_as_text(cell) for cell in row] for row in facts["rows"])
    return text.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    plain = unicodedata.normalize("NFKC", cell.lstrip(_BLANK))
    is_formula = plain.startswith(_STARTS_A_FORMULA) or cell.startswith(_ENDS_A_CELL)
    return f"'{cell}" if is_formula else cell
