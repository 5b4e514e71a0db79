"""The Open APIs over the network: what they answer, and that they follow the official files."""

from typing import Any

import pytest

from tests.carrier_side import (
    ANA_DUARTE,
    BALANCE,
    COMMUNICATION,
    INVENTORY,
    LIN_XIAO,
    ORDERING,
    USAGE,
    Caller,
    order_body,
)
from tests.loopback import SetClock
from tests.open_api_files import MISSING, WHY_SKIPPED, Conformance

TEXT = {
    "messageType": "SMS",
    "content": "123456",
    "sender": {"name": "LEB"},
    "receiver": [{"phoneNumber": LIN_XIAO}],
}


def usage_query(msisdn: str, start: str, end: str) -> dict[str, Any]:
    period = {"startDateTime": start, "endDateTime": end}
    return {"searchCriteria": {"logicalResource": [{"id": msisdn}], "validPeriod": period}}


async def usage_of(caller: Caller, msisdn: str, start: str, end: str) -> Any:
    """The data bucket of a usage query's result."""
    path = f"{USAGE}/queryUsageConsumption"
    task = await caller.post(path, usage_query(msisdn, start, end))
    assert task["usageConsumption"] == [{"state": "accepted"}]
    result = await caller.get(f"{path}/{task['id']}")
    assert result["usageConsumption"][0]["state"] == "done"
    return result["usageConsumption"][0]["bucketRefOrValue"][0]


async def test_a_line_shows_a_product_for_each_plan_with_its_fair_use(caller: Caller) -> None:
    found = await caller.get(f"{INVENTORY}/product", productSerialNumber=LIN_XIAO)
    assert [p["status"] for p in found] == ["terminated", "active"]
    active = found[-1]
    assert active["productOffering"]["id"] == "M30"
    assert {c["name"]: c["value"] for c in active["productCharacteristic"]} == {
        "msisdn": LIN_XIAO,
        "iccid": "8985200000000001001",
        "resetZone": "Asia/Shanghai",
        "highSpeedCapBytes": 20_000_000_000,
        "baseRateKbps": 1000,
    }


async def test_a_line_is_found_by_its_card_too(caller: Caller) -> None:
    identity = {"realizingResource.id": "8985200000000001002"}
    (product,) = await caller.get(f"{INVENTORY}/product", **identity)
    assert product["productSerialNumber"] == ANA_DUARTE
    assert product["status"] == "terminated"


async def test_a_line_that_never_had_a_plan_is_a_product_without_an_offering(
    caller: Caller,
) -> None:
    await caller.add_line("+4915100000001")
    (product,) = await caller.get(f"{INVENTORY}/product", productSerialNumber="+4915100000001")
    assert product["status"] == "created"
    assert "productOffering" not in product


async def test_an_unknown_number_finds_nothing(caller: Caller) -> None:
    unknown = "+6591001004"
    assert await caller.get(f"{INVENTORY}/product", productSerialNumber=unknown) == []
    assert await caller.get(f"{BALANCE}/bucket", **{"logicalResource.id": unknown}) == []


async def test_lists_are_filtered_and_paged(caller: Caller) -> None:
    wanted = {"productSerialNumber": LIN_XIAO}
    (active,) = await caller.get(f"{INVENTORY}/product", **wanted, status="active")
    second = await caller.get(f"{INVENTORY}/product", **wanted, offset="1", limit="1")
    assert second == [active]
    assert (caller.headers["X-Total-Count"], caller.headers["X-Result-Count"]) == ("2", "1")


async def test_the_wallet_is_a_monetary_bucket(caller: Caller) -> None:
    wallet = {"logicalResource.id": LIN_XIAO, "usageType": "monetary"}
    (bucket,) = await caller.get(f"{BALANCE}/bucket", **wallet)
    assert bucket["remainingValue"] == {"amount": 236.0, "units": "CNY"}
    assert await caller.get(f"{BALANCE}/bucket", **wallet | {"usageType": "data"}) == []


async def test_today_is_one_counter_and_what_is_left(caller: Caller) -> None:
    bucket = await usage_of(
        caller, LIN_XIAO, "2026-11-22T00:00:00+08:00", "2026-11-23T00:00:00+08:00"
    )
    (counter,) = bucket["bucketCounter"]
    assert counter["value"] == {"amount": 12_400_000_000, "units": "byte"}
    assert counter["consumptionPeriod"] == {
        "startDateTime": "2026-11-21T16:00:00Z",
        "endDateTime": "2026-11-22T16:00:00Z",
    }
    assert bucket["remainingValue"] == {"amount": 7_600_000_000, "units": "byte"}


async def test_thirty_days_are_thirty_counters(caller: Caller) -> None:
    bucket = await usage_of(
        caller, LIN_XIAO, "2026-10-24T00:00:00+08:00", "2026-11-23T00:00:00+08:00"
    )
    assert len(bucket["bucketCounter"]) == 30
    assert {counter.get("level") for counter in bucket["bucketCounter"]} == {"CN", "JP", None}


async def test_an_order_is_found_by_its_key_and_by_its_id(caller: Caller) -> None:
    placed = await caller.order(ANA_DUARTE, "M30", key="order:9")
    found = await caller.get(f"{ORDERING}/productOrder", externalId="order:9")
    assert [order["id"] for order in found] == [placed["id"]]
    assert await caller.get(f"{ORDERING}/productOrder", externalId="order:10") == []


async def test_a_text_arrives_on_the_line_and_is_published(
    caller: Caller, published: list[tuple[str, dict[str, Any]]]
) -> None:
    sent = await caller.post(f"{COMMUNICATION}/communicationMessage", TEXT)
    assert sent["state"] == "completed"
    text = {"msisdn": LIN_XIAO, "text": "123456", "at": "2026-11-22T07:00:00Z"}
    assert published == [("sms", text)]
    assert (await caller.get("/sandbox/carrier/sms", msisdn=LIN_XIAO))["sms"] == [text]
    assert (await caller.get("/sandbox/carrier/sms", msisdn=ANA_DUARTE))["sms"] == []


async def test_a_text_to_nobody_fails(caller: Caller) -> None:
    nobody = TEXT | {"receiver": [{"phoneNumber": "+6591001004"}]}
    sent = await caller.post(f"{COMMUNICATION}/communicationMessage", nobody)
    assert sent["state"] == "failed"


@pytest.mark.parametrize("key", ["", "WRONG"])
async def test_a_wrong_key_is_refused(caller: Caller, key: str) -> None:
    path = f"{INVENTORY}/product?productSerialNumber=%2B8613800001001"
    status, body = await caller.ask("GET", path, headers={"apikey": key})
    assert (status, body["code"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"productOrderItem": []},
        {"productOrderItem": ["x"]},
        order_body("+6591001004", "M30"),
        order_body(LIN_XIAO, "M31"),
        order_body(LIN_XIAO, "M30", 0),
        order_body(LIN_XIAO, "M30") | {"externalId": 7},
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_and_nothing_is_placed(
    caller: Caller, body: Any
) -> None:
    await caller.post(f"{ORDERING}/productOrder", body, 400)
    assert (await caller.get("/sandbox/carrier/orders"))["orders"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{USAGE}/queryUsageConsumption", {}),
        (f"{USAGE}/queryUsageConsumption", {"searchCriteria": {"logicalResource": []}}),
        (
            f"{USAGE}/queryUsageConsumption",
            usage_query(LIN_XIAO, "2026-11-22T00:00:00", "2026-11-23T00:00:00"),
        ),
        (
            f"{USAGE}/queryUsageConsumption",
            usage_query(LIN_XIAO, "2026-01-01T00:00:00Z", "2026-11-23T00:00:00Z"),
        ),
        (f"{COMMUNICATION}/communicationMessage", TEXT | {"content": ""}),
        (f"{COMMUNICATION}/communicationMessage", TEXT | {"receiver": [7]}),
        (f"{ORDERING}/cancelProductOrder", {"productOrder": {"id": "PO-9"}}),
        (f"{ORDERING}/hub", {"callback": "http://example.com/"}),
    ],
)
async def test_other_senseless_requests_are_refused_too(
    caller: Caller, path: str, body: Any
) -> None:
    assert (await caller.post(path, body, 400))["reason"]


@pytest.mark.skipif(bool(MISSING), reason=WHY_SKIPPED)
async def test_every_api_was_held_against_the_official_files(
    caller: Caller, clock: SetClock, conformance: Conformance
) -> None:
    await caller.get(f"{INVENTORY}/product", productSerialNumber=LIN_XIAO)
    await caller.get(f"{BALANCE}/bucket", **{"logicalResource.id": LIN_XIAO})
    await usage_of(caller, LIN_XIAO, "2026-11-01T00:00:00Z", "2026-11-23T00:00:00Z")
    order = await caller.order(LIN_XIAO, "D1")
    await caller.get(f"{ORDERING}/productOrder", externalId="order:1")
    await caller.get(f"{ORDERING}/productOrder/{order['id']}")
    clock.advance(minutes=1)
    await caller.get(f"{ORDERING}/productOrder/{order['id']}")
    body = {"productOrder": {"id": order["id"]}}
    await caller.post(f"{ORDERING}/cancelProductOrder", body)
    hub = await caller.post(f"{ORDERING}/hub", {"callback": "http://127.0.0.1:9/"})
    await caller.ask("DELETE", f"{ORDERING}/hub/{hub['id']}")
    await caller.post(f"{COMMUNICATION}/communicationMessage", TEXT)
    assert len(conformance.seen) == 11
    assert conformance.violations == []


@pytest.mark.skipif(bool(MISSING), reason=WHY_SKIPPED)
async def test_a_request_that_breaks_the_standard_is_noticed(
    caller: Caller, conformance: Conformance
) -> None:
    await caller.post(f"{ORDERING}/productOrder", order_body(LIN_XIAO, "D1") | {"keyy": "x"})
    assert "keyy" in conformance.violations.pop()
