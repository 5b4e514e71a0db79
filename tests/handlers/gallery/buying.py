"""Choosing and confirming: plans, advice, top-ups, coupons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.coupon import Coupon, CouponRefusal, Discount, Patron, Share
from bot.domain.cover import Advice, Covers, Need, advise
from bot.domain.errors import AmountOutOfRange
from bot.domain.money import STARS, Money
from bot.domain.order import Order, TopUp
from bot.domain.payment import PaymentMethod, Way
from bot.domain.plan import BillingCycle
from bot.domain.top_up import TopUpBounds
from bot.services.advise_plan import Advised, Trip
from bot.services.apply_coupon import OrderCoupons, OwnCoupons
from bot.services.hold_coupon import CouponRefused
from bot.services.top_up_wallet import TopUpChoice
from handlers.screens import advice, coupons, renew, top_up
from tests.handlers.facts import (
    CATALOGUE,
    DAILY,
    ENDS_AT,
    LINE,
    NOW,
    ORDER,
    quote,
    yuan,
)
from tests.handlers.gallery.page import Page, page, said

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_END: Final = NOW + timedelta(days=9)
_NEW20: Final = Coupon("NEW20", yuan(20), offered=True, first_renewal=True, ends_at=_END)
_TEN: Final = Coupon(
    "AUTUMN", Share(1000), offered=True, cycles=frozenset({BillingCycle.MONTHLY}),
    minimum=yuan(100), once_a_subscriber=True,
)  # fmt: skip
_HALF: Final = Coupon("HALF", Share(5000), offered=False, once_a_subscriber=True, max_uses=100)
_DISCOUNTED: Final = replace(ORDER, total=yuan(179), discount=Discount("NEW20", yuan(20)))
_BOUNDS: Final = TopUpBounds(yuan(10), yuan(2000))
_TOP_UP: Final[Order] = replace(ORDER, buys=TopUp(), total=yuan(50))
_WAYS: Final = [
    Way(PaymentMethod.WALLET), Way(PaymentMethod.CARD), Way(PaymentMethod.ALIPAY),
    Way(PaymentMethod.WECHAT_PAY),
]  # fmt: skip
_STARRED: Final = [replace(each, stars=Money(700 + each.days * 40, STARS)) for each in CATALOGUE]
_PATRON: Final = Patron(renewed_before=True, used=frozenset())


def _advised(need: Need, *known: Coupon, held: int = 0, buy_on: date | None = None) -> Advised:
    found: Advice | None = advise(Covers(CATALOGUE, known, _PATRON, NOW), need)
    return Advised(LINE, found, held, ENDS_AT, buy_on)


_COVERED: Final = Advised(LINE, None, 5, ENDS_AT, None)
_BEYOND: Final = Advised(LINE, None, 0, ENDS_AT, None)
_DECEMBER: Final = Trip(16, date(2026, 12, 3))

PAGES: Final[list[Page]] = [
    page(renew.choose_plan, "", CATALOGUE),
    page(renew.choose_plan, "with prices in Stars", _STARRED),
    page(renew.choose_plan, "nothing on sale", []),
    page(renew.browse_plans, "", CATALOGUE),
    page(renew.choose_days, "", DAILY),
    page(renew.confirm, "from the wallet", quote(), None),
    page(renew.confirm, "with a coupon, at once",
         quote(order=_DISCOUNTED, starts_at=None, ways=_WAYS), Way(PaymentMethod.ALIPAY)),
    page(renew.confirm, "the wallet is short of it",
         quote(wallet=yuan(100), ways=_WAYS[1:], top_up=yuan(99)), None),
    page(renew.confirm, "with a card that can be kept",
         quote(ways=_WAYS), Way(PaymentMethod.CARD)),
    page(renew.confirm, "the price has changed", quote(), None,
         hint=said(renew.price_changed, yuan(209))),
    page(renew.choose_method, "", quote(ways=_WAYS)),
    page(advice.ask_days, ""),
    page(advice.ask_days, "what was typed is not clear", said(advice.want_trip)),
    page(advice.ask_dates, ""),
    page(advice.ask_trips, "", 5),
    page(advice.for_trip, "days", _advised(Need(14)), Trip(14)),
    page(advice.for_trip, "dates, a part is covered",
         _advised(Need(11), held=5), _DECEMBER),
    page(advice.for_trip, "later, with a coupon",
         _advised(Need(7), _HALF, buy_on=date(2026, 12, 20)), Trip(7, date(2026, 12, 20))),
    page(advice.for_trip, "all of it is covered", _COVERED, Trip(5, date(2026, 12, 1))),
    page(advice.for_trip, "longer than the plans reach", _BEYOND, Trip(180)),
    page(advice.for_trips, "", _advised(Need.of_trips(5, 3)), 5, 3),
    page(advice.by_history, "", _advised(Need(9))),
    page(top_up.choose_amount, "",
         TopUpChoice(LINE, yuan(236), _BOUNDS.offered, _BOUNDS)),
    page(top_up.choose_amount, "what was typed is no amount",
         TopUpChoice(LINE, yuan(236), _BOUNDS.offered, _BOUNDS), said(top_up.no_amount)),
    page(top_up.choose_amount, "too much",
         TopUpChoice(LINE, yuan(236), _BOUNDS.offered, _BOUNDS),
         said(top_up.out_of_range, AmountOutOfRange(yuan(10), yuan(2000)))),
    page(renew.confirm, "a top-up",
         quote(order=_TOP_UP, plan=None, ways=_WAYS[1:], starts_at=None), None),
    page(coupons.coupon_list, "", OwnCoupons([_NEW20, _TEN, _HALF], _ZONE)),
    page(coupons.coupon_list, "none", OwnCoupons([], _ZONE)),
    page(coupons.coupon_list, "a code was redeemed", OwnCoupons([_TEN], _ZONE),
         said(coupons.redeemed, _TEN)),
    page(coupons.choose_coupon, "",
         OrderCoupons(_DISCOUNTED, [(_NEW20, Discount("NEW20", yuan(20)))], _ZONE)),
    page(coupons.choose_coupon, "none fits", OrderCoupons(ORDER, [], _ZONE)),
    *(page(coupons.refused, reason, CouponRefused(reason, replace(_TEN, starts_at=_END)), _ZONE)
      for reason in CouponRefusal),
    page(coupons.no_code, ""),
    page(coupons.lost, "at the last moment",
         CouponRefused(CouponRefusal.SOLD_OUT, _TEN), _ZONE, yuan(199)),
    page(coupons.proposed, "", _DISCOUNTED),
]  # fmt: skip
