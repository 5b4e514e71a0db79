"""Reading the account: what is held, how fresh it is, and asking the carrier for more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.errors import CooldownRunning, NoLine
from bot.domain.fair_use import Allowance, ServiceLevel
from bot.domain.line import Line, Reading, UsageDay
from bot.domain.money import Money
from bot.domain.subscriber import Subscriber
from bot.services.ports import CarrierOrderState
from bot.services.read_account import Account
from bot.services.requests import ReadingTaken, ReadLine, ReadUsage, UsageRead
from tests.services.shop import CAPABILITIES, Shop, found_line, yuan

GB = 10**9


async def overview(shop: Shop, subscriber: Subscriber) -> Account:
    async with shop.unit() as unit:
        return await shop.account.overview(unit, subscriber)


async def carrier_reads(shop: Shop, line: Line, wallet: Money | None) -> None:
    """A reading comes from the carrier, as the runtime hands it over."""
    reading = Reading(
        line_id=line.id,
        as_of=shop.clock.now(),
        source="test",
        plan_code="M30",
        valid_until=None,
        used_today_bytes=5 * GB,
        high_speed_cap_bytes=20 * GB,
        throttled=False,
        base_rate_kbps=1000,
        next_reset_at=None,
        wallet=wallet,
    )
    async with shop.unit() as unit:
        await shop.readings.on_reading(unit, ReadingTaken(reading))


# ── the overview ──────────────────────────────────────────────────────────────────────────────────


async def test_before_the_first_reading_nothing_is_made_up(shop: Shop, lin: Subscriber) -> None:
    account = await overview(shop, lin)
    assert account.reading is None
    assert account.allowance == Allowance(None, None)
    assert (account.level, account.plan, account.ends_at) == (ServiceLevel.UNKNOWN, None, None)
    assert account.wallet == yuan(0)


async def test_a_reading_is_shown_with_its_plan(shop: Shop, lin: Subscriber, line: Line) -> None:
    end = shop.clock.now() + timedelta(days=16)
    await shop.read(
        line,
        plan_code="M30",
        valid_until=end,
        used_today_bytes=12 * GB,
        high_speed_cap_bytes=20 * GB,
        throttled=False,
    )
    account = await overview(shop, lin)
    assert account.allowance.remaining_high_speed_bytes == 8 * GB
    assert account.level is ServiceLevel.HIGH_SPEED
    assert account.plan is not None
    assert (account.plan.code, account.ends_at) == ("M30", end)


async def test_a_plan_that_is_not_sold_any_more_keeps_its_name(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.read(line, plan_code="M30")
    await shop.withdraw("M30")
    plan = (await overview(shop, lin)).plan
    assert plan is not None
    assert plan.name("zh_Hans") == "月卡"


async def test_a_plan_of_the_carriers_own_is_not_given_a_name(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.read(line, plan_code="THEIRS")
    assert (await overview(shop, lin)).plan is None


async def test_a_line_just_renewed_is_not_called_ended_by_an_older_reading(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.read(line, valid_until=shop.clock.now())
    assert (await overview(shop, lin)).level is ServiceLevel.ENDED
    await shop.fund(line, yuan(199))
    await shop.pay_by_wallet(lin, (await shop.quote(lin)).order)
    await shop.carrier_answers(CarrierOrderState.DONE)
    account = await overview(shop, lin)
    assert account.level is ServiceLevel.UNKNOWN
    assert account.ends_at == shop.clock.now() + timedelta(days=30)


async def test_a_queued_plan_is_shown_beside_the_running_one(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    end = shop.clock.now() + timedelta(days=16)
    await shop.read(line, valid_until=end)
    await shop.fund(line, yuan(199))
    order = (await shop.quote(lin)).order
    await shop.pay_by_wallet(lin, order)
    await shop.carrier_answers(CarrierOrderState.DONE)
    account = await overview(shop, lin)
    assert account.ends_at == end
    assert [(each.order_id, each.starts_at) for each in account.queued] == [(order.id, end)]


async def test_every_line_has_its_own_account(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.fund(line, yuan(236))
    second = await shop.link_contact(lin.id, found_line("1002"))
    account = await overview(shop, await shop.subscriber(lin.id))
    assert (account.line, account.lines, account.wallet) == (second, [line, second], yuan(0))
    assert (await overview(shop, lin)).wallet == yuan(236)


async def test_without_a_line_there_is_no_account(shop: Shop) -> None:
    stranger = await shop.meet(7002)
    with pytest.raises(NoLine):
        await overview(shop, stranger)


# ── asking the carrier ────────────────────────────────────────────────────────────────────────────


async def test_the_carrier_is_not_asked_again_within_its_shortest_interval(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    shop.asked(ReadLine)  # linking asked already
    async with shop.unit() as unit:
        with pytest.raises(CooldownRunning) as refused:
            await shop.account.refresh(unit, lin)
        await shop.account.freshen(unit, line)
    assert refused.value.seconds_left == CAPABILITIES.shortest_poll_s
    assert shop.asked(ReadLine) == []
    shop.clock.advance(timedelta(seconds=29, milliseconds=500))
    async with shop.unit() as unit:
        with pytest.raises(CooldownRunning) as refused:
            await shop.account.refresh(unit, lin)
    assert refused.value.seconds_left == 1
    shop.clock.advance(timedelta(milliseconds=500))
    async with shop.unit() as unit:
        await shop.account.refresh(unit, lin)
    assert shop.asked(ReadLine) == [ReadLine(line.id, line.ref, line.msisdn)]


async def test_showing_the_home_asks_when_the_interval_has_passed(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    shop.asked(ReadLine)
    shop.clock.advance(timedelta(seconds=30))
    async with shop.unit() as unit:
        await shop.account.freshen(unit, line)
        await shop.account.freshen(unit, line)
    assert len(shop.asked(ReadLine)) == 1


async def test_a_clock_put_back_does_not_silence_the_refresh(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    shop.asked(ReadLine)
    shop.clock.advance(timedelta(hours=-2))
    async with shop.unit() as unit:
        await shop.account.refresh(unit, lin)
    assert len(shop.asked(ReadLine)) == 1


async def test_a_reading_that_arrives_redraws_the_home(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await carrier_reads(shop, line, wallet=None)
    assert shop.heard() == [("reading_arrived", line.id)]
    assert (await overview(shop, lin)).allowance.used_bytes == 5 * GB


# ── the opening balance ───────────────────────────────────────────────────────────────────────────


async def test_the_balance_held_at_the_carrier_opens_the_wallet_once(
    shop: Shop, line: Line
) -> None:
    for held in (yuan(236), yuan(236), yuan(500)):
        await carrier_reads(shop, line, wallet=held)
    assert await shop.wallet(line) == yuan(236)


@pytest.mark.parametrize("held", [None, yuan(0), Money(5000, "USD")])
async def test_no_balance_or_one_in_another_currency_opens_nothing(
    shop: Shop, line: Line, held: Money | None
) -> None:
    await carrier_reads(shop, line, wallet=held)
    await carrier_reads(shop, line, wallet=yuan(236))
    assert await shop.wallet(line) == yuan(0)


# ── usage by day ──────────────────────────────────────────────────────────────────────────────────


async def test_usage_covers_every_day_of_the_span_and_shows_what_was_not_reported(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    reported = [UsageDay(date(2026, 11, 20), 7 * GB), UsageDay(date(2026, 11, 22), 2 * GB)]
    async with shop.unit() as unit:
        await shop.readings.on_usage(unit, UsageRead(line.id, lin.id, reported))
        usage = await shop.account.usage(unit, lin, 7)
    assert shop.heard() == [("usage_arrived", lin.id)]
    assert [each.day for each in usage.days] == [date(2026, 11, day) for day in range(16, 23)]
    assert [each.used_bytes for each in usage.days] == [None] * 4 + [7 * GB, None, 2 * GB]


@pytest.mark.parametrize("days", [7, 30])
async def test_the_carrier_is_asked_for_the_longest_span_whichever_is_shown(
    shop: Shop, lin: Subscriber, line: Line, days: int
) -> None:
    async with shop.unit() as unit:
        usage = await shop.account.usage(unit, lin, days)
    assert len(usage.days) == days
    assert shop.asked(ReadUsage) == [
        ReadUsage(line.id, line.ref, line.msisdn, date(2026, 10, 24), date(2026, 11, 22), lin.id)
    ]


async def test_a_reading_is_asked_for_beside_it_since_the_forecast_comes_of_that(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.pass_time(hours=1)
    shop.asked(ReadLine)
    async with shop.unit() as unit:
        assert (await shop.account.usage(unit, lin, 7)).forecast is None
    assert [each.line_id for each in shop.asked(ReadLine)] == [line.id]
    await shop.read(line, used_today_bytes=16 * GB, high_speed_cap_bytes=20 * GB)
    async with shop.unit() as unit:
        assert (await shop.account.usage(unit, lin, 7)).forecast is not None
    assert shop.asked(ReadLine) == [], "it was asked just now"


async def test_the_day_is_the_lines_own_and_not_utcs(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    shop.clock.advance(timedelta(hours=9))  # 16:00 UTC is midnight in Shanghai
    async with shop.unit() as unit:
        usage = await shop.account.usage_of(unit, line, 7)
    assert usage.days[-1].day == date(2026, 11, 23)
