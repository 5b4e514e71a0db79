"""What the pictures of figures have in common: size, colours, letters, scale, and few bytes."""

from __future__ import annotations

import io
import math
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

WIDTH: Final = 960
LEFT: Final = 92
RIGHT: Final = 916

PAPER: Final = "#FFFFFF"
INK: Final = "#5B6770"
GRID: Final = "#E8ECEF"
GROUND: Final = "#B8C0C6"
BAR: Final = "#3390EC"
TODAY: Final = "#1B6FC2"


def step(highest: float) -> float:
    """A round distance between grid lines, for three to six of them."""
    rough = highest / 4
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * each for each in (1, 2, 5, 10) if power * each >= rough)


def bar(
    pen: ImageDraw.ImageDraw, x: float, half: float, y: int, ground: int, fill: str
) -> None:  # fmt: skip
    """A bar of that half width, from the ground up to y."""
    pen.rounded_rectangle(
        (x - half, y, x + half, ground), radius=min(10.0, half, (ground - y) / 2), fill=fill,
        corners=(True, True, False, False),
    )  # fmt: skip


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def png(image: Image.Image) -> bytes:
    """Few colours, few bytes: the picture has to arrive at throttled speed."""
    out = io.BytesIO()
    image.quantize(32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        out, "PNG", compress_level=6
    )
    return out.getvalue()
