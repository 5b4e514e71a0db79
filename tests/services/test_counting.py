"""Statistics against cases counted by hand: the real services write, the real statements count."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.coupon import Coupon
from bot.domain.line import Line
from bot.domain.money import STARS, Money
from bot.domain.order import Order
from bot.domain.statistics import Activation, Earned, Statistics, period, revenue
from bot.domain.subscriber import Subscriber
from bot.services.ports import CancelOutcome, CarrierOrderState
from storage.statistics import count_statistics
from tests.services.shop import SHANGHAI, Shop, found_line, yuan
from tests.services.test_paying_by_stars import paid as paid_by_stars

DAY = timedelta(days=1)


async def counted(shop: Shop, path: Path, days: int = 7, zone: str = SHANGHAI) -> Statistics:
    """A second after whatever happened last."""
    shop.clock.advance(timedelta(seconds=1))
    return await count_statistics(path, period(shop.clock.now(), days, ZoneInfo(zone)))


async def someone(shop: Shop, number: int) -> tuple[Subscriber, Line]:
    line = await shop.link_contact(8000 + number, found_line(f"{2000 + number}"))
    return await shop.subscriber(8000 + number), line


async def renews(
    shop: Shop, who: Subscriber, line: Line, code: str = "M30", after_s: int = 40
) -> Order:
    """Pays by wallet; the carrier delivers so many seconds later."""
    await shop.fund_more(line, yuan(600))
    order = (await shop.quote(who, code)).order
    await shop.pay_by_wallet(who, order)
    shop.clock.advance(timedelta(seconds=after_s))
    await shop.carrier_answers(CarrierOrderState.DONE)
    return await shop.order(order)


async def goes_back(shop: Shop, order: Order) -> None:
    await shop.operator_refunds(order)
    assert await shop.cancel_answered(CancelOutcome.CANCELLED) == 1


async def test_nothing_sold_is_nothing_counted(shop: Shop, path: Path, lin: Subscriber) -> None:
    found = await counted(shop, path, 30)
    assert (found.so_far, found.by_day) == (found.before, [[]] * 30)
    assert found.so_far.earned == []
    assert found.so_far.activation == Activation(None, None, 0)
    assert (found.so_far.new_lines, found.so_far.lost_lines) == (0, 0)
    assert (found.active_lines, found.undelivered) == (0, 0)


async def test_renewals_are_counted_by_plan_at_what_was_paid_for_them(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    await shop.issue(Coupon("NEW20", yuan(20), offered=True, first_renewal=True))
    await renews(shop, lin, line)
    await renews(shop, lin, line)
    await renews(shop, lin, line, "Q90")
    found = await counted(shop, path)
    assert found.so_far.earned == [
        Earned("M30", False, 2, yuan(199 + 179)),
        Earned("Q90", False, 1, yuan(499)),
    ]
    assert found.by_day[-1] == found.so_far.earned
    assert found.active_lines == 1
    assert found.so_far.new_lines == 1


async def test_what_is_taken_back_counts_on_its_own_day_and_takes_its_line_out_of_the_new_ones(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    await shop.issue(Coupon("NEW20", yuan(20), offered=True, first_renewal=True))
    order = await renews(shop, lin, line)
    assert (await counted(shop, path)).so_far.new_lines == 1
    shop.clock.advance(DAY)
    await goes_back(shop, order)
    found = await counted(shop, path)
    assert found.by_day[-2:] == [
        [Earned("M30", False, 1, yuan(179))],
        [Earned("M30", True, 1, -yuan(179))],
    ]
    assert revenue(found.so_far.earned) == {"CNY": yuan(0)}
    assert (found.active_lines, found.so_far.new_lines) == (0, 0)


async def test_stars_stand_beside_money_and_are_never_added_to_it(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    await renews(shop, lin, line)
    await paid_by_stars(shop, lin)
    await shop.carrier_answers(CarrierOrderState.DONE)
    found = await counted(shop, path)
    assert revenue(found.so_far.earned) == {"CNY": yuan(199), STARS: Money(1250, STARS)}


async def test_a_top_up_is_no_revenue_before_it_is_spent(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    top_up = await shop.topped_up(lin, yuan(200))
    assert (await counted(shop, path)).so_far.earned == []
    await shop.operator_refunds(top_up)
    assert (await counted(shop, path)).so_far.earned == []
    await renews(shop, lin, line)
    assert revenue((await counted(shop, path)).so_far.earned) == {"CNY": yuan(199)}


async def test_what_is_paid_and_not_delivered_is_no_revenue_and_after_half_an_hour_is_owed(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    await shop.paid_by_wallet(lin, line)
    found = await counted(shop, path)
    assert (found.so_far.earned, found.undelivered) == ([], 0)
    shop.clock.advance(timedelta(minutes=31))
    assert (await counted(shop, path)).undelivered == 1


async def test_an_order_delivered_at_midnight_is_of_the_day_that_begins(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    midnight = datetime(2026, 11, 23, tzinfo=ZoneInfo(SHANGHAI))
    shop.clock.set(midnight - timedelta(seconds=41))
    await renews(shop, lin, line, after_s=40)
    shop.clock.set(midnight - timedelta(seconds=40))
    await renews(shop, lin, line, "Q90", after_s=40)
    shop.clock.set(midnight + timedelta(hours=9))
    found = await counted(shop, path)
    assert found.by_day[-2:] == [
        [Earned("M30", False, 1, yuan(199))],
        [Earned("Q90", False, 1, yuan(499))],
    ]


async def test_the_day_on_which_the_clocks_go_back_holds_its_25th_hour(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for hour, minute in ((0, 5), (23, 55)):
        shop.clock.set(datetime(2026, 10, 25, hour, minute, tzinfo=berlin))
        await renews(shop, lin, line)
    shop.clock.set(datetime(2026, 10, 26, 12, tzinfo=berlin))
    found = await counted(shop, path, 7, "Europe/Berlin")
    assert found.by_day[-2:] == [[Earned("M30", False, 2, yuan(398))], []]


async def test_a_period_is_counted_beside_the_one_before_up_to_the_same_time_of_day(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    now = shop.clock.now()
    shop.clock.set(now - 7 * DAY - timedelta(minutes=10))
    await renews(shop, lin, line)
    shop.clock.set(now - 7 * DAY + timedelta(minutes=10))
    await renews(shop, lin, line, "Q90")
    shop.clock.set(now - timedelta(minutes=10))
    await renews(shop, lin, line, "D1")
    shop.clock.set(now)
    found = await counted(shop, path)
    assert found.before.earned == [Earned("M30", False, 1, yuan(199))]
    assert found.so_far.earned == [Earned("D1", False, 1, yuan(15))]
    assert (found.before.new_lines, found.so_far.new_lines) == (1, 0)


async def test_a_line_is_lost_seven_days_after_its_service_ended_unless_it_began_again(
    shop: Shop, path: Path
) -> None:
    began = shop.clock.now()
    stays, goes = await someone(shop, 1), await someone(shop, 2)
    for who, line in (stays, goes):
        await renews(shop, who, line)
    shop.clock.set(began + 36 * DAY)
    await renews(shop, *stays)
    found = await counted(shop, path)
    assert (found.so_far.lost_lines, found.active_lines) == (0, 1)
    shop.clock.set(began + 38 * DAY)
    assert (await counted(shop, path)).so_far.lost_lines == 1
    await renews(shop, *goes)
    found = await counted(shop, path)
    assert (found.so_far.lost_lines, found.active_lines) == (1, 2)
    shop.clock.set(began + 46 * DAY)
    found = await counted(shop, path)
    assert (found.so_far.lost_lines, found.before.lost_lines) == (0, 1)


async def test_a_plan_that_waits_behind_another_keeps_its_line_and_is_not_active_twice(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    began = shop.clock.now()
    await renews(shop, lin, line)
    await shop.read(line, plan_code="M30", valid_until=began + 30 * DAY)
    await renews(shop, lin, line)
    assert (await counted(shop, path)).active_lines == 1
    shop.clock.set(began + 38 * DAY)
    found = await counted(shop, path)
    assert (found.active_lines, found.so_far.lost_lines) == (1, 0)


async def test_activation_is_timed_from_the_payment_to_the_delivery(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    for took_s in (20, 40, 60, 1_900):
        await renews(shop, lin, line, after_s=took_s)
    found = await counted(shop, path)
    assert found.so_far.activation == Activation(half_s=40, most_s=1_900, late=1)
    assert found.before.activation == Activation(None, None, 0)


async def test_a_line_whose_plan_from_elsewhere_still_runs_is_active_by_the_one_that_waits(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    began = shop.clock.now()
    await shop.read(line, plan_code="M30", valid_until=began + 16 * DAY)
    await renews(shop, lin, line)
    assert (await counted(shop, path)).active_lines == 1
    shop.clock.set(began + 47 * DAY)
    assert (await counted(shop, path)).active_lines == 0
