"""A button names a thing in at most 64 bytes, and what is none of ours has expired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.buttons import Action, Press, parse


@pytest.mark.parametrize(
    ("press", "data"),
    [
        (Press(Action.HOME), "v1:home"),
        (Press(Action.HOME).opening_anew(), "v1:+home"),
        (Press(Action.PLAN, "M30"), "v1:plan:M30"),
        (Press(Action.DAYS, "D1", 7), "v1:days:D1:7"),
        (Press(Action.PAY, "LEB-2611-8K3F", detail="wallet"), "v1:pay:LEB-2611-8K3F:wallet"),
        (Press(Action.LINE, number=42), "v1:line:42"),
    ],
)
def test_a_press_says_the_same_before_and_after(press: Press, data: str) -> None:
    assert press.data == data
    assert parse(data) == press


@pytest.mark.parametrize(
    "data",
    [
        "",
        "home",
        "v0:home",
        "v2:home",
        "v1:",
        "v1:nonsense",
        "v1:home:extra",
        "v1:plan",
        "v1:days:D1:seven",
        "v1:days:D1:-7",
        "v1:days:D1:７",
        "v1:line:9999999999999999999999",
        "v1:pay:LEB-2611-8K3F",
    ],
)
def test_what_is_not_ours_or_not_whole_does_not_parse(data: str) -> None:
    assert parse(data) is None


@given(st.text(max_size=64))
def test_no_data_breaks_the_parser(data: str) -> None:
    press = parse(data)
    assert press is None or press.data.encode()


def test_data_beyond_64_bytes_is_refused_when_the_button_is_made() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        _ = Press(Action.ORDER, "卡" * 30).data
