"""Products as operators write them: unknown words are unknown, and never crash."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.carriers.tmf import TmfCarrier
from bot.domain.errors import (
    NotFound,
    WrongState,
)
from bot.domain.line import LineStatus
from tests.carriers.bent.operator import NUMBER, PRODUCT, Operator, product, read


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("active", LineStatus.ACTIVE),
        ("suspended", LineStatus.SUSPENDED),
        ("terminated", LineStatus.ACTIVE),
        ("hibernating", LineStatus.UNKNOWN),
        (None, LineStatus.UNKNOWN),
    ],
)
async def test_an_unknown_status_is_unknown(
    tmf: TmfCarrier, operator: Operator, status: Any, expected: LineStatus
) -> None:
    operator.answers(f"GET {PRODUCT}", [product(status=status)])
    assert (await tmf.find_line(NUMBER)).status is expected


async def test_a_number_on_two_cards_is_not_linked(tmf: TmfCarrier, operator: Operator) -> None:
    other = product(characteristics={"iccid": "8949000000000000002"})
    operator.answers(f"GET {PRODUCT}", [product(), other])
    with pytest.raises(WrongState):
        await tmf.find_line(NUMBER)


async def test_products_of_other_numbers_are_not_ours(tmf: TmfCarrier, operator: Operator) -> None:
    operator.answers(f"GET {PRODUCT}", [product(productSerialNumber="+4915100000009")])
    with pytest.raises(NotFound):
        await tmf.find_line(NUMBER)


@pytest.mark.parametrize("zone", [None, "Mars/Olympus", "../../etc/passwd", 7])
async def test_a_line_without_a_usable_zone_takes_the_operators(
    tmf: TmfCarrier, operator: Operator, zone: Any
) -> None:
    operator.answers(f"GET {PRODUCT}", [product(characteristics={"resetZone": zone})])
    assert (await tmf.find_line(NUMBER)).zone == "Asia/Shanghai"


@pytest.mark.parametrize("cap", [None, "plenty", -5, 0, 1.5, "Infinity", [], True])
async def test_a_cap_that_is_no_number_is_not_reported(
    tmf: TmfCarrier, operator: Operator, cap: Any
) -> None:
    odd = [product(characteristics={"highSpeedCapBytes": cap})]
    assert (await read(tmf, operator, of=odd)).high_speed_cap_bytes is None


async def test_a_plan_that_has_not_begun_does_not_pass_for_the_one_that_ended(
    tmf: TmfCarrier, operator: Operator
) -> None:
    ended = product(status="terminated", terminationDate="2026-11-19T00:00:00+08:00")
    next_one = product(
        status="pendingActive",
        startDate="2026-11-25T00:00:00+08:00",
        productOffering={"id": "Q90"},
    )
    reading = await read(tmf, operator, of=[ended, next_one])
    assert reading.plan_code == "M30"
    assert reading.valid_until == datetime(2026, 11, 18, 16, tzinfo=UTC)


async def test_lists_are_read_to_their_last_page(tmf: TmfCarrier, operator: Operator) -> None:
    total = {"X-Total-Count": "2"}
    past = product(status="terminated", startDate="2026-10-08T00:00:00+08:00")
    operator.answers(f"GET {PRODUCT}", [past | {"productOffering": {"id": "D1"}}], headers=total)
    reading = await read(tmf, operator, of=[product()])
    assert reading.plan_code == "M30"
    assert [asked.query["offset"] for asked in operator.calls(f"GET {PRODUCT}")] == ["0", "1"]
