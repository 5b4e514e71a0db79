"""Coupons: what they take off, for whom, for what and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.coupon import Coupon, CouponRefusal, Discount, Patron, Share, best_discount
from bot.domain.money import Money
from bot.domain.plan import BillingCycle

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEWCOMER = Patron(renewed_before=False, used=frozenset())
MONTHLY = BillingCycle.MONTHLY


def yuan(amount: float) -> Money:
    return Money(round(amount * 100), "CNY")


TWENTY_YUAN = yuan(20)


def coupon(off: Money | Share = TWENTY_YUAN, code: str = "NEW20", **terms: Any) -> Coupon:
    return Coupon(code=code, off=off, offered=True, **terms)


@pytest.mark.parametrize(
    ("off", "price", "takes"),
    [
        (yuan(20), yuan(199), yuan(20)),
        (Share(1_000), yuan(15), yuan(1.5)),
        (Share(1_000), yuan(0.05), yuan(0.01)),
        (Share(1_000), yuan(0.04), yuan(0)),
        (Share(333), yuan(15), yuan(0.50)),
        (yuan(20), yuan(15), yuan(14.99)),
        (Share(10_000), yuan(15), yuan(14.99)),
    ],
)
def test_a_share_is_rounded_half_up_once_and_a_minor_unit_is_left_to_pay(
    off: Money | Share, price: Money, takes: Money
) -> None:
    assert coupon(off).amount_off(price) == takes


@given(st.integers(1, 10**9), st.one_of(st.integers(1, 10_000).map(Share), st.integers(1, 10**9)))
def test_a_total_is_never_below_one_minor_unit_nor_above_the_price(
    minor: int, off: Share | int
) -> None:
    price = Money(minor, "CNY")
    taken = coupon(Money(off, "CNY") if isinstance(off, int) else off).amount_off(price)
    assert 0 <= taken.minor < minor


@pytest.mark.parametrize(
    ("terms", "patron", "refusal"),
    [
        ({}, NEWCOMER, None),
        ({"starts_at": NOW, "ends_at": NOW + HOUR}, NEWCOMER, None),
        ({"starts_at": NOW + HOUR}, NEWCOMER, CouponRefusal.NOT_YET),
        ({"ends_at": NOW}, NEWCOMER, CouponRefusal.EXPIRED),
        ({"max_uses": 3, "used": 2}, NEWCOMER, None),
        ({"max_uses": 3, "used": 3}, NEWCOMER, CouponRefusal.SOLD_OUT),
        ({"once_a_subscriber": True}, replace(NEWCOMER, used=frozenset({"OTHER"})), None),
        (
            {"once_a_subscriber": True, "max_uses": 1, "used": 1},
            replace(NEWCOMER, used=frozenset({"NEW20"})),
            CouponRefusal.ALREADY_USED,
        ),
        ({}, replace(NEWCOMER, used=frozenset({"NEW20"})), None),
        (
            {"first_renewal": True},
            replace(NEWCOMER, renewed_before=True),
            CouponRefusal.NOT_FIRST,
        ),
        ({}, replace(NEWCOMER, renewed_before=True), None),
    ],
)
def test_who_may_use_it_and_when(
    terms: dict[str, Any], patron: Patron, refusal: CouponRefusal | None
) -> None:
    assert coupon(**terms).refusal_to(patron, NOW) is refusal


@pytest.mark.parametrize(
    ("terms", "price", "refusal"),
    [
        ({}, yuan(199), None),
        ({"cycles": frozenset({MONTHLY})}, yuan(199), None),
        ({"cycles": frozenset({BillingCycle.DAILY})}, yuan(199), CouponRefusal.OTHER_PLAN),
        ({"minimum": yuan(199)}, yuan(199), None),
        ({"minimum": yuan(200)}, yuan(199), CouponRefusal.BELOW_MINIMUM),
        ({}, Money(19_900, "USD"), CouponRefusal.OTHER_CURRENCY),
        ({"off": Share(1), "minimum": yuan(1)}, Money(9, "USD"), CouponRefusal.OTHER_CURRENCY),
        ({"off": Share(1)}, yuan(0.01), CouponRefusal.BELOW_MINIMUM),
    ],
)
def test_what_it_may_be_used_for(
    terms: dict[str, Any], price: Money, refusal: CouponRefusal | None
) -> None:
    assert coupon(**terms).refusal_for(MONTHLY, price) is refusal


def test_the_best_is_the_one_that_takes_most_off_this_price() -> None:
    ten_percent = coupon(Share(1_000), "TEN")
    twenty_yuan = coupon(yuan(20), "TWENTY")
    for price, best in ((yuan(199), twenty_yuan), (yuan(499), ten_percent)):
        found = best_discount([ten_percent, twenty_yuan], NEWCOMER, MONTHLY, price, NOW)
        assert found == Discount(best.code, best.amount_off(price))


def test_of_equal_ones_the_one_that_ends_first_is_best() -> None:
    endless, later, sooner = (
        coupon(code="A"),
        coupon(code="B", ends_at=NOW + 2 * HOUR),
        coupon(code="C", ends_at=NOW + HOUR),
    )
    found = best_discount([endless, later, sooner], NEWCOMER, MONTHLY, yuan(199), NOW)
    assert found == Discount("C", yuan(20))


def test_what_does_not_apply_is_not_proposed() -> None:
    daily = coupon(yuan(100), "DAILY", cycles=frozenset({BillingCycle.DAILY}))
    expired = coupon(yuan(100), "OLD", ends_at=NOW)
    assert best_discount([daily, expired], NEWCOMER, MONTHLY, yuan(199), NOW) is None
