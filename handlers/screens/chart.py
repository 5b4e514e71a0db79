"""The usage picture: one bar a day, a line at the cap, and only digits and units in it.

Words stand in the caption. A day at or beyond the cap is marked by its colour and by a dot above
it; a day that was not reported is a short dash on the ground line.
"""

from __future__ import annotations

import io
import math
from datetime import date
from functools import cache
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

_WIDTH, _HEIGHT = 960, 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 92, 916, 56, 490
_GB: Final = 10**9

_PAPER: Final = "#FFFFFF"
_INK: Final = "#5B6770"
_GRID: Final = "#E8ECEF"
_GROUND: Final = "#B8C0C6"
_BAR: Final = "#3390EC"
_TODAY: Final = "#1B6FC2"
_SLOWED: Final = "#F08A24"
_CAP: Final = "#D64545"


def draw(facts: dict[str, Any]) -> bytes:
    """A PNG of 960 × 560 from ``{"days": [[ISO date, bytes or None], …], "cap_bytes": …}``, oldest
    day first, today last."""
    days = [(date.fromisoformat(day), used) for day, used in facts["days"]]
    cap: int | None = facts["cap_bytes"]
    highest = max([used for _, used in days if used is not None] + [cap or 0, _GB])
    step = _step(highest / _GB)
    top = math.ceil(highest / _GB / step + 0.15) * step
    image = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    _scale(pen, step, top)
    _bars(pen, days, cap, top)
    if cap is not None:
        _cap_line(pen, cap, top)
    return _png(image)


def _step(highest_gb: float) -> float:
    """A round distance between grid lines, for three to six of them."""
    rough = highest_gb / 4
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * each for each in (1, 2, 5, 10) if power * each >= rough)


def _y(gigabytes: float, top: float) -> int:
    return round(_BOTTOM - (_BOTTOM - _TOP) * gigabytes / top)


def _scale(pen: ImageDraw.ImageDraw, step: float, top: float) -> None:
    count = round(top / step)
    for level in (step * index for index in range(count + 1)):
        y = _y(level, top)
        pen.line((_LEFT, y, _RIGHT, y), fill=_GROUND if level == 0 else _GRID, width=2)
        pen.text((_LEFT - 14, y), f"{level:g}", font=_font(24), fill=_INK, anchor="rm")
    pen.text((_LEFT - 14, _TOP - 34), "GB", font=_font(22), fill=_INK, anchor="rm")


def _bars(
    pen: ImageDraw.ImageDraw, days: list[tuple[date, int | None]], cap: int | None, top: float
) -> None:
    slot = (_RIGHT - _LEFT) / len(days)
    half = max(6.0, min(34.0, slot * 0.34))
    every = 1 if len(days) <= 10 else 5
    for index, (day, used) in enumerate(days):
        x = _LEFT + slot * (index + 0.5)
        if used is None:
            pen.line((x - half * 0.6, _BOTTOM - 5, x + half * 0.6, _BOTTOM - 5), _GROUND, 4)
        elif used > 0:
            _bar(pen, x, half, used, top, slowed=cap is not None and used >= cap,
                 today=index == len(days) - 1)  # fmt: skip
        if (len(days) - 1 - index) % every == 0:
            label = f"{day.month}/{day.day}"
            pen.text((x, _BOTTOM + 16), label, font=_font(24), fill=_INK, anchor="mt")
        if len(days) <= 10 and used is not None:
            _value(pen, x, used, top)


def _bar(
    pen: ImageDraw.ImageDraw, x: float, half: float, used: int, top: float, *,
    slowed: bool, today: bool,
) -> None:  # fmt: skip
    y = min(_y(used / _GB, top), _BOTTOM - 4)
    fill = _SLOWED if slowed else _TODAY if today else _BAR
    pen.rounded_rectangle(
        (x - half, y, x + half, _BOTTOM), radius=min(10.0, half, (_BOTTOM - y) / 2), fill=fill,
        corners=(True, True, False, False),
    )  # fmt: skip
    if slowed:
        pen.ellipse((x - 6, y - 24, x + 6, y - 12), fill=_SLOWED)


def _value(pen: ImageDraw.ImageDraw, x: float, used: int, top: float) -> None:
    """The day's number inside its bar, or above a bar too low to hold it."""
    y, number = _y(used / _GB, top), f"{used * 10 // _GB / 10:g}"
    if _BOTTOM - y > 48:
        pen.text((x, y + 12), number, font=_font(26), fill=_PAPER, anchor="mt")
    else:
        pen.text((x, y - 8), number, font=_font(26), fill=_INK, anchor="mb")


def _cap_line(pen: ImageDraw.ImageDraw, cap: int, top: float) -> None:
    y = _y(cap / _GB, top)
    for x in range(_LEFT, _RIGHT, 24):
        pen.line((x, y, min(x + 14, _RIGHT), y), fill=_CAP, width=3)
    pen.rectangle((0, y - 20, _LEFT - 6, y + 20), fill=_PAPER)
    pen.text((_LEFT - 14, y), f"{cap / _GB:g}", font=_font(28), fill=_CAP, anchor="rm")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _png(image: Image.Image) -> bytes:
    """Few colours, few bytes: the picture has to arrive at throttled speed."""
    out = io.BytesIO()
    image.quantize(32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        out, "PNG", compress_level=6
    )
    return out.getvalue()
