"""A way to pay has a name that a button can hold, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.payment import PaymentMethod, Way


@pytest.mark.parametrize(
    ("way", "name"),
    [
        (Way(PaymentMethod.WALLET), "wallet"),
        (Way(PaymentMethod.WECHAT_PAY), "wechat_pay"),
        (Way(PaymentMethod.CARD), "card"),
        (Way(PaymentMethod.CARD, card_id=7), "card-7"),
        (Way(PaymentMethod.CARD, keeps_card=True), "card-keep"),
    ],
)
def test_a_way_is_known_by_its_name(way: Way, name: str) -> None:
    assert way.name == name
    assert Way.named(name) == way


@pytest.mark.parametrize(
    "name", ["", "cash", "card--1", "card-x", "card-７", "wallet-7", "alipay-keep"]
)
def test_what_names_no_way_is_none(name: str) -> None:
    assert Way.named(name) is None


@given(st.text(max_size=64))
def test_no_name_breaks_the_reading(name: str) -> None:
    way = Way.named(name)
    assert way is None or Way.named(way.name) == way
