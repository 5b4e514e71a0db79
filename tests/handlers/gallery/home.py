"""Home, usage, alerts, help."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.domain.alerts import Alert, LineFacts
from bot.domain.fair_use import Forecast
from bot.domain.line import LineStatus
from bot.domain.order import OrderStatus
from bot.domain.preferences import AlertKind
from handlers.html import Html
from handlers.own_answers import OwnAnswer
from handlers.screens import account as screens
from handlers.screens import alerts, faq, usage
from tests.handlers.facts import (
    BRANDING,
    ENDS_AT,
    GB,
    LINE,
    NOW,
    READING,
    account,
    card,
    queued_plan,
    reading,
)
from tests.handlers.facts import usage as used
from tests.handlers.gallery.page import Page, page

_WEEK: Final[list[float | None]] = [7.3, 11.9, 22.0, 15.2, None, 10.5, 12.4]
_MONTH: Final[list[float | None]] = [*[8.0] * 23, *_WEEK]
_SLOW: Final = reading(used_today_bytes=23 * GB, throttled=True)
_ENDED: Final = reading(valid_until=NOW - timedelta(days=3))
_OLD: Final = reading(as_of=NOW - timedelta(hours=30))
_NAMED: Final = replace(LINE, name="妈妈")
_MOST: Final = replace(READING, used_today_bytes=16_400_000_000)
_FACTS: Final = LineFacts(
    LINE, NOW - timedelta(days=9), READING, ENDS_AT, None, [queued_plan()], renews_by_itself=False
)
_PAID: Final = {"status": OrderStatus.FULFILLING, "paid_at": NOW, "paid_with": "wallet"}


def _alert(kind: AlertKind, when: str, period: str = "", days: int = 0, **facts: object) -> Page:
    known = replace(_FACTS, **facts)  # type: ignore[arg-type]
    return page(alerts.alert, when, known, Alert(kind, period, days), NOW, several=False)


_OWN: Final = [
    OwnAnswer("renew", "Why can't I renew?", Html("1. Try <b>again</b>.\n2. Call us.")),
    OwnAnswer("japan", "Does it work in Japan?", Html("Yes, on three networks.")),
    *(OwnAnswer(f"q{n}", f"Question number {n}, which is long", Html("An answer."))
      for n in range(7)),
]  # fmt: skip
_UNTIL: Final = Forecast(until=NOW + timedelta(hours=4, minutes=30))
PAGES: Final[list[Page]] = [
    page(screens.home, "a monthly plan, coupons", account(coupons=2), BRANDING),
    page(screens.home, "slowed down", account(_SLOW), BRANDING),
    page(screens.home, "the next plan waits", account(queued=[queued_plan()]), BRANDING),
    page(screens.home, "ended", account(_ENDED), BRANDING),
    page(screens.home, "nothing read yet", account(None), BRANDING),
    page(screens.home, "read long ago", account(_OLD), BRANDING),
    page(screens.home, "no counter reported",
         account(reading(used_today_bytes=None, throttled=None)), BRANDING),
    page(screens.home, "suspended",
         account(line=replace(LINE, status=LineStatus.SUSPENDED)), BRANDING),
    page(screens.home, "one of several lines, with a name",
         account(line=_NAMED, lines=[_NAMED, replace(LINE, id=2)]), BRANDING),
    page(usage.usage, "7 days", used(_WEEK)),
    page(usage.usage, "30 days", used(_MONTH)),
    page(usage.usage, "7 days, not enough for today", replace(used(_WEEK), forecast=_UNTIL)),
    page(usage.usage, "7 days, enough for today",
         replace(used(_WEEK), forecast=Forecast(until=None))),
    page(usage.usage, "nothing known", used([None] * 7)),
    page(usage.usage, "7 days, in two countries", used(_WEEK, JP=12, TH=3.4)),
    page(usage.chart_caption, "7 days", replace(used(_WEEK), forecast=_UNTIL)),
    page(
        usage.chart_caption, "7 days, in seven countries",
        used(_WEEK, JP=12, TH=3.4, KR=3, FR=2.2, IT=1, CH=0.4, DE=0.02),
    ),
    _alert(AlertKind.MOST_USED, "80 % used", reading=_MOST),
    _alert(AlertKind.ALL_USED, "all used", reading=_SLOW),
    _alert(AlertKind.ENDING, "three days before the end", days=3),
    _alert(AlertKind.ENDING, "the day before", days=1),
    _alert(AlertKind.ENDING, "on the day", days=0),
    _alert(AlertKind.ENDED, "ended", covered_until=NOW - timedelta(hours=1)),
    _alert(AlertKind.STARTED, "the next plan has begun", queued_plan().order_id),
    page(faq.questions, ""),
    page(faq.questions, "the operator has written more", _OWN),
    page(faq.more_questions, "", _OWN, 0),
    page(faq.more_questions, "the last page", _OWN, 9),
    page(faq.own_answer, "", _OWN[1]),
    page(faq.cannot_renew, "in the operator's words", account(), None, _OWN[0]),
    page(faq.cannot_renew, "all is well", account(), None),
    page(faq.cannot_renew, "an order waits for its payment", account(), card()),
    page(faq.cannot_renew, "no line", None, None),
    page(faq.data_not_arrived, "all is well", account(), None),
    page(faq.data_not_arrived, "an order is being activated", account(), card(**_PAID)),
    page(faq.data_not_arrived, "later than promised", account(),
         card(**{**_PAID, "paid_at": NOW - timedelta(minutes=45)})),
    page(faq.data_not_arrived, "slowed down", account(_SLOW), None),
    page(faq.change_plan, "", account(), None),
    page(faq.change_plan, "an order waits for its payment", account(), card()),
]  # fmt: skip
