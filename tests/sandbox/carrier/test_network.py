"""The simulated network: plans queue, days are local days, data is counted and throttled."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.carrier_side import (
    ANA_DUARTE,
    LIN_XIAO,
    OMAR_HADDAD,
    ORDERING,
    Caller,
    at,
)
from tests.loopback import SetClock

GB = 10**9
SHANGHAI = ZoneInfo("Asia/Shanghai")


async def test_the_cast_stands_as_the_story_tells(caller: Caller) -> None:
    lin, ana, omar = [await caller.line(m) for m in (LIN_XIAO, ANA_DUARTE, OMAR_HADDAD)]
    assert (lin["iccid"], lin["plan"], lin["wallet"]["minor"]) == (
        "8985200000000001001",
        "M30",
        23600,
    )
    assert (lin["used_today_bytes"], lin["high_speed_cap_bytes"]) == (12_400_000_000, 20 * GB)
    ends = at(lin["valid_until"]).astimezone(SHANGHAI)
    assert ends == datetime(2026, 12, 8, tzinfo=SHANGHAI)
    assert (ana["iccid"], ana["plan"], ana["wallet"]["minor"]) == ("8985200000000001002", None, 0)
    assert [e["state"] for e in ana["entitlements"]] == ["ended"]
    assert at(ana["entitlements"][0]["ends_at"]).astimezone(SHANGHAI).date() == date(2026, 11, 19)
    assert (omar["iccid"], omar["plan"]) == ("8985200000000001003", "D1")
    assert omar["throttled"]
    status, _ = await caller.ask("GET", "/sandbox/carrier/lines/+6591001004")
    assert status == 404


async def test_a_line_is_throttled_at_its_cap_and_fast_again_after_local_midnight(
    caller: Caller, clock: SetClock
) -> None:
    before = await caller.use(LIN_XIAO, 7_599_999_999)
    assert not before["throttled"]
    assert (await caller.use(LIN_XIAO, 1))["throttled"]
    clock.set(datetime(2026, 11, 22, 23, 59, 59, tzinfo=SHANGHAI))
    assert (await caller.line(LIN_XIAO))["throttled"]
    clock.advance(seconds=1)
    after = await caller.line(LIN_XIAO)
    assert (after["throttled"], after["used_today_bytes"]) == (False, 0)


async def test_data_is_counted_by_day_and_country(caller: Caller, clock: SetClock) -> None:
    await caller.use(LIN_XIAO, 5, "PT")
    await caller.use(LIN_XIAO, 6, "PT")
    clock.advance(days=1)
    await caller.use(LIN_XIAO, 7, "ES")
    usage = (await caller.line(LIN_XIAO))["usage"]
    assert usage[-2:] == [
        {"day": "2026-11-22", "country": "PT", "bytes": 11},
        {"day": "2026-11-23", "country": "ES", "bytes": 7},
    ]


async def test_without_a_plan_or_suspended_there_is_no_data(caller: Caller) -> None:
    await caller.add_line("+4915100000001", plan="M30", status="suspended")
    for msisdn in (ANA_DUARTE, "+4915100000001"):
        path = f"/sandbox/carrier/lines/{msisdn}/use"
        assert (await caller.post(path, {"bytes": 1}, 409))["code"] == "noService"


async def test_an_order_is_active_after_a_while_not_at_once(
    caller: Caller, clock: SetClock
) -> None:
    order = await caller.order(ANA_DUARTE, "M30")
    assert order["state"] == "acknowledged"
    clock.advance(seconds=4)
    assert (await caller.get(f"{ORDERING}/productOrder/{order['id']}"))["state"] == "inProgress"
    clock.advance(seconds=1)
    done = await caller.get(f"{ORDERING}/productOrder/{order['id']}")
    assert done["state"] == "completed"
    product = done["productOrderItem"][0]["product"]
    assert at(product["startDate"]) == clock.now()
    assert at(product["terminationDate"]) == clock.now() + timedelta(days=30)
    assert (await caller.line(ANA_DUARTE))["plan"] == "M30"


async def test_plans_bought_while_one_runs_queue_one_behind_the_other(
    caller: Caller, clock: SetClock
) -> None:
    await caller.order(LIN_XIAO, "D1", 3, key="order:1")
    clock.advance(seconds=1)
    await caller.order(LIN_XIAO, "Q90", key="order:2")
    clock.advance(seconds=30)
    line = await caller.line(LIN_XIAO)
    running, three_days, quarter = line["entitlements"][-3:]
    assert [e["state"] for e in (running, three_days, quarter)] == ["active", "queued", "queued"]
    assert three_days["starts_at"] == running["ends_at"]
    assert at(three_days["ends_at"]) - at(three_days["starts_at"]) == timedelta(days=3)
    assert quarter["starts_at"] == three_days["ends_at"]
    assert line["plan"] == "M30"
    clock.set(at(quarter["starts_at"]))
    assert (await caller.line(LIN_XIAO))["plan"] == "Q90"


async def test_one_key_used_twice_makes_two_orders_and_both_are_delivered(
    caller: Caller, clock: SetClock
) -> None:
    for _ in range(2):
        await caller.order(ANA_DUARTE, "D1", key="order:7")
    clock.advance(seconds=10)
    line = await caller.line(ANA_DUARTE)
    assert [order["state"] for order in line["orders"]["order:7"]] == ["completed", "completed"]
    assert [e["plan"] for e in line["entitlements"][-2:]] == ["D1", "D1"]
    everything = (await caller.get("/sandbox/carrier/orders"))["orders"]
    assert [(o["key"], o["msisdn"], o["periods"]) for o in everything] == [
        ("order:7", ANA_DUARTE, 1)
    ] * 2


async def test_a_queued_plan_can_be_cancelled_and_those_behind_it_move_up(
    caller: Caller, clock: SetClock
) -> None:
    first = await caller.order(LIN_XIAO, "D1", key="order:1")
    await caller.order(LIN_XIAO, "M30", key="order:2")
    clock.advance(seconds=10)
    body = {"productOrder": {"id": first["id"]}}
    assert (await caller.post(f"{ORDERING}/cancelProductOrder", body))["state"] == "done"
    line = await caller.line(LIN_XIAO)
    running, month = line["entitlements"][-2:]
    assert (month["plan"], month["starts_at"]) == ("M30", running["ends_at"])
    assert line["orders"]["order:1"][0]["state"] == "cancelled"


async def test_a_running_plan_cannot_be_cancelled(caller: Caller, clock: SetClock) -> None:
    order = await caller.order(ANA_DUARTE, "D1")
    clock.advance(seconds=10)
    body = {"productOrder": {"id": order["id"]}}
    cancel = await caller.post(f"{ORDERING}/cancelProductOrder", body)
    assert cancel["state"] == "terminatedWithError"
    assert (await caller.line(ANA_DUARTE))["plan"] == "D1"


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("Africa/Cairo", date(2026, 4, 24), 23),  # its midnight does not exist
        ("Pacific/Tongatapu", date(2026, 11, 22), 24),  # +13
        ("Pacific/Pago_Pago", date(2026, 11, 22), 24),  # -11
    ],
)
async def test_a_day_lasts_from_local_midnight_to_local_midnight(
    caller: Caller, clock: SetClock, zone: str, day: date, hours: int
) -> None:
    clock.set(datetime.combine(day - timedelta(days=1), time(12), ZoneInfo(zone)))
    msisdn = "+4915100000002"
    line = await caller.add_line(msisdn, plan="M30", zone=zone)
    midnight = at(line["next_reset_at"])
    clock.set(midnight - timedelta(seconds=1))
    await caller.use(msisdn, 1)
    clock.set(midnight)
    assert (await caller.use(msisdn, 2))["used_today_bytes"] == 2
    clock.set(midnight + timedelta(hours=hours) - timedelta(seconds=1))
    assert (await caller.line(msisdn))["used_today_bytes"] == 2
    clock.advance(seconds=1)
    assert (await caller.line(msisdn))["used_today_bytes"] == 0


async def test_a_day_plan_bought_before_the_clocks_change_ends_at_the_same_local_time(
    caller: Caller, clock: SetClock
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    clock.set(datetime(2026, 10, 24, 15, 0, tzinfo=berlin))
    await caller.add_line("+4915100000003", zone="Europe/Berlin")
    await caller.order("+4915100000003", "D1")
    clock.advance(seconds=5)
    line = await caller.line("+4915100000003")
    ends = at(line["valid_until"])
    assert ends == datetime(2026, 10, 25, 15, 0, 5, tzinfo=berlin).astimezone(UTC)
    assert ends - clock.now() == timedelta(hours=25)


async def test_a_clock_stepped_back_undoes_nothing(caller: Caller, clock: SetClock) -> None:
    await caller.order(ANA_DUARTE, "M30")
    clock.advance(hours=2)
    assert (await caller.line(ANA_DUARTE))["plan"] == "M30"
    clock.advance(hours=-2)
    orders = (await caller.line(ANA_DUARTE))["orders"]["order:1"]
    assert [order["state"] for order in orders] == ["completed"]
