"""An automatic renewal that is skipped, moved by a renewal by hand, or turned off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.line import Line
from bot.domain.subscriber import Subscriber
from bot.services.requests import ReadLine
from tests.services.auto_renewal.steps import (
    END,
    agrees,
    before,
    delivers,
    orders,
    skips,
    told,
    until,
)
from tests.services.shop import Shop, found_line, yuan


async def test_what_is_skipped_is_not_charged_and_the_next_period_is(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    assert [await skips(shop, lin, line) for _ in range(2)] == [True, True]
    await until(shop, END - timedelta(hours=1))
    assert told(shop) == ["renewal_ahead"]
    assert await shop.wallet(line) == yuan(236)
    later = END + timedelta(days=30)
    await shop.read(line, valid_until=later)
    await until(shop, later)
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]


async def test_a_button_of_a_period_that_is_over_or_paid_skips_nothing(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    assert not await skips(shop, lin, line)
    await until(shop, before(days=1))
    assert not await skips(shop, lin, line)
    await delivers(shop)
    await until(shop, END + timedelta(days=28))
    assert not await skips(shop, lin, line)
    assert await skips(shop, lin, line, END + timedelta(days=30))


async def test_a_renewal_by_hand_moves_the_dates_and_nothing_is_bought_twice(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund_more(line, yuan(300))
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    await shop.pay_by_wallet(lin, (await shop.quote(lin)).order)
    await delivers(shop)
    await until(shop, END + timedelta(days=1))
    assert told(shop) == ["renewal_ahead"]
    assert len(await orders(shop, lin)) == 1
    await until(shop, END + timedelta(days=30))
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]


async def test_somebody_who_is_paying_by_hand_is_waited_for(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=1, minutes=5))
    invoice = await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await until(shop, before(days=1))
    await shop.charged(shop.charge_of(invoice))
    await delivers(shop)
    await until(shop, END)
    assert told(shop) == ["renewal_ahead"]
    assert await shop.wallet(line) == yuan(236)


async def test_who_lets_the_order_by_hand_go_is_charged_after_it_closed(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=1, minutes=5))
    await shop.open_invoice(lin, (await shop.quote(lin)).order)
    await until(shop, before(hours=23))
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]


async def test_what_was_bought_elsewhere_is_asked_of_the_carrier_before_the_charge(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    shop.asked(ReadLine)
    await until(shop, before(days=3))
    assert [each.line_id for each in shop.asked(ReadLine)] == [line.id]
    await shop.read(line, valid_until=END + timedelta(days=30))
    await until(shop, END)
    assert told(shop) == ["renewal_ahead"]
    assert await orders(shop, lin) == []


async def test_a_plan_that_ends_sooner_than_it_was_to_is_noticed_within_a_day(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await shop.pass_time(hours=1)
    sooner = before(days=8)
    await shop.read(line, valid_until=sooner)
    await until(shop, sooner)
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]


async def test_a_renewal_that_was_taken_back_is_not_bought_again(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=1))
    [order] = await orders(shop, lin)
    async with shop.unit() as unit:
        await shop.fulfil.on_refused(unit, order.id, "OutOfStock")
    await until(shop, END + timedelta(days=5))
    assert told(shop) == ["renewal_ahead", "renewed_by_itself"]
    assert len(await orders(shop, lin)) == 1
    assert await shop.wallet(line) == yuan(236)


async def test_turned_off_it_stays_off(shop: Shop, lin: Subscriber, line: Line) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    for _ in range(2):
        async with shop.unit() as unit:
            await shop.auto.turn_off(unit, lin, line.id)
    await until(shop, END + timedelta(days=1))
    assert told(shop) == ["renewal_ahead"]
    assert await orders(shop, lin) == []


@pytest.mark.parametrize("returns", [False, True])
async def test_it_ends_when_the_line_is_unlinked(
    shop: Shop, lin: Subscriber, line: Line, returns: bool
) -> None:
    await agrees(shop, lin, line)
    async with shop.unit() as unit:
        await shop.link.unlink(unit, lin, line.id)
    if returns:
        await shop.link_contact(lin.id, found_line("1001"))
    await until(shop, END + timedelta(days=1))
    assert told(shop) == []


@pytest.mark.parametrize("returns", [False, True])
async def test_it_ends_when_the_line_changes_hands(
    shop: Shop, lin: Subscriber, line: Line, returns: bool
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    await shop.link_contact(1002, found_line("1001"))
    if returns:
        await shop.link_contact(lin.id, found_line("1001"))
    await until(shop, END + timedelta(days=1))
    assert await shop.wallet(line) == yuan(236)
    async with shop.unit() as unit:
        assert await unit.auto_renewals.get(line.id) is None


async def test_who_has_blocked_the_bot_is_not_charged(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    async with shop.unit() as unit:
        shop.know.mark_blocked(unit, lin.id)
    await until(shop, END + timedelta(days=1))
    assert await orders(shop, lin) == []
