"""The desk: plans, coupons, maintenance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.coupon import Coupon, Share
from bot.services.coupon_terms import Wanted
from handlers.screens.desk import coupons, maintenance, plans
from handlers.texts import Texts, languages, texts
from tests.handlers.facts import CATALOGUE, MONTHLY, NOW, yuan
from tests.handlers.gallery.page import Page, page, said

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_COUPON: Final = Coupon(
    "SUMMER", yuan(20), offered=True, once_a_subscriber=True, minimum=yuan(100), max_uses=100,
    used=3, ends_at=NOW + timedelta(days=9),
)  # fmt: skip
_ENDED: Final = replace(_COUPON, code="SPRING", ends_at=NOW)
_MADE: Final = Coupon("", Share(1000), offered=False, once_a_subscriber=True, max_uses=1)
_DEARER: Final = replace(MONTHLY, price=yuan(209), names={**MONTHLY.names, "zh_Hans": "大月卡"})


def _words() -> list[Texts]:
    return [texts(each) for each in languages()]


PAGES: Final[list[Page]] = [
    page(plans.plans, "", CATALOGUE, 0, None),
    page(plans.plans, "one was changed", CATALOGUE, 0, said(plans.on_sale, "M30")),
    page(plans.plans, "nothing left", [], 0, said(plans.withdrawn, "M30")),
    page(plans.plans, "more than a page", [replace(MONTHLY, code=f"M{n}") for n in range(11)], 1,
         None),
    page(plans.preview, "", _words(), CATALOGUE),
    page(plans.plan, "", MONTHLY),
    page(plans.ask_terms, "a change", MONTHLY, "draft", is_copy=False),
    page(plans.ask_terms, "a copy", MONTHLY, "draft", is_copy=True),
    page(plans.ask_terms, "not readable", MONTHLY, "draft", is_copy=False,
         hint=said(plans.unreadable, "price many")),
    page(plans.surely, "", MONTHLY, _DEARER, "token", "draft"),
    page(plans.surely_withdraw, "", MONTHLY),
    page(coupons.coupons, "", [_COUPON, _ENDED], 0, NOW, None),
    page(coupons.coupons, "none", [], 0, NOW, None),
    page(coupons.coupons, "issued", [_COUPON], 0, NOW, said(coupons.issued, ["SUMMER"])),
    page(coupons.coupons, "a batch was issued", [_COUPON], 0, NOW,
         said(coupons.issued, ["A", "B"])),
    page(coupons.coupons, "stopped", [_ENDED], 0, NOW, said(coupons.stopped, "SPRING")),
    page(coupons.batch_caption, "", 50),
    page(coupons.coupon, "", _COUPON, NOW, _ZONE),
    page(coupons.coupon, "ended", _ENDED, NOW, _ZONE),
    page(coupons.ask_terms, "", None),
    page(coupons.ask_terms, "not readable", said(coupons.unreadable, "off many")),
    page(coupons.surely, "", Wanted(_COUPON), "token", "draft", _ZONE),
    page(coupons.surely, "a batch", Wanted(_MADE, 50), "token", "draft", _ZONE),
    page(coupons.surely_stop, "", _COUPON),
    page(maintenance.maintenance, "open", _words(), is_on=False),
    page(maintenance.maintenance, "paused", _words(), is_on=True),
]  # fmt: skip
