"""A receipt on paper: one narrow page, as a phone shows it, with its own Chinese letters.

The fonts are parts of Noto Sans SC and TC (see ``fonts``); the letters that a receipt uses are
embedded, so that it reads the same wherever it is opened.
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

_FONTS: Final = ("NotoSansSC-Regular", "NotoSansTC-Regular")
_DIRECTORY: Final = Path(__file__).parent / "fonts"
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
        font = font_for(facts).fontName
        document = SimpleDocTemplate(
            file, pagesize=A5, title=f"{facts['issuer']} · {facts['title']}",
            author=facts["issuer"], invariant=True,
            leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN,
        )  # fmt: skip
        document.build(_flow(facts, font))
    return file.getvalue()


def _flow(facts: dict[str, Any], font: str) -> list[Flowable]:
    flow: list[Flowable] = [
        _text(facts["issuer"], font, 11, _GREY),
        Spacer(0, 4),
        _text(facts["title"], font, 20),
        Spacer(0, 8),
    ]
    for section in facts["sections"]:
        flow += [_rule(), _table(section, font)]
    return [*flow, _rule(), Spacer(0, 6), _text(facts["foot"], font, 9, _GREY)]


def _table(section: list[tuple[str, str, bool]], font: str) -> Table:
    cells = [
        [_text(label, font, 10, _GREY), _text(value, font, 15 if is_total else 11)]
        for label, value, is_total in section
    ]
    return Table(cells, colWidths=_COLUMNS, style=_LOOKS)


def _text(words: str, font: str, size: float, colour: Color = _INK) -> Paragraph:
    style = ParagraphStyle(
        "text", fontName=font, fontSize=size, leading=size * 1.45, textColor=colour
    )
    return Paragraph(escape(words), style)


def _rule() -> HRFlowable:
    return HRFlowable(width="100%", thickness=0.6, color=_RULE, spaceBefore=5, spaceAfter=5)


def font_for(facts: dict[str, Any]) -> TTFont:
    """The first that has every letter of the words, else the one that lacks the fewest."""
    letters = {ord(letter) for letter in str(facts)}
    lacking = {}
    for name in _FONTS:
        font = _loaded(name)
        lacking[font] = len(letters - font.face.charToGlyph.keys())
        if not lacking[font]:
            break
    return min(lacking, key=lacking.__getitem__)


@cache
def _loaded(name: str) -> TTFont:
    """The font, read once and known to the library from then on."""
    font = TTFont(name, _DIRECTORY / f"{name}.ttf")
    registerFont(font)
    return font
