"""The carrier's faults: what each does, how often it strikes, and that it can be taken away."""

import asyncio
import time
from typing import Any

import aiohttp
import pytest

from tests.carrier_side import (
    ANA_DUARTE,
    BALANCE,
    COMMUNICATION,
    INVENTORY,
    LIN_XIAO,
    ORDERING,
    Caller,
    order_body,
)
from tests.loopback import SetClock


async def product_status(caller: Caller) -> int:
    """The status of an ordinary reading."""
    path = f"{INVENTORY}/product"
    status, _ = await caller.ask("GET", path, params={"productSerialNumber": LIN_XIAO})
    return status


async def orders_placed(caller: Caller) -> list[str]:
    """The states of all orders."""
    return [order["state"] for order in (await caller.get("/sandbox/carrier/orders"))["orders"]]


async def test_an_outage_answers_503_so_many_times_and_does_nothing(caller: Caller) -> None:
    await caller.fault("order", "outage", times=2)
    for _ in range(2):
        await caller.post(f"{ORDERING}/productOrder", order_body(ANA_DUARTE, "M30"), 503)
    assert await orders_placed(caller) == []
    await caller.order(ANA_DUARTE, "M30")


async def test_a_fault_without_a_count_stays_until_it_is_removed(caller: Caller) -> None:
    await caller.fault("*", "outage")
    assert [await product_status(caller) for _ in range(3)] == [503] * 3
    assert len((await caller.get("/sandbox/carrier/faults"))["faults"]) == 1
    assert await caller.ask("DELETE", "/sandbox/carrier/faults") == (200, {"cleared": True})
    assert await product_status(caller) == 200


async def test_a_fault_strikes_only_its_own_operation(caller: Caller) -> None:
    await caller.fault("balance", "outage")
    assert await product_status(caller) == 200
    status, _ = await caller.ask(
        "GET", f"{BALANCE}/bucket", params={"logicalResource.id": LIN_XIAO}
    )
    assert status == 503


async def test_a_probable_fault_strikes_the_same_calls_for_the_same_seed(caller: Caller) -> None:
    async def struck() -> list[bool]:
        await caller.fault("product", "outage", probability=0.3, seed=7)
        statuses = [await product_status(caller) for _ in range(40)]
        await caller.ask("DELETE", "/sandbox/carrier/faults")
        return [status == 503 for status in statuses]

    first = await struck()
    assert await struck() == first
    assert 4 <= sum(first) <= 20


async def test_a_delay_answers_late(caller: Caller) -> None:
    await caller.fault("product", "delay", times=1, delay_ms=150)
    began = time.monotonic()
    assert await product_status(caller) == 200
    assert time.monotonic() - began >= 0.15


async def test_a_rate_limit_says_when_to_come_back(caller: Caller) -> None:
    await caller.fault("product", "rate-limit", times=1, retry_after=7)
    assert await product_status(caller) == 429
    assert caller.headers["Retry-After"] == "7"


async def test_nonsense_is_valid_http_with_a_body_of_another_world(caller: Caller) -> None:
    await caller.fault("product", "nonsense", times=1)
    body = await caller.get(f"{INVENTORY}/product", productSerialNumber=LIN_XIAO)
    assert not isinstance(body, list)


async def test_a_timeout_after_accepting_places_the_order_and_drops_the_connection(
    caller: Caller,
) -> None:
    await caller.fault("order", "timeout-after-accept", times=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await caller.order(ANA_DUARTE, "M30")
    assert len(await orders_placed(caller)) == 1


async def test_a_timeout_after_accepting_can_hold_the_line_instead(caller: Caller) -> None:
    await caller.fault("sms", "timeout-after-accept", times=1, hold_s=30)
    text = {
        "messageType": "SMS",
        "content": "hello",
        "sender": {"name": "LEB"},
        "receiver": [{"phoneNumber": LIN_XIAO}],
    }
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await caller.post(f"{COMMUNICATION}/communicationMessage", text)
    assert len((await caller.get("/sandbox/carrier/sms", msisdn=LIN_XIAO))["sms"]) == 1


async def test_out_of_funds_is_refused_with_its_code(caller: Caller) -> None:
    await caller.fault("order", "out-of-funds", times=1)
    refusal = await caller.post(f"{ORDERING}/productOrder", order_body(ANA_DUARTE, "M30"), 409)
    assert refusal["code"] == "outOfFunds"
    assert await orders_placed(caller) == []


async def test_a_rejection_comes_after_the_order_was_accepted(
    caller: Caller, clock: SetClock
) -> None:
    await caller.fault("order", "reject", times=1)
    order = await caller.order(ANA_DUARTE, "M30")
    assert order["state"] == "acknowledged"
    clock.advance(seconds=5)
    rejected = await caller.get(f"{ORDERING}/productOrder/{order['id']}")
    assert (rejected["state"], len(rejected["note"])) == ("rejected", 1)
    assert (await caller.line(ANA_DUARTE))["plan"] is None


async def test_an_order_that_never_activates_stays_in_progress(
    caller: Caller, clock: SetClock
) -> None:
    await caller.fault("*", "never-activates", times=1)
    await caller.order(ANA_DUARTE, "M30")
    clock.advance(days=2)
    assert await orders_placed(caller) == ["inProgress"]


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "outage", "operation": "everything"},
        {"kind": "outage", "times": 0},
        {"kind": "outage", "probability": 2},
        {"kind": "outage", "color": "red"},
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(caller: Caller, fault: Any) -> None:
    assert "error" in await caller.post("/sandbox/carrier/faults", fault, 400)
