"""Numbers as operators write them: each is known for what it is, or not reported."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.carriers.tmf import TmfCarrier, TmfSettings
from bot.domain.errors import (
    Unavailable,
)
from bot.domain.line import UsageDay
from bot.domain.money import Money
from tests.carriers.bent.operator import (
    CARD,
    NUMBER,
    PRODUCT,
    QUERY,
    Operator,
    bucket,
    counter,
    product,
    read,
    usage,
)
from tests.loopback import SetClock


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


async def test_a_day_of_25_hours_is_asked_for_whole(
    tmf: TmfCarrier, operator: Operator, clock: SetClock
) -> None:
    clock.set(datetime(2026, 10, 25, 12, tzinfo=UTC))
    await read(tmf, operator, of=[product(characteristics={"resetZone": "Europe/Berlin"})])
    (asked,) = operator.calls(f"POST {QUERY}")
    assert json.loads(asked.raw)["searchCriteria"] == {
        "logicalResource": [{"id": NUMBER}],
        "validPeriod": {
            "startDateTime": "2026-10-24T22:00:00+00:00",
            "endDateTime": "2026-10-25T23:00:00+00:00",
        },
    }


async def test_days_that_the_carrier_does_not_report_are_left_out(
    tmf: TmfCarrier, operator: Operator
) -> None:
    operator.answers(f"GET {PRODUCT}", [product()])
    operator.answers(f"POST {QUERY}", usage(counter(1)), 201)
    days = await tmf.usage_days(CARD, NUMBER, date(2026, 11, 16), date(2026, 11, 22))
    assert days == [UsageDay(date(2026, 11, 22), 10**9)]
