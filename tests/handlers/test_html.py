"""Nothing strange can hide in a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.html import Html, bold, escape, lines, neutral, short_name


def test_markup_in_a_value_is_only_text() -> None:
    assert bold("<b>&") == "<b>&lt;b&gt;&amp;</b>"


def test_html_is_not_escaped_twice() -> None:
    assert escape(bold("x")) == "<b>x</b>"


def test_a_line_that_is_none_is_left_out_and_an_empty_one_stays() -> None:
    assert lines("a", None, "", "b") == "a\n\nb"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ana\u202egnp.exe", "Anagnp.exe"),
        ("A\u200bn\u2060a\ufeff", "Ana"),
        ("Ana\nDuarte\t!", "Ana Duarte !"),
        ("\u2066Ana\u2069", "Ana"),
        ("Ana\x00\x07", "Ana"),
        ("A" + "\u0301" * 50, "Á\u0301\u0301"),
        ("林晓", "林晓"),
    ],
)
def test_what_disguises_a_text_is_taken_out(written: str, shown: str) -> None:
    assert neutral(written) == shown


def test_a_right_to_left_name_orders_only_itself() -> None:
    assert neutral("عمر") == "\u2068عمر\u2069"


def test_a_long_name_is_shortened_inside_its_isolate() -> None:
    shown = short_name("ع" * 500)
    assert shown.startswith("\u2068")
    assert shown.endswith("…\u2069")
    assert len(shown) <= 34


@given(st.text(max_size=300))
def test_no_text_becomes_markup_or_breaks_the_line(text: str) -> None:
    shown = escape(short_name(text))
    assert isinstance(shown, Html)
    assert "<" not in shown
    assert "\n" not in shown
    assert "\u202e" not in shown
