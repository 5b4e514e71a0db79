"""Auto-renewal is announced, and charged once; or announced late, and charged later."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.auto_renewal import Missed
from bot.domain.coupon import Coupon
from bot.domain.line import Line
from bot.domain.order import PAYMENT_WINDOW, OrderStatus
from bot.domain.payment import PaymentMethod, Way
from bot.domain.preferences import Preferences
from bot.domain.subscriber import Subscriber
from bot.services.platform import PaymentState
from tests.services.auto_renewal.steps import (
    END,
    WALLET,
    agrees,
    before,
    charge_ends,
    delivers,
    orders,
    told,
    until,
)
from tests.services.kept_cards import by, keeps
from tests.services.shop import Shop, yuan


async def test_it_is_off_until_its_holder_agrees(shop: Shop, lin: Subscriber, line: Line) -> None:
    await until(shop, END + timedelta(days=1))
    assert told(shop) == []
    async with shop.unit() as unit:
        assert (await shop.auto.own(unit, lin)).renewal is None


async def test_it_is_announced_three_days_before_and_paid_one_day_before_the_end(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=3, seconds=1))
    assert told(shop) == []
    await until(shop, before(days=3))
    assert told(shop) == ["renewal_ahead"]
    await until(shop, before(days=1, seconds=1))
    assert await shop.wallet(line) == yuan(236)
    await until(shop, before(days=1))
    assert told(shop) == ["renewed_by_itself"]
    assert await shop.wallet(line) == yuan(37)
    [order] = await orders(shop, lin)
    assert (order.status, order.paid_with, order.starts_at) == (
        OrderStatus.PAID, PaymentMethod.WALLET, END,
    )  # fmt: skip
    assert order.receipt_number is not None
    assert len(await delivers(shop)) == 1
    assert ("order_ready", "fulfilled") in shop.heard()


async def test_a_kept_card_is_charged_and_told_once_the_money_is_there(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    card = await keeps(shop, lin)
    await agrees(shop, lin, line, by(card))
    await until(shop, before(days=1))
    assert told(shop) == ["renewal_ahead"]
    [charge] = await charge_ends(shop, PaymentState.PAID)
    assert charge.begins_by == shop.clock.now() + PAYMENT_WINDOW
    assert told(shop) == ["renewed_by_itself"]
    assert await shop.wallet(line) == yuan(236)
    assert len(await delivers(shop)) == 1


async def test_the_best_coupon_is_taken_off(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.issue(Coupon("TWENTY", yuan(20), offered=True))
    await agrees(shop, lin, line)
    await until(shop, before(days=1))
    assert await shop.wallet(line) == yuan(57)
    assert await shop.uses_of("TWENTY") == 1


async def test_timers_that_come_twice_charge_once(shop: Shop, lin: Subscriber, line: Line) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=3))
    for _ in range(3):
        async with shop.unit() as unit:
            await shop.auto.on_due(unit, {"line_id": line.id})
    assert told(shop) == ["renewal_ahead"]
    await until(shop, before(days=1))
    for _ in range(3):
        async with shop.unit() as unit:
            await shop.auto.on_due(unit, {"line_id": line.id})
    assert told(shop) == ["renewed_by_itself"]
    assert await shop.wallet(line) == yuan(37)


@pytest.mark.parametrize("by_card", [False, True])
async def test_two_months_of_days_with_a_restart_in_between_renew_twice(
    shop: Shop, lin: Subscriber, line: Line, by_card: bool
) -> None:
    await shop.fund_more(line, yuan(500))
    way = by(await keeps(shop, lin)) if by_card else WALLET
    await agrees(shop, lin, line, way)
    said: list[int | str] = []
    delivered = 0
    for day in range(60):
        if day % 7 == 6:
            shop = Shop(shop._store, shop.clock)
        await shop.pass_time(days=1)
        await charge_ends(shop, PaymentState.PAID)
        delivered += len(await delivers(shop))
        said += told(shop)
    assert said == ["renewal_ahead", "renewed_by_itself"] * 2
    assert delivered == 2
    starts = sorted(order.starts_at for order in await orders(shop, lin) if order.starts_at)
    assert starts == [END, END + timedelta(days=30)]


# ── announced late ──────────────────────────────────────────────────────────────────────────────


async def asleep_until(shop: Shop, at: datetime) -> None:
    """The bot stood still: whatever came due meanwhile comes at once, and then time goes on."""
    shop.clock.set(at)
    await shop.pass_time(seconds=1)


async def test_a_missed_announcement_is_sent_late_and_the_charge_waits_a_day_for_it(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await asleep_until(shop, before(days=1, hours=6))
    assert told(shop) == ["renewal_ahead"]
    await until(shop, before(hours=7))
    assert told(shop) == []
    await until(shop, before(hours=6))
    assert told(shop) == ["renewed_by_itself"]


@pytest.mark.parametrize("late", [before(hours=23), END + timedelta(days=14)])
async def test_without_time_for_an_announcement_nothing_is_charged_but_one_reminder_comes(
    shop: Shop, lin: Subscriber, line: Line, late: datetime
) -> None:
    await agrees(shop, lin, line)
    await asleep_until(shop, late)
    await shop.pass_time(days=20)
    assert told(shop) == [Missed.TOO_LATE]
    assert await orders(shop, lin) == []


async def test_a_charge_whose_time_went_by_is_a_reminder(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    await asleep_until(shop, END + timedelta(hours=1))
    assert told(shop) == ["renewal_ahead", Missed.TOO_LATE]
    assert await shop.wallet(line) == yuan(236)


async def test_a_clock_that_goes_back_announces_and_charges_nothing_twice(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2, hours=12))
    shop.clock.set(before(days=4))
    await until(shop, before(hours=1))
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]
    assert await shop.wallet(line) == yuan(37)


MIDNIGHT = END.replace(hour=16)
"""An end at which the holder sleeps, as most ends are: 0:00 in Shanghai."""


@pytest.mark.parametrize(("way", "said"), [(WALLET, "renewal_ahead"), (None, "only_reminded")])
async def test_nobody_is_woken_by_an_announcement_or_a_reminder(
    shop: Shop, lin: Subscriber, line: Line, way: Way | None, said: str
) -> None:
    await shop.read(line, valid_until=MIDNIGHT)
    await agrees(shop, lin, line, way)
    morning = MIDNIGHT - timedelta(days=3) + timedelta(hours=8)
    await until(shop, morning - timedelta(seconds=1))
    assert told(shop) == []
    await until(shop, morning)
    assert told(shop) == [said]


async def test_what_waited_for_the_morning_is_charged_at_its_time(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.read(line, valid_until=MIDNIGHT)
    await agrees(shop, lin, line)
    await until(shop, MIDNIGHT - timedelta(days=1, seconds=1))
    assert told(shop) == ["renewal_ahead"]
    await until(shop, MIDNIGHT - timedelta(days=1))
    assert told(shop) == ["renewed_by_itself"]


async def test_an_announcement_for_which_the_morning_is_too_late_comes_at_night(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.read(line, valid_until=MIDNIGHT)
    await agrees(shop, lin, line)
    shop.clock.set(MIDNIGHT - timedelta(days=1, minutes=30))
    await shop.pass_time(minutes=1)
    assert told(shop) == ["renewal_ahead"]
    await until(shop, MIDNIGHT)
    assert told(shop) == ["renewed_by_itself"]


async def test_who_has_no_quiet_hours_is_told_at_once(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.read(line, valid_until=MIDNIGHT)
    async with shop.unit() as unit:
        unit.preferences.save(Preferences(lin.id, quiet=None))
    await agrees(shop, lin, line)
    await until(shop, MIDNIGHT - timedelta(days=3))
    assert told(shop) == ["renewal_ahead"]
