"""Coupons: what they take off, under which conditions, and why one is not taken."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.coupon import Coupon, CouponRefusal
from bot.domain.money import Money
from bot.domain.order import Order
from bot.domain.plan import BillingCycle
from bot.services.apply_coupon import OrderCoupons, OwnCoupons
from bot.services.hold_coupon import CouponRefused
from handlers.buttons import Action, Press
from handlers.html import Html, bold, code, lines
from handlers.screens import format as f
from handlers.screens.screen import Key, Screen, rows
from handlers.texts import Texts

_MOST_KEYS: Final = 6
"""Coupons with a key of their own at checkout, two a row; others can be typed."""


def coupon_list(t: Texts, own: OwnCoupons, hint: Html | None = None) -> Screen:
    listed = [line for coupon in own.coupons for line in _entry(t, coupon, own.zone)]
    return Screen(
        lines(
            hint,
            bold(t("🎟 Coupons")),
            *(listed or [t("You have no coupon right now.")]),
            "",
            t("Have a code? Send it here."),
            t("The best one is taken off by itself when you renew.") if listed else None,
        ),
        rows(
            [Key(t.plain("🔄 Renew"), Press(Action.RENEW)), _back(t, Press(Action.HOME))],
        ),
        shows="coupons",
    )


def choose_coupon(t: Texts, offered: OrderCoupons, hint: Html | None = None) -> Screen:
    """``hint`` stands above: why the last one was not taken."""
    order = offered.order
    listed = [
        Html(f"{bold(coupon.code)} {f.money(t, -discount.amount)}")
        for coupon, discount in offered.choices
    ]
    keys = [_choice(coupon, order) for coupon, _ in offered.choices[:_MOST_KEYS]]
    none = None
    if order.discount is not None:
        none = Key(t.plain("Use no coupon"), Press(Action.COUPON, order.id))
    return Screen(
        lines(
            hint,
            bold(t("🎟 Coupon for this order")),
            *(listed or [t("None of your coupons fits this order.")]),
            "",
            t("Have a code? Send it here."),
        ),
        rows(
            keys[:2], keys[2:4], keys[4:], [none, _back(t, Press(Action.CONFIRM, order.id))]
        ),
        shows="order coupons",
        subject=order.id,
    )  # fmt: skip


def price_lines(t: Texts, order: Order) -> list[Html]:
    """The full price and what the coupon takes off it; nothing for an order without one."""
    if order.discount is None:
        return []
    return [
        t("Price {amount}", amount=f.money(t, order.price)),
        t(
            "Coupon {code} {amount}",
            code=order.discount.code,
            amount=f.money(t, -order.discount.amount),
        ),
    ]


def proposed(t: Texts, order: Order) -> Html | None:
    """Said once, when the quote is made: nobody has to look for the best coupon."""
    return t("🎟 Your best coupon is taken off already.") if order.discount is not None else None


def redeemed(t: Texts, coupon: Coupon) -> Html:
    return t("✅ {code} is yours: {off}", code=coupon.code, off=_off(t, coupon))


def no_code(t: Texts) -> Html:
    return t("⚠️ A code has 3 to 16 letters and digits.")


def lost(t: Texts, refusal: CouponRefused, zone: ZoneInfo, total: Money) -> Html:
    """Between the quote and the tap on pay the coupon went: what is asked for now."""
    return lines(
        refused(t, refusal, zone),
        t("Your order is now {amount}. Nothing was charged.", amount=f.money(t, total)),
    )


def refused(t: Texts, refusal: CouponRefused, zone: ZoneInfo) -> Html:  # noqa: PLR0911 - a sentence each
    coupon = refusal.coupon
    if coupon is None:
        return t("⚠️ There is no such code.")
    match refusal.reason:
        case CouponRefusal.NOT_YET if coupon.starts_at is not None:
            starts = f.moment(t, coupon.starts_at, zone)
            return t("⚠️ {code} can be used from {time} on.", code=coupon.code, time=starts)
        case CouponRefusal.EXPIRED if coupon.ends_at is not None:
            ended = f.moment(t, coupon.ends_at, zone)
            return t("⚠️ {code} ended on {time}.", code=coupon.code, time=ended)
        case CouponRefusal.ALREADY_USED:
            return t("⚠️ You have used {code}, or another unpaid order holds it.", code=coupon.code)
        case CouponRefusal.SOLD_OUT:
            return t("⚠️ {code} is used up.", code=coupon.code)
        case CouponRefusal.NOT_FIRST:
            return t("⚠️ {code} is for a first renewal only.", code=coupon.code)
        case CouponRefusal.OTHER_PLAN if coupon.cycles:
            plans = _plans(t, coupon)
            return t("⚠️ {code} is for other plans: {plans}.", code=coupon.code, plans=plans)
        case CouponRefusal.OTHER_CURRENCY:
            return t("⚠️ {code} does not go with this way to pay.", code=coupon.code)
        case CouponRefusal.BELOW_MINIMUM if coupon.minimum is not None:
            least = f.money(t, coupon.minimum)
            return t("⚠️ {code} is for orders from {amount}.", code=coupon.code, amount=least)
        case _:
            return t("⚠️ {code} does not fit this order.", code=coupon.code)


def _entry(t: Texts, coupon: Coupon, zone: ZoneInfo) -> list[Html]:
    head = Html(f"{code(coupon.code)} {bold(_off(t, coupon))}")
    terms = Html(" · ").join(_terms(t, coupon, zone))
    return [head, Html(f"<i>{terms}</i>")] if terms else [head]


def _off(t: Texts, coupon: Coupon) -> str:
    if isinstance(coupon.off, Money):
        return f.money(t, -coupon.off)
    return f"−{coupon.off.basis_points / 100:g} %"


def _terms(t: Texts, coupon: Coupon, zone: ZoneInfo) -> list[Html]:
    terms = [
        Html(_plans(t, coupon)) if coupon.cycles else None,
        t("first renewal") if coupon.first_renewal else None,
        t("once") if coupon.once_a_subscriber else None,
        t("from {amount}", amount=f.money(t, coupon.minimum)) if coupon.minimum else None,
        t("until {time}", time=f.moment(t, coupon.ends_at, zone)) if coupon.ends_at else None,
    ]
    return [term for term in terms if term is not None]


def _plans(t: Texts, coupon: Coupon) -> str:
    names = {
        BillingCycle.DAILY: t.plain("daily plans"),
        BillingCycle.MONTHLY: t.plain("monthly plans"),
        BillingCycle.QUARTERLY: t.plain("quarterly plans"),
    }
    return " / ".join(name for cycle, name in names.items() if cycle in coupon.cycles)


def _choice(coupon: Coupon, order: Order) -> Key:
    chosen = order.discount is not None and order.discount.code == coupon.code
    press = Press(Action.COUPON, order.id, detail=coupon.code)
    return Key(f"{'● ' if chosen else ''}{coupon.code}", press)


def _back(t: Texts, press: Press) -> Key:
    return Key(t.plain("◀ Back"), press)
