"""The desk: the operator's figures."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.money import STARS, Money
from bot.domain.statistics import Activation, Earned, Figures, Statistics, period
from handlers.screens.desk import statistics
from tests.handlers.facts import DAILY, MONTHLY, NOW, yuan
from tests.handlers.gallery.page import Page, page

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_PLANS: Final = {"M30": MONTHLY, "D1": DAILY}
_BEFORE: Final = Figures([Earned("M30", False, 10, yuan(1990))], 9, 5, Activation(45, 3600, 2))
_SO_FAR: Final = Figures(
    [
        Earned("D1", False, 3, yuan(45)),
        Earned("M30", False, 12, yuan(2388)),
        Earned("M30", True, 1, yuan(-199)),
        Earned("M30", False, 1, Money(1900, STARS)),
    ],
    12,
    3,
    Activation(40, 180, 1),
)
_DAY: Final = [Earned("M30", False, 2, yuan(398))]
_WEEK: Final = Statistics(_SO_FAR, _BEFORE, [[], *[_DAY] * 6], 132, 1)
_NOTHING: Final = Figures([], 0, 0, Activation(None, None, 0))
_QUIET: Final = Statistics(_NOTHING, _NOTHING, [[]], 0, 0)

PAGES: Final[list[Page]] = [
    page(statistics.statistics, "7 days", period(NOW, 7, _ZONE), _WEEK, _PLANS, _ZONE),
    page(statistics.statistics, "a day on which nothing was sold", period(NOW, 1, _ZONE), _QUIET,
         {}, _ZONE),
    page(statistics.not_counted, "", 7),
    page(statistics.picture_caption, "", period(NOW, 7, _ZONE), _WEEK, "CNY"),
]  # fmt: skip
