"""Orders: every answer has a meaning, and in doubt nothing is sent."""

from typing import Any

import pytest

from bot.carriers.tmf import TmfCarrier
from bot.domain.errors import (
    AuthFailed,
    CarrierError,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    OutOfFunds,
    OutOfStock,
    PriceChanged,
    RateLimited,
    Unavailable,
    WrongState,
)
from bot.services.ports import CarrierOrderState
from tests.carriers.bent.operator import CARD, NUMBER, ORDER, PRODUCT, Operator, product


async def submit(
    tmf: TmfCarrier, operator: Operator, known: tuple[Any, ...] = ()
) -> CarrierOrderState:
    """Order a month, when the carrier answers that it knows these orders."""
    operator.answers(f"GET {ORDER}", list(known))
    operator.answers(f"GET {PRODUCT}", [product()])
    return (await tmf.submit("order:1", CARD, NUMBER, "M30", 1)).state


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("acknowledged", CarrierOrderState.PENDING),
        ("held", CarrierOrderState.PENDING),
        ("completed", CarrierOrderState.DONE),
        ("failed", CarrierOrderState.REJECTED),
        ("cancelled", CarrierOrderState.REJECTED),
        ("partial", CarrierOrderState.UNKNOWN),
        ("teleported", CarrierOrderState.UNKNOWN),
        (None, CarrierOrderState.UNKNOWN),
    ],
)
async def test_every_state_of_an_order_has_a_meaning(
    tmf: TmfCarrier, operator: Operator, state: Any, expected: CarrierOrderState
) -> None:
    placed = {"id": "7", "externalId": "order:1", "state": state}
    operator.answers(f"POST {ORDER}", placed, 201)
    assert await submit(tmf, operator) is expected


async def test_of_several_orders_under_one_key_the_delivered_one_speaks(
    tmf: TmfCarrier, operator: Operator
) -> None:
    states = ("rejected", "inProgress", "completed")
    orders = [{"id": s, "externalId": "order:1", "state": s} for s in states]
    operator.answers(f"GET {ORDER}", orders)
    assert (await tmf.order_state("order:1")).ref == "completed"


async def test_a_carrier_that_ignores_the_key_gets_no_order(
    tmf: TmfCarrier, operator: Operator
) -> None:
    foreign = {"id": "1", "externalId": "order:9", "state": "completed"}
    with pytest.raises(Unavailable):
        await submit(tmf, operator, known=(foreign,))
    assert operator.calls(f"POST {ORDER}") == []


async def test_an_answer_about_another_order_is_unknown(
    tmf: TmfCarrier, operator: Operator
) -> None:
    operator.answers(f"POST {ORDER}", {"id": "1", "externalId": "order:9"}, 201)
    with pytest.raises(OutcomeUnknown):
        await submit(tmf, operator)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "60", InvalidRequest),
        (401, "unauthorized", AuthFailed),
        (402, "pay", OutOfFunds),
        (403, "forbidden", AuthFailed),
        (404, "gone", NotFound),
        (409, "conflict", WrongState),
        (409, "outOfFunds", OutOfFunds),
        (409, "outOfStock", OutOfStock),
        (400, "priceChanged", PriceChanged),
        (408, "slow", OutcomeUnknown),
        (418, "teapot", InvalidRequest),
        (302, "elsewhere", OutcomeUnknown),
        (500, "oops", OutcomeUnknown),
        (503, "later", OutcomeUnknown),
        (504, "timeout", OutcomeUnknown),
    ],
)
async def test_a_refusal_of_an_order_is_named(
    tmf: TmfCarrier, operator: Operator, status: int, code: str, expected: type[CarrierError]
) -> None:
    operator.answers(f"POST {ORDER}", {"code": code, "reason": "no"}, status)
    with pytest.raises(expected) as refusal:
        await submit(tmf, operator)
    assert type(refusal.value) is expected


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "3"}, 3),
        (
            {
                "Retry-After": "Sun, 22 Nov 2026 07:00:09 GMT",
                "Date": "Sun, 22 Nov 2026 07:00:00 GMT",
            },
            9,
        ),
        ({"Retry-After": "soon"}, 5),
        ({}, 5),
    ],
)
async def test_retry_after_is_seconds_or_a_date(
    tmf: TmfCarrier, operator: Operator, headers: dict[str, str], seconds: float
) -> None:
    operator.answers(f"GET {PRODUCT}", {}, 429, headers)
    with pytest.raises(RateLimited) as limited:
        await tmf.find_line(NUMBER)
    assert limited.value.retry_after_s == seconds


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"null", b"7", b"[1]", b'{"a": 1}', b"\xff", b"[" * 10**5]
)
async def test_nonsense_is_unavailable_never_a_crash(
    tmf: TmfCarrier, operator: Operator, body: bytes
) -> None:
    operator.answers(f"GET {PRODUCT}", body)
    with pytest.raises(Unavailable):
        await tmf.find_line(NUMBER)
