"""A receipt on paper: one narrow page, as a phone shows it, with its own Chinese letters.

The font is a part of Noto Sans SC (see ``fonts``); the letters that a receipt uses are embedded, so
that it reads the same wherever it is opened.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, HRFlowable, Paragraph, SimpleDocTemplate, Spacer, Table

_FONT: Final = "Noto Sans SC"
_FILE: Final = Path(__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
_MARGIN: Final = 34
_PADDING: Final = 6
"""Which the library leaves around what stands on a page."""
_WIDTH: Final = A5[0] - 2 * (_MARGIN + _PADDING)
_COLUMNS: Final = (_WIDTH * 0.36, _WIDTH * 0.64)
_INK: Final = HexColor("#1F2A33")
_GREY: Final = HexColor("#5B6770")
_RULE: Final = HexColor("#D5DADE")

_LOOKS: Final = [
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
]

_typesetting = Lock()
"""A font keeps notes of every page that is set in it: one paper at a time."""


def typeset(facts: dict[str, Any]) -> bytes:
    """A PDF of ``{"issuer", "title", "sections": [[[label, value, is_total], …], …], "foot"}``."""
    file = io.BytesIO()
    with _typesetting:
        loaded_font()
        document = SimpleDocTemplate(
            file, pagesize=A5, title=f"{facts['issuer']} · {facts['title']}",
            author=facts["issuer"], invariant=True,
            leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        )  # fmt: skip
        document.build(_flow(facts))
    return file.getvalue()


def _flow(facts: dict[str, Any]) -> list[Flowable]:
    flow: list[Flowable] = [
        _text(facts["issuer"], 11, _GREY),
        Spacer(0, 4),
        _text(facts["title"], 20),
        Spacer(0, 8),
    ]
    for section in facts["sections"]:
        flow += [_rule(), _table(section)]
    return [*flow, _rule(), Spacer(0, 6), _text(facts["foot"], 9, _GREY)]


def _table(section: list[tuple[str, str, bool]]) -> Table:
    cells = [
        [_text(label, 10, _GREY), _text(value, 15 if is_total else 11)]
        for label, value, is_total in section
    ]
    return Table(cells, colWidths=_COLUMNS, style=_LOOKS)


def _text(words: str, size: float, colour: Color = _INK) -> Paragraph:
    style = ParagraphStyle(
        "text", fontName=_FONT, fontSize=size, leading=size * 1.45, textColor=colour
    )
    return Paragraph(escape(words), style)


def _rule() -> HRFlowable:
    return HRFlowable(width="100%", thickness=0.6, color=_RULE, spaceBefore=5, spaceAfter=5)


@cache
def loaded_font() -> TTFont:
    """The font, read once and known to the library from then on."""
    font = TTFont(_FONT, _FILE)
    registerFont(font)
    return font
