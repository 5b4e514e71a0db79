"""Quoting a renewal: what it costs, how it can be paid, when it starts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import (
    NoLine,
    PeriodsOutOfRange,
    UnknownLine,
    UnknownOrder,
    UnknownPlan,
    WrongOrderStatus,
)
from bot.domain.line import Line
from bot.domain.order import OrderStatus, Renewal
from bot.domain.payment import PaymentMethod
from bot.domain.subscriber import Subscriber
from bot.services.renew_line import Quote
from tests.services.shop import CURRENCY, OFFER, Shop, catalogue, found_line, yuan


async def test_the_catalogue_is_on_sale_in_the_operators_order(shop: Shop) -> None:
    async with shop.unit() as unit:
        assert [plan.code for plan in await shop.renew.catalogue(unit)] == ["D1", "M30", "Q90"]


async def test_a_store_that_has_had_plans_is_not_stocked_again(shop: Shop) -> None:
    await shop.withdraw("M30")
    async with shop.unit() as unit:
        assert not await shop.stock.first_time(unit, catalogue())
        assert [plan.code for plan in await shop.renew.catalogue(unit)] == ["D1", "Q90"]


async def test_a_quote_keeps_plan_price_and_days_as_seen(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    quote = await shop.quote(lin, "D1", 7)
    order = quote.order
    assert order.buys == Renewal("D1", 1, periods=7, days=7)
    assert (order.total, order.line_id) == (yuan(105), line.id)
    assert order.status is OrderStatus.QUOTED
    assert order.expires_at - order.created_at == timedelta(minutes=30)
    await shop.reprice("D1", yuan(20))
    async with shop.unit() as unit:
        shown_again = await shop.renew.requote(unit, lin, order.id)
    assert shown_again == quote


async def test_a_short_wallet_is_not_offered(shop: Shop, lin: Subscriber, line: Line) -> None:
    await shop.fund(line, yuan(15))
    dear, cheap = await shop.quote(lin, "M30"), await shop.quote(lin, "D1")
    assert (_methods(dear), dear.wallet_enough) == (OFFER.for_money(CURRENCY), False)
    assert _methods(cheap) == [PaymentMethod.WALLET, *OFFER.for_money(CURRENCY)]
    assert cheap.wallet_enough


async def test_without_anything_running_the_plan_waits_for_nothing_however_late_it_is_looked_at(
    shop: Shop, lin: Subscriber
) -> None:
    quote = await shop.quote(lin)
    shop.clock.advance(timedelta(minutes=5))
    async with shop.unit() as unit:
        shown_again = await shop.renew.requote(unit, lin, quote.order.id)
    assert quote.starts_at is shown_again.starts_at is None


async def test_a_plan_that_the_carrier_says_is_running_is_not_cut(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    end = shop.clock.now() + timedelta(days=16)
    await shop.read(line, valid_until=end)
    assert (await shop.quote(lin)).starts_at == end
    shop.clock.set(end)
    assert (await shop.quote(lin)).starts_at is None


@pytest.mark.parametrize(("code", "periods"), [("D1", 0), ("D1", 31), ("M30", 2), ("Q90", -1)])
async def test_a_number_of_periods_that_is_not_sold_is_refused(
    shop: Shop, lin: Subscriber, code: str, periods: int
) -> None:
    with pytest.raises(PeriodsOutOfRange):
        await shop.quote(lin, code, periods)


async def test_a_plan_that_is_not_on_sale_is_refused(shop: Shop, lin: Subscriber) -> None:
    await shop.withdraw("M30")
    for code in ("M30", "NONE"):
        with pytest.raises(UnknownPlan):
            await shop.quote(lin, code)


async def test_without_a_line_nothing_is_quoted(shop: Shop) -> None:
    with pytest.raises(NoLine):
        await shop.quote(await shop.meet(7002))


async def test_a_quote_is_shown_again_only_to_its_owner_while_it_is_open(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    stranger = await shop.meet(7002)
    async with shop.unit() as unit:
        with pytest.raises(UnknownOrder):
            await shop.renew.requote(unit, stranger, order.id)
    await shop.cancel(lin, order)
    async with shop.unit() as unit:
        with pytest.raises(WrongOrderStatus):
            await shop.renew.requote(unit, lin, order.id)


async def test_a_quote_for_a_line_that_moved_on_is_not_shown_again(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    await shop.link_contact(7002, found_line("1001"))
    async with shop.unit() as unit:
        with pytest.raises(UnknownLine):
            await shop.renew.requote(unit, lin, order.id)


def _methods(quote: Quote) -> list[PaymentMethod]:
    return [way.method for way in quote.ways]
