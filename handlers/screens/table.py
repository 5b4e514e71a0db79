"""A table as a CSV file that spreadsheets open as text, and never as a formula."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet calculate a cell (OWASP, CSV injection), and the full-width forms that
East Asian editions take for the same."""


def write(facts: dict[str, Any]) -> bytes:
    """UTF-8 with the byte order mark by which Excel knows it, lines as in RFC 4180, of
    ``{"rows": [[cell, …], …]}``, the head first."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_as_text(cell) for cell in row] for row in facts["rows"])
    return text.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell
