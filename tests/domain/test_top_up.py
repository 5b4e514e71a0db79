"""What one top-up may bring."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import AmountOutOfRange
from bot.domain.money import Money
from bot.domain.top_up import TopUpBounds

BOUNDS = TopUpBounds(Money(1_000, "CNY"), Money(200_000, "CNY"))


def allowed(bounds: TopUpBounds, amount: Money) -> bool:
    try:
        bounds.check(amount)
    except AmountOutOfRange:
        return False
    return True


@given(st.integers(-1_000, 300_000))
def test_what_covers_is_enough_and_allowed_or_is_not_offered(missing: int) -> None:
    amount = BOUNDS.covering(Money(missing, "CNY"))
    if amount is None:
        assert missing > BOUNDS.most.minor
    else:
        assert allowed(BOUNDS, amount)
        assert amount.minor == max(missing, BOUNDS.least.minor)


def test_what_is_missing_in_another_currency_cannot_be_topped_up() -> None:
    assert BOUNDS.covering(Money(500, "XTR")) is None


@pytest.mark.parametrize(
    ("least", "most", "offered"),
    [
        (1_000, 200_000, [5_000, 10_000, 20_000]),
        (6_000, 15_000, [10_000]),
        (30_000, 40_000, []),
    ],
)
def test_of_the_round_amounts_those_within_the_bounds_are_offered(
    least: int, most: int, offered: list[int]
) -> None:
    bounds = TopUpBounds(Money(least, "CNY"), Money(most, "CNY"))
    assert [amount.minor for amount in bounds.offered] == offered


def test_round_amounts_are_whole_units_whatever_the_currency() -> None:
    bounds = TopUpBounds(Money(10, "JPY"), Money(50_000, "JPY"))
    assert bounds.offered == [Money(50, "JPY"), Money(100, "JPY"), Money(200, "JPY")]
