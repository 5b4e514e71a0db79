"""Lines and their numbers."""

from __future__ import annotations

import pytest

from bot.domain.line import Line, LineStatus, Msisdn, as_msisdn


@pytest.mark.parametrize("number", ["+8613800001001", "+1234567", "+123456789012345"])
def test_a_number_in_e164_is_taken(number: str) -> None:
    assert as_msisdn(number) == number


@pytest.mark.parametrize(
    "text",
    [
        "", "+", "13800001001", "+0123456789", "+123456", "+1234567890123456", "+86 138 0000 1001",
        "+8613800001001\n", "+８６１３８００００１００１", "+8６１３８００００１００１",
        "+861380000100a",
    ],
)  # fmt: skip
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"E\.164"):
        as_msisdn(text)


def test_a_line_is_spoken_of_by_its_last_four_digits() -> None:
    line = Line(1, "ref", Msisdn("+8613800001001"), None, "Asia/Shanghai", LineStatus.ACTIVE)
    assert line.tail == "1001"
    assert line.reset_zone.key == "Asia/Shanghai"
