"""Amounts of money."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import CurrencyMismatch
from bot.domain.money import Money, exponent

CURRENCIES = st.sampled_from(["CNY", "JPY", "KWD", "XTR", "USD"])
AMOUNTS = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("currency", "digits"), [("CNY", 2), ("USD", 2), ("JPY", 0), ("XTR", 0), ("KWD", 3)]
)
def test_a_currency_has_the_digits_of_its_minor_unit(currency: str, digits: int) -> None:
    assert exponent(currency) == digits


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("199.00", "CNY", 19_900),
        ("199", "JPY", 199),
        ("0.005", "CNY", 1),
        ("0.0049", "CNY", 0),
        ("0.5", "JPY", 1),
        ("1.2345", "KWD", 1235),
        ("-0.005", "CNY", -1),
    ],
)
def test_a_decimal_is_rounded_half_up_to_the_minor_unit(
    amount: str, currency: str, minor: int
) -> None:
    assert Money.from_decimal(Decimal(amount), currency) == Money(minor, currency)


@given(AMOUNTS, CURRENCIES)
def test_a_decimal_there_and_back_is_the_same_amount(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.from_decimal(money.decimal, currency) == money


@given(AMOUNTS, AMOUNTS, CURRENCIES)
def test_amounts_of_one_currency_add_and_compare_as_their_minor_units(
    one: int, other: int, currency: str
) -> None:
    a, b = Money(one, currency), Money(other, currency)
    assert (a + b).minor == one + other
    assert a - b == a + -b
    assert (a < b, a <= b, a > b, a >= b) == (one < other, one <= other, one > other, one >= other)
    assert bool(a) == (one != 0)
    assert a + Money.zero(currency) == a


def test_amounts_of_two_currencies_never_meet() -> None:
    yuan, stars = Money(1, "CNY"), Money(1, "XTR")
    with pytest.raises(CurrencyMismatch):
        yuan + stars
    with pytest.raises(CurrencyMismatch):
        yuan - stars
    with pytest.raises(CurrencyMismatch):
        assert yuan < stars
    with pytest.raises(CurrencyMismatch):
        assert yuan <= stars
    assert yuan != stars


@given(AMOUNTS, st.integers(1, 30), CURRENCIES)
def test_so_many_periods_cost_so_many_times_the_price(
    minor: int, periods: int, currency: str
) -> None:
    assert Money(minor, currency) * periods == Money(minor * periods, currency)


@pytest.mark.parametrize(("minor", "parts", "share"), [(19_900, 30, 663), (49_900, 90, 554)])
def test_a_price_per_day_is_rounded_half_up(minor: int, parts: int, share: int) -> None:
    assert Money(minor, "CNY").divided_by(parts) == Money(share, "CNY")


@given(st.integers(0, 10**12), st.integers(1, 366))
def test_a_share_is_off_by_half_a_minor_unit_at_most(minor: int, parts: int) -> None:
    share = Money(minor, "CNY").divided_by(parts).minor
    assert abs(share * parts - minor) * 2 <= parts
