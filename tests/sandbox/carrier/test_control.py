"""The control API of the carrier, and what survives a restart."""

import json
from typing import Any

import pytest

from bot.sandbox.carrier import Carrier
from tests.carrier_side import ANA_DUARTE, INVENTORY, LIN_XIAO, Caller
from tests.loopback import SetClock

NEW = {"msisdn": "+4915100000001", "iccid": "8949000000000000001"}


async def test_a_synthetic_line_has_the_plan_and_the_days_asked_for(caller: Caller) -> None:
    body = NEW | {"plan": "Q90", "days_left": 2, "wallet_minor": 500, "used_today_bytes": 7}
    line = await caller.post("/sandbox/carrier/lines", body)
    assert line == await caller.line("+4915100000001")
    assert (line["plan"], line["valid_until"]) == ("Q90", "2026-11-23T16:00:00Z")
    assert (line["wallet"]["minor"], line["used_today_bytes"]) == (500, 7)


async def test_the_lines_are_listed(caller: Caller) -> None:
    await caller.post("/sandbox/carrier/lines", NEW)
    listed = (await caller.get("/sandbox/carrier/lines"))["lines"]
    assert NEW in listed
    assert LIN_XIAO in {line["msisdn"] for line in listed}


async def test_a_number_or_card_exists_once(caller: Caller) -> None:
    await caller.post("/sandbox/carrier/lines", NEW)
    twice = await caller.post("/sandbox/carrier/lines", NEW | {"msisdn": "+4915100000002"}, 409)
    assert twice["code"] == "duplicate"


async def test_a_plus_lost_in_a_query_string_is_understood(caller: Caller) -> None:
    found = await caller.get(f"{INVENTORY}/product?productSerialNumber=+8613800001001")
    assert found[0]["productSerialNumber"] == LIN_XIAO


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/lines", {}),
        ("/lines", NEW | {"msisdn": "12"}),
        ("/lines", NEW | {"plan": "X"}),
        ("/lines", NEW | {"zone": "Mars/Olympus"}),
        ("/lines", NEW | {"zone": "../../etc/passwd"}),
        ("/lines", NEW | {"colour": "red"}),
        (f"/lines/{LIN_XIAO}/use", {"bytes": -1}),
        (f"/lines/{LIN_XIAO}/use", {"bytes": "many"}),
        (f"/lines/{LIN_XIAO}/use", {"bytes": 1, "country": "China"}),
        (f"/lines/{LIN_XIAO}/use", []),
    ],
)
async def test_bad_input_is_refused_with_a_reason(caller: Caller, path: str, body: Any) -> None:
    assert "error" in await caller.post(f"/sandbox/carrier{path}", body, 400)


async def test_the_cast_moves_in_when_it_is_first_looked_at(
    caller: Caller, clock: SetClock
) -> None:
    clock.advance(days=100)
    line = await caller.line(LIN_XIAO)
    assert (line["plan"], line["valid_until"]) == ("M30", "2027-03-17T16:00:00Z")
    clock.advance(days=1)
    assert await caller.line(LIN_XIAO) != line


async def test_a_restart_forgets_nothing_and_goes_on(
    caller: Caller, carrier: Carrier, clock: SetClock
) -> None:
    await caller.use(LIN_XIAO, 5, "PT")
    await caller.order(ANA_DUARTE, "M30", key="order:5")
    remembered = json.loads(json.dumps(carrier.snapshot()))
    carrier.restore(Carrier(clock, lambda kind, data: None).snapshot())
    assert (await caller.line(ANA_DUARTE))["orders"] == {}
    carrier.restore(remembered)
    assert carrier.snapshot() == remembered
    clock.advance(seconds=5)
    line = await caller.line(ANA_DUARTE)
    assert (line["plan"], line["orders"]["order:5"][0]["state"]) == ("M30", "completed")
