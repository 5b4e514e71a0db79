"""The picture of 30 days: what each day earned above, how many renewals it delivered below.

Only digits and units stand in it, the words are in the caption. A day on which more went back than
came in hangs below the ground in red; today is darker than the days that are over.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any, Final

from PIL import Image, ImageDraw

from bot.domain.money import STARS, Money
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

_HEIGHT: Final = 720
_TOP, _BOTTOM = 64, 430
_COUNTS_TOP, _COUNTS_BOTTOM = 530, 650
_BACK: Final = "#D64545"
_COUNTED: Final = "#7A8A99"
_EVERY: Final = 5
_LEAST: Final = 100.0
_WIDEST: Final = 999
"""The most that fits above a bar; where more were delivered, the axis says how many."""


def draw(facts: dict[str, Any]) -> bytes:
    """A PNG of 960 × 720 from ``{"currency": …, "days": [[ISO date, minor units, renewals], …]}``,
    oldest day first, today last."""
    days = [(date.fromisoformat(day), minor, number) for day, minor, number in facts["days"]]
    currency: str = facts["currency"]
    image = Image.new("RGB", (WIDTH, _HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    slot = (RIGHT - LEFT) / len(days)
    amounts = [float(Money(minor, currency).decimal) for _, minor, _ in days]
    _amounts(pen, amounts, slot, "Stars" if currency == STARS else currency)
    _counts(pen, [number for *_, number in days], slot)
    for index, (day, *_) in enumerate(days):
        if (len(days) - 1 - index) % _EVERY == 0:
            x = LEFT + slot * (index + 0.5)
            label = f"{day.month}/{day.day}"
            pen.text((x, _COUNTS_BOTTOM + 16), label, font=font(24), fill=INK, anchor="mt")
    return png(image)


def _amounts(pen: ImageDraw.ImageDraw, amounts: list[float], slot: float, unit: str) -> None:
    highest, lowest = max(*amounts, 0.0), min(*amounts, 0.0)
    apart = step(max(highest - lowest, _LEAST) * 0.8)
    top, bottom = math.ceil(highest / apart) * apart, math.floor(lowest / apart) * apart
    top = top if top > bottom else apart

    def y_of(amount: float) -> int:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (amount - bottom) / (top - bottom))

    for index in range(round((top - bottom) / apart) + 1):
        level = bottom + apart * index
        y = y_of(level)
        pen.line((LEFT, y, RIGHT, y), fill=GROUND if round(level / apart) == 0 else GRID, width=2)
        _on_axis(pen, y, level)
    pen.text((LEFT - 14, _TOP - 36), unit, font=font(24), fill=INK, anchor="rm")
    ground, half = y_of(0), slot * 0.34
    for index, amount in enumerate(amounts):
        x, y = LEFT + slot * (index + 0.5), y_of(amount)
        if amount > 0:
            fill = TODAY if index == len(amounts) - 1 else BAR
            bar(pen, x, half, min(y, ground - 4), ground, fill)
        elif amount < 0:
            pen.rectangle((x - half, ground, x + half, max(y, ground + 4)), fill=_BACK)


def _counts(pen: ImageDraw.ImageDraw, numbers: list[int], slot: float) -> None:
    most, half = max(*numbers, 1), slot * 0.34
    pen.line((LEFT, _COUNTS_BOTTOM, RIGHT, _COUNTS_BOTTOM), fill=GROUND, width=2)
    _on_axis(pen, _COUNTS_BOTTOM, 0)
    if most > _WIDEST:
        _on_axis(pen, _COUNTS_TOP, most)
    for index, number in enumerate(numbers):
        if number:
            x = LEFT + slot * (index + 0.5)
            y = round(_COUNTS_BOTTOM - (_COUNTS_BOTTOM - _COUNTS_TOP) * number / most)
            bar(pen, x, half, min(y, _COUNTS_BOTTOM - 4), _COUNTS_BOTTOM, _COUNTED)
            if most <= _WIDEST:
                pen.text((x, y - 6), str(number), font=font(18), fill=INK, anchor="mb")


def _on_axis(pen: ImageDraw.ImageDraw, y: int, amount: float) -> None:
    pen.text((LEFT - 14, y), _short(amount), font=font(24), fill=INK, anchor="rm")


def _short(amount: float) -> str:
    """``1200`` as it is, ``12k``, ``1.5M``: what fits beside the axis."""
    for size, letter, least in ((1_000_000, "M", 1_000_000), (1_000, "k", 10_000)):
        if abs(amount) >= least:
            return f"{amount / size:.3g}{letter}"
    return f"{amount:g}"
