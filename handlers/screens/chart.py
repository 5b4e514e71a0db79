"""The usage picture: one bar a day, a line at the cap, and only digits and units in it.

Words stand in the caption. A day at or beyond the cap is marked by its colour and by a dot above
it; a day that was not reported is a short dash on the ground line.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any, Final

from PIL import Image, ImageDraw

from handlers.screens.canvas import (
    BAR,
    GRID,
    GROUND,
    INK,
    LEFT,
    PAPER,
    RIGHT,
    TODAY,
    WIDTH,
    bar,
    font,
    png,
    step,
)

_HEIGHT: Final = 560
_TOP, _BOTTOM = 56, 490
_GB: Final = 10**9

_SLOWED: Final = "#F08A24"
_CAP: Final = "#D64545"


def draw(facts: dict[str, Any]) -> bytes:
    """A PNG of 960 × 560 from ``{"days": [[ISO date, bytes or None], …], "cap_bytes": …}``, oldest
    day first, today last."""
    days = [(date.fromisoformat(day), used) for day, used in facts["days"]]
    cap: int | None = facts["cap_bytes"]
    highest = max([used for _, used in days if used is not None] + [cap or 0, _GB])
    apart = step(highest / _GB)
    top = math.ceil(highest / _GB / apart + 0.15) * apart
    image = Image.new("RGB", (WIDTH, _HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    _scale(pen, apart, top)
    _bars(pen, days, cap, top)
    if cap is not None:
        _cap_line(pen, cap, top)
    return png(image)


def _y(gigabytes: float, top: float) -> int:
    return round(_BOTTOM - (_BOTTOM - _TOP) * gigabytes / top)


def _scale(pen: ImageDraw.ImageDraw, apart: float, top: float) -> None:
    count = round(top / apart)
    for level in (apart * index for index in range(count + 1)):
        y = _y(level, top)
        pen.line((LEFT, y, RIGHT, y), fill=GROUND if level == 0 else GRID, width=2)
        pen.text((LEFT - 14, y), f"{level:g}", font=font(24), fill=INK, anchor="rm")
    pen.text((LEFT - 14, _TOP - 34), "GB", font=font(22), fill=INK, anchor="rm")


def _bars(
    pen: ImageDraw.ImageDraw, days: list[tuple[date, int | None]], cap: int | None, top: float
) -> None:
    slot = (RIGHT - LEFT) / len(days)
    half = max(6.0, min(34.0, slot * 0.34))
    every = 1 if len(days) <= 10 else 5
    for index, (day, used) in enumerate(days):
        x = LEFT + slot * (index + 0.5)
        if used is None:
            pen.line((x - half * 0.6, _BOTTOM - 5, x + half * 0.6, _BOTTOM - 5), GROUND, 4)
        elif used > 0:
            _bar(pen, x, half, used, top, slowed=cap is not None and used >= cap,
                 today=index == len(days) - 1)  # fmt: skip
        if (len(days) - 1 - index) % every == 0:
            label = f"{day.month}/{day.day}"
            pen.text((x, _BOTTOM + 16), label, font=font(24), fill=INK, anchor="mt")
        if len(days) <= 10 and used is not None:
            _value(pen, x, used, top)


def _bar(
    pen: ImageDraw.ImageDraw, x: float, half: float, used: int, top: float, *,
    slowed: bool, today: bool,
) -> None:  # fmt: skip
    y = min(_y(used / _GB, top), _BOTTOM - 4)
    fill = _SLOWED if slowed else TODAY if today else BAR
    bar(pen, x, half, y, _BOTTOM, fill)
    if slowed:
        pen.ellipse((x - 6, y - 24, x + 6, y - 12), fill=_SLOWED)


def _value(pen: ImageDraw.ImageDraw, x: float, used: int, top: float) -> None:
    """The day's number inside its bar, or above a bar too low to hold it."""
    y, number = _y(used / _GB, top), f"{used * 10 // _GB / 10:g}"
    if _BOTTOM - y > 48:
        pen.text((x, y + 12), number, font=font(26), fill=PAPER, anchor="mt")
    else:
        pen.text((x, y - 8), number, font=font(26), fill=INK, anchor="mb")


def _cap_line(pen: ImageDraw.ImageDraw, cap: int, top: float) -> None:
    y = _y(cap / _GB, top)
    for x in range(LEFT, RIGHT, 24):
        pen.line((x, y, min(x + 14, RIGHT), y), fill=_CAP, width=3)
    pen.rectangle((0, y - 20, LEFT - 6, y + 20), fill=PAPER)
    pen.text((LEFT - 14, y), f"{cap / _GB:g}", font=font(28), fill=_CAP, anchor="rm")
