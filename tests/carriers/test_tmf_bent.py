"""How operators bend the standard, and what the adapter makes of it: it never makes up a number."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.carriers.tmf import ApiKey, ClientCredentials, TmfCarrier, TmfFields, TmfSettings
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
from bot.domain.line import LineStatus, Msisdn, Reading, UsageDay
from bot.domain.money import Money
from bot.services.ports import CarrierOrderState
from tests.carriers.operator import Operator, operating
from tests.loopback import SetClock

NUMBER, CARD = Msisdn("+4915100000001"), "8949000000000000001"
ORDER, PRODUCT, BUCKET = "/order/productOrder", "/inventory/product", "/balance/bucket"
QUERY = "/usage/queryUsageConsumption"
TODAY = {"startDateTime": "2026-11-21T16:00:00Z", "endDateTime": "2026-11-22T16:00:00Z"}


def product(**changes: Any) -> dict[str, Any]:
    """A product with an active month."""
    characteristics = {
        "iccid": CARD,
        "resetZone": "Asia/Shanghai",
        "highSpeedCapBytes": "20000000000",
        "baseRateKbps": 1000.0,
    } | changes.pop("characteristics", {})
    return {
        "status": "active",
        "productSerialNumber": NUMBER,
        "startDate": "2026-11-08T00:00:00+08:00",
        "terminationDate": "2026-12-08T00:00:00+08:00",
        "productOffering": {"id": "M30"},
        "productCharacteristic": [{"name": n, "value": v} for n, v in characteristics.items()],
    } | changes


def bucket(amount: Any, units: str, field: str = "remainingValue") -> dict[str, Any]:
    """A wallet."""
    return {
        "usageType": "monetary",
        "logicalResource": [{"id": NUMBER}],
        field: {"amount": amount, "units": units},
    }


def counter(amount: Any, units: str = "GB", period: Any = None, kind: str = "used") -> Any:
    """A usage counter, of today unless a period is given."""
    value = {"amount": amount, "units": units}
    return {"counterType": kind, "consumptionPeriod": period or TODAY, "value": value}


def usage(*counters: Any, remaining: Any = None, **more: Any) -> dict[str, Any]:
    """A finished usage query."""
    data: dict[str, Any] = {"usageType": "data", "bucketCounter": list(counters)}
    if remaining is not None:
        data["remainingValue"] = remaining
    return {"usageConsumption": [{"state": "done", "bucketRefOrValue": [data]} | more]}


@pytest.fixture
async def operator() -> AsyncIterator[Operator]:
    async with operating() as operator:
        yield operator


@pytest.fixture
def settings(operator: Operator) -> TmfSettings:
    return TmfSettings(
        operator.url,
        ApiKey("secret"),
        ordering="/order",
        inventory="/inventory",
        balance="/balance",
        usage="/usage",
        communication="/text",
        usage_looks=2,
    )


@pytest.fixture
async def tmf(settings: TmfSettings, clock: SetClock) -> AsyncIterator[TmfCarrier]:
    async with TmfCarrier(settings, clock) as carrier:
        yield carrier


async def read(
    tmf: TmfCarrier, operator: Operator, *, of: Any = None, money: Any = None, data: Any = None
) -> Reading:
    """A reading of the line, from bodies that a test gives."""
    operator.answers(f"GET {PRODUCT}", of if of is not None else [product()])
    operator.answers(f"GET {BUCKET}", money if money is not None else [])
    operator.answers(f"POST {QUERY}", data if data is not None else usage(), 201)
    return await tmf.line_status(1, CARD, NUMBER)


# Money and units


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        (b"19.99", "EUR", 1999),
        (b"0.1", "CNY", 10),
        (b"1.005", "USD", 101),
        (b"500", "JPY", 500),
        (b"1.234", "KWD", 1234),
        (b"236.0000000001", "CNY", 23600),
    ],
)
async def test_amounts_are_read_exactly_in_the_currencys_minor_unit(
    tmf: TmfCarrier, operator: Operator, written: bytes, currency: str, minor: int
) -> None:
    raw = json.dumps([bucket("#", currency)]).encode().replace(b'"#"', written)
    assert (await read(tmf, operator, money=raw)).wallet == Money(minor, currency)


@pytest.mark.parametrize(
    "buckets",
    [
        [],
        [bucket(1, "CNY"), bucket(2, "CNY")],
        [bucket("NaN", "CNY")],
        [bucket(None, "CNY")],
        [bucket(1, "points")],
        [bucket(1, "CNY") | {"usageType": "voice"}],
        [bucket(1, "CNY") | {"logicalResource": [{"id": "+4915100000009"}]}],
    ],
)
async def test_a_wallet_that_is_not_plainly_one_amount_is_not_reported(
    tmf: TmfCarrier, operator: Operator, buckets: Any
) -> None:
    assert (await read(tmf, operator, money=buckets)).wallet is None


@pytest.mark.parametrize(
    ("amount", "units", "used_bytes"),
    [
        (12.4, "GB", 12_400_000_000),
        (12_400, "MB", 12_400_000_000),
        (12_400_000_000, "byte", 12_400_000_000),
        ("1.5", "GiB", 1_610_612_736),
        (12.4, "Gbit", None),
        (12.4, None, None),
        (-1, "GB", None),
        (True, "GB", None),
    ],
)
async def test_a_unit_is_known_or_the_number_is_not_reported(
    tmf: TmfCarrier, operator: Operator, amount: Any, units: Any, used_bytes: int | None
) -> None:
    reading = await read(tmf, operator, data=usage(counter(amount, units)))
    assert reading.used_today_bytes == used_bytes


async def test_a_gigabyte_of_2_to_the_30_shows_itself_against_the_cap(
    tmf: TmfCarrier, operator: Operator, settings: TmfSettings, clock: SetClock
) -> None:
    cap = [product(characteristics={"highSpeedCapBytes": 20 * 2**30})]
    used = usage(counter(12), remaining={"amount": 8, "units": "GB"})
    reading = await read(tmf, operator, of=cap, data=used)
    assert (reading.used_today_bytes, reading.throttled) == (None, None)
    binary = replace(settings, bytes_by_unit={"GB": 2**30})
    async with TmfCarrier(binary, clock) as told:
        assert (await told.line_status(1, CARD, NUMBER)).used_today_bytes == 12 * 2**30


async def test_rounding_to_tenths_is_no_contradiction(tmf: TmfCarrier, operator: Operator) -> None:
    used = usage(counter(12.4), remaining={"amount": 7.5, "units": "GB"})
    assert (await read(tmf, operator, data=used)).used_today_bytes == 12_400_000_000


# Usage


@pytest.mark.parametrize(
    "counters",
    [
        [],
        [counter(1, period={"startDateTime": "2026-11-20T16:00:00Z"})],
        [
            counter(
                1,
                period={
                    "startDateTime": "2026-11-08T00:00:00+08:00",
                    "endDateTime": "2026-12-08T00:00:00+08:00",
                },
            )
        ],
        [counter(1, kind="reserved")],
        [counter(1), counter(1, "parsec")],
    ],
)
async def test_without_a_readable_counter_of_today_the_usage_is_not_reported(
    tmf: TmfCarrier, operator: Operator, counters: Any
) -> None:
    reading = await read(tmf, operator, data=usage(*counters))
    assert (reading.used_today_bytes, reading.throttled) == (None, None)
    assert reading.high_speed_cap_bytes == 20_000_000_000


async def test_usage_that_lags_makes_the_reading_as_old_as_it_is(
    tmf: TmfCarrier, operator: Operator
) -> None:
    old = usage(counter(1), lastUpdate="2026-11-22T04:30:00Z")
    reading = await read(tmf, operator, data=old)
    assert reading.as_of == datetime(2026, 11, 22, 4, 30, tzinfo=UTC)


async def test_a_carriers_clock_that_is_ahead_makes_no_reading_of_the_future(
    tmf: TmfCarrier, operator: Operator, clock: SetClock
) -> None:
    ahead = usage(counter(1), lastUpdate="2026-11-22T09:30:00Z")
    assert (await read(tmf, operator, data=ahead)).as_of == clock.now()


async def test_a_usage_query_is_looked_at_until_it_is_done(
    tmf: TmfCarrier, operator: Operator
) -> None:
    task = {"id": "7", "usageConsumption": [{"state": "inProgress"}]}
    operator.answers(f"GET {QUERY}/7", task)
    operator.answers(f"GET {QUERY}/7", usage(counter(3)))
    assert (await read(tmf, operator, data=task)).used_today_bytes == 3 * 10**9
    assert len(operator.calls(f"GET {QUERY}/7")) == 2


@pytest.mark.parametrize(
    "task",
    [
        {"id": "7", "usageConsumption": [{"state": "terminatedWithError"}]},
        {"id": "7", "usageConsumption": [{"state": "accepted"}]},
        {"id": 7},
    ],
)
async def test_a_usage_query_that_comes_to_nothing_is_unavailable(
    tmf: TmfCarrier, operator: Operator, task: Any
) -> None:
    operator.answers(f"GET {QUERY}/7", task)
    with pytest.raises(Unavailable):
        await read(tmf, operator, data=task)


async def test_days_that_the_carrier_does_not_report_are_left_out(
    tmf: TmfCarrier, operator: Operator
) -> None:
    operator.answers(f"GET {PRODUCT}", [product()])
    operator.answers(f"POST {QUERY}", usage(counter(1)), 201)
    days = await tmf.usage_days(CARD, NUMBER, date(2026, 11, 16), date(2026, 11, 22))
    assert days == [UsageDay(date(2026, 11, 22), 10**9)]


# Products


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


async def test_lists_are_read_to_their_last_page(tmf: TmfCarrier, operator: Operator) -> None:
    total = {"X-Total-Count": "2"}
    past = product(status="terminated", startDate="2026-10-08T00:00:00+08:00")
    operator.answers(f"GET {PRODUCT}", [past | {"productOffering": {"id": "D1"}}], headers=total)
    reading = await read(tmf, operator, of=[product()])
    assert reading.plan_code == "M30"
    assert [asked.query["offset"] for asked in operator.calls(f"GET {PRODUCT}")] == ["0", "1"]


# Orders


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


@pytest.mark.parametrize("body", [b"", b"<html>", b"null", b"7", b"[1]", b'{"a": 1}', b"\xff"])
async def test_nonsense_is_unavailable_never_a_crash(
    tmf: TmfCarrier, operator: Operator, body: bytes
) -> None:
    operator.answers(f"GET {PRODUCT}", body)
    with pytest.raises(Unavailable):
        await tmf.find_line(NUMBER)


# Access


async def test_an_operator_may_have_its_own_paths_names_and_headers(
    operator: Operator, settings: TmfSettings, clock: SetClock
) -> None:
    bent = replace(
        settings,
        auth=ApiKey("secret", header="x-api-key"),
        transaction_header="transactionId",
        fields=TmfFields(line_filter="realizingResource.id", bucket_amount="remainedAmount"),
    )
    async with TmfCarrier(bent, clock) as tmf:
        money = [bucket(12.5, "ZAR", "remainedAmount")]
        assert (await read(tmf, operator, money=money)).wallet == Money(1250, "ZAR")
    (asked,) = operator.calls(f"GET {PRODUCT}")
    assert asked.query["realizingResource.id"] == NUMBER
    assert asked.headers["x-api-key"] == "secret"
    transactions = {asked.headers["transactionid"] for asked in operator.asked}
    assert len(transactions) == len(operator.asked)


@pytest.fixture
def by_token(operator: Operator, settings: TmfSettings) -> TmfSettings:
    operator.answers("POST /token", {"access_token": "first", "expires_in": 3600})
    operator.answers("POST /token", {"access_token": "second", "expires_in": 3600})
    auth = ClientCredentials(f"{operator.url}/token", "leb", "s3cret", scope="tmf")
    return replace(settings, auth=auth)


async def test_client_credentials_fetch_one_token_for_many_calls(
    operator: Operator, by_token: TmfSettings, clock: SetClock
) -> None:
    operator.answers(f"GET {PRODUCT}", [product()])
    async with TmfCarrier(by_token, clock) as tmf:
        await tmf.find_line(NUMBER)
        await tmf.find_line(NUMBER)
    (fetch,) = operator.calls("POST /token")
    assert fetch.raw == b"grant_type=client_credentials&scope=tmf"
    assert fetch.headers["authorization"] == "Basic bGViOnMzY3JldA=="
    calls = operator.calls(f"GET {PRODUCT}")
    assert [asked.headers["authorization"] for asked in calls] == ["Bearer first"] * 2


async def test_a_token_that_was_revoked_is_fetched_anew_once(
    operator: Operator, by_token: TmfSettings, clock: SetClock
) -> None:
    operator.answers(f"GET {PRODUCT}", {"code": "expired"}, 401)
    operator.answers(f"GET {PRODUCT}", [product()])
    async with TmfCarrier(by_token, clock) as tmf:
        await tmf.find_line(NUMBER)
    calls = operator.calls(f"GET {PRODUCT}")
    assert [c.headers["authorization"] for c in calls] == ["Bearer first", "Bearer second"]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, {"error": "invalid_client"}, AuthFailed),
        (500, {}, Unavailable),
        (200, {"token": "x"}, Unavailable),
        (200, b"<html>", Unavailable),
    ],
)
async def test_without_a_token_nothing_is_sent(
    operator: Operator,
    settings: TmfSettings,
    clock: SetClock,
    status: int,
    body: Any,
    expected: type[CarrierError],
) -> None:
    operator.answers("POST /token", body, status)
    auth = ClientCredentials(f"{operator.url}/token", "leb", "s3cret")
    async with TmfCarrier(replace(settings, auth=auth), clock) as tmf:
        with pytest.raises(expected):
            await tmf.submit("order:1", CARD, NUMBER, "M30", 1)
    assert [asked.path for asked in operator.asked] == ["/token"]
