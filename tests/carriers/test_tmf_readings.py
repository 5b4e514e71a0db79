"""Lines, readings, usage, texts and access: the tmf adapter against the sandbox's carrier."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.carriers.tmf import ApiKey, TmfCarrier, TmfSettings
from bot.domain.errors import (
    AuthFailed,
    CarrierError,
    NotFound,
    OutcomeUnknown,
    Unavailable,
    WrongState,
)
from bot.domain.line import LineStatus, Msisdn, Reading, UsageDay
from bot.domain.money import Money
from bot.services.ports import Carrier
from tests.carrier_side import Caller
from tests.carriers.lines import (
    ANA,
    ANA_CARD,
    LIN,
    LIN_CARD,
    OMAR,
    OMAR_CARD,
    TRAVELLER,
    TRAVELLER_CARD,
)
from tests.loopback import SetClock

GB = 10**9


async def read(tmf: TmfCarrier, msisdn: Msisdn, ref: str) -> Reading:
    """A reading of a line."""
    return await tmf.line_status(1, ref, msisdn)


async def test_it_is_a_carrier(tmf: TmfCarrier) -> None:
    port: Carrier = tmf
    assert port.capabilities.wallet
    assert port.capabilities.daily_counter
    assert port.capabilities.texts


# Finding a line


async def test_a_line_is_found_with_its_card_zone_and_status(tmf: TmfCarrier) -> None:
    line = await tmf.find_line(LIN)
    assert (line.ref, line.iccid, line.msisdn) == (LIN_CARD, LIN_CARD, LIN)
    assert (line.zone, line.status) == ("Asia/Shanghai", LineStatus.ACTIVE)


async def test_a_line_whose_plan_ended_is_still_a_line(tmf: TmfCarrier) -> None:
    assert (await tmf.find_line(ANA)).status is LineStatus.ACTIVE


async def test_a_suspended_line_says_so(tmf: TmfCarrier, caller: Caller) -> None:
    await caller.add_line(TRAVELLER, plan="M30", status="suspended")
    assert (await tmf.find_line(TRAVELLER)).status is LineStatus.SUSPENDED


async def test_an_unknown_number_is_not_found(tmf: TmfCarrier) -> None:
    with pytest.raises(NotFound):
        await tmf.find_line(Msisdn("+6591001004"))


# Readings


async def test_a_reading_gives_every_number_that_the_carrier_reports(
    tmf: TmfCarrier, clock: SetClock
) -> None:
    assert await read(tmf, LIN, LIN_CARD) == Reading(
        line_id=1,
        as_of=clock.now(),
        source="tmf",
        plan_code="M30",
        valid_until=datetime(2026, 12, 7, 16, tzinfo=UTC),
        used_today_bytes=12_400_000_000,
        high_speed_cap_bytes=20 * GB,
        throttled=False,
        base_rate_kbps=1000,
        next_reset_at=datetime(2026, 11, 22, 16, tzinfo=UTC),
        wallet=Money(236_00, "CNY"),
    )


async def test_a_line_beyond_its_cap_is_throttled(tmf: TmfCarrier) -> None:
    reading = await read(tmf, OMAR, OMAR_CARD)
    assert (reading.throttled, reading.used_today_bytes) == (True, 20_300_000_000)


async def test_an_ended_plan_is_read_with_its_end_and_no_speed(tmf: TmfCarrier) -> None:
    reading = await read(tmf, ANA, ANA_CARD)
    assert reading.plan_code == "M30"
    assert reading.valid_until == datetime(2026, 11, 18, 16, tzinfo=UTC)
    assert reading.throttled is None


async def test_a_line_that_never_had_a_plan_reports_none(tmf: TmfCarrier, caller: Caller) -> None:
    await caller.add_line(TRAVELLER)
    reading = await read(tmf, TRAVELLER, TRAVELLER_CARD)
    assert (reading.plan_code, reading.valid_until, reading.high_speed_cap_bytes) == (None,) * 3


async def test_the_counter_falls_after_the_reset(tmf: TmfCarrier, clock: SetClock) -> None:
    assert (await read(tmf, OMAR, OMAR_CARD)).throttled
    clock.set(datetime(2026, 11, 22, 16, tzinfo=UTC))
    reading = await read(tmf, OMAR, OMAR_CARD)
    assert (reading.used_today_bytes, reading.throttled) == (0, False)
    assert reading.next_reset_at == datetime(2026, 11, 23, 16, tzinfo=UTC)


async def test_a_queued_plan_does_not_hide_the_running_one(
    tmf: TmfCarrier, caller: Caller, clock: SetClock
) -> None:
    await caller.order(LIN, "Q90")
    clock.advance(minutes=1)
    reading = await read(tmf, LIN, LIN_CARD)
    assert (reading.plan_code, reading.valid_until) == (
        "M30",
        datetime(2026, 12, 7, 16, tzinfo=UTC),
    )
    clock.set(datetime(2026, 12, 7, 16, tzinfo=UTC))
    assert (await read(tmf, LIN, LIN_CARD)).plan_code == "Q90"


async def test_a_wallet_that_the_operator_does_not_offer_is_not_reported(
    settings: TmfSettings, clock: SetClock
) -> None:
    async with TmfCarrier(replace(settings, balance=None), clock) as tmf:
        reading = await read(tmf, LIN, LIN_CARD)
        assert (reading.wallet, reading.used_today_bytes) == (None, 12_400_000_000)
        assert not tmf.capabilities.wallet


async def test_usage_that_the_operator_does_not_offer_is_not_reported(
    settings: TmfSettings, clock: SetClock
) -> None:
    async with TmfCarrier(replace(settings, usage=None), clock) as tmf:
        reading = await read(tmf, LIN, LIN_CARD)
        assert (reading.used_today_bytes, reading.throttled) == (None, None)
        assert reading.wallet == Money(236_00, "CNY")
        assert not tmf.capabilities.daily_counter


@pytest.mark.parametrize("operation", ["product", "balance", "usage"])
@pytest.mark.parametrize("kind", ["outage", "nonsense"])
async def test_a_reading_fails_whole_so_that_the_last_one_stays(
    tmf: TmfCarrier, caller: Caller, operation: str, kind: str
) -> None:
    await caller.fault(operation, kind, times=1)
    with pytest.raises(Unavailable):
        await read(tmf, LIN, LIN_CARD)


async def test_a_slow_carrier_is_unavailable_after_the_timeout(
    settings: TmfSettings, clock: SetClock, caller: Caller
) -> None:
    await caller.fault("product", "delay", times=1, delay_ms=1000)
    async with TmfCarrier(replace(settings, timeout_s=0.1), clock) as tmf:
        with pytest.raises(Unavailable):
            await read(tmf, LIN, LIN_CARD)


async def test_a_number_that_moved_to_another_card_is_not_read(tmf: TmfCarrier) -> None:
    with pytest.raises(NotFound):
        await read(tmf, LIN, "8985200000000009999")


# Usage by day


async def test_thirty_days_of_usage_by_local_day(tmf: TmfCarrier) -> None:
    days = await tmf.usage_days(LIN_CARD, LIN, date(2026, 10, 24), date(2026, 11, 22))
    assert [entry.day for entry in days] == [
        date(2026, 10, 24) + timedelta(days=n) for n in range(30)
    ]
    assert days[-1] == UsageDay(date(2026, 11, 22), 12_400_000_000, {"CN": 12_400_000_000})
    assert days[14].used_bytes == 0


async def test_a_long_span_is_asked_in_pages(settings: TmfSettings, clock: SetClock) -> None:
    span = (date(2026, 10, 1), date(2026, 11, 22))
    async with (
        TmfCarrier(settings, clock) as by_month,
        TmfCarrier(replace(settings, usage_span_days=7), clock) as by_week,
    ):
        whole = await by_month.usage_days(LIN_CARD, LIN, *span)
        assert await by_week.usage_days(LIN_CARD, LIN, *span) == whole
        assert len(whole) == 53


async def test_countries_of_one_day_are_added_up_and_told_for_themselves(
    tmf: TmfCarrier, caller: Caller
) -> None:
    await caller.use(LIN, 5, "PT")
    await caller.use(LIN, 6, "ES")
    today = date(2026, 11, 22)
    assert await tmf.usage_days(LIN_CARD, LIN, today, today) == [
        UsageDay(today, 12_400_000_011, {"CN": 12_400_000_000, "PT": 5, "ES": 6})
    ]


async def test_what_is_no_country_is_not_told_as_one(
    settings: TmfSettings, clock: SetClock, caller: Caller
) -> None:
    await caller.use(LIN, 5, "PT")
    elsewhere = replace(settings, fields=replace(settings.fields, usage_country="counterType"))
    today = date(2026, 11, 22)
    async with TmfCarrier(elsewhere, clock) as tmf:
        assert await tmf.usage_days(LIN_CARD, LIN, today, today) == [
            UsageDay(today, 12_400_000_005)
        ]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", date(2026, 3, 29)),  # 23 hours
        ("Europe/Berlin", date(2026, 10, 25)),  # 25 hours
        ("Africa/Cairo", date(2026, 4, 24)),  # without a midnight
        ("Pacific/Tongatapu", date(2026, 11, 22)),  # +13
        ("Pacific/Pago_Pago", date(2026, 11, 22)),  # -11
    ],
)
async def test_odd_days_are_days_of_the_reset_zone(
    tmf: TmfCarrier, caller: Caller, clock: SetClock, zone: str, day: date
) -> None:
    local = ZoneInfo(zone)
    clock.set(datetime(day.year, day.month, day.day, 1, 30, tzinfo=local))
    await caller.add_line(TRAVELLER, plan="M30", zone=zone)
    await caller.use(TRAVELLER, 1)
    clock.set(datetime(day.year, day.month, day.day, 23, 30, tzinfo=local))
    await caller.use(TRAVELLER, 2)
    reading = await read(tmf, TRAVELLER, TRAVELLER_CARD)
    assert reading.used_today_bytes == 3
    assert reading.next_reset_at == clock.now() + timedelta(minutes=30)
    clock.advance(hours=1)
    after = await read(tmf, TRAVELLER, TRAVELLER_CARD)
    assert after.used_today_bytes == 0
    around = await tmf.usage_days(
        TRAVELLER_CARD, TRAVELLER, day - timedelta(days=1), day + timedelta(days=1)
    )
    assert [(entry.day, entry.used_bytes) for entry in around] == [
        (day - timedelta(days=1), 0),
        (day, 3),
        (day + timedelta(days=1), 0),
    ]


# Texts


async def test_a_text_reaches_the_line(tmf: TmfCarrier, caller: Caller) -> None:
    await tmf.send_text(LIN, "您的验证码 123456")
    (text,) = (await caller.get("/sandbox/carrier/sms", msisdn=LIN))["sms"]
    assert text["text"] == "您的验证码 123456"


async def test_a_text_that_nobody_receives_is_told(tmf: TmfCarrier) -> None:
    with pytest.raises(WrongState):
        await tmf.send_text(Msisdn("+6591001004"), "hello")


async def test_a_text_without_an_answer_is_unknown(tmf: TmfCarrier, caller: Caller) -> None:
    await caller.fault("sms", "timeout-after-accept", times=1)
    with pytest.raises(OutcomeUnknown):
        await tmf.send_text(LIN, "hello")


# Access


async def test_a_wrong_key_fails_authentication(settings: TmfSettings, clock: SetClock) -> None:
    async with TmfCarrier(replace(settings, auth=ApiKey("WRONG")), clock) as tmf:
        with pytest.raises(AuthFailed):
            await tmf.find_line(LIN)


async def test_a_carrier_that_is_not_there_is_unavailable(
    settings: TmfSettings, clock: SetClock
) -> None:
    async with TmfCarrier(replace(settings, base_url="http://127.0.0.1:9"), clock) as tmf:
        with pytest.raises(Unavailable):
            await tmf.find_line(LIN)
        with pytest.raises(Unavailable):
            await tmf.send_text(LIN, "hello")


async def test_no_error_names_the_subscriber_or_the_key(
    tmf: TmfCarrier, caller: Caller, settings: TmfSettings
) -> None:
    await caller.fault("*", "outage")
    with pytest.raises(CarrierError) as problem:
        await tmf.find_line(LIN)
    told = repr(problem.value) + str(problem.value) + repr(settings)
    assert LIN.removeprefix("+") not in told
    assert "'SANDBOX'" not in told
