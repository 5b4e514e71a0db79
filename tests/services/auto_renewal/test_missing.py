"""What cannot be charged by itself is one reminder, and no second try."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.auto_renewal import Missed
from bot.domain.line import Line
from bot.domain.order import OrderStatus
from bot.domain.payment import PaymentStatus
from bot.domain.subscriber import Subscriber
from bot.services.card_port import KeptCard
from bot.services.platform import PaymentState, PlatformPayment
from bot.services.platform_requests import ChargeCard, PaymentSeen
from tests.services.auto_renewal.steps import END, agrees, before, charge_ends, orders, told, until
from tests.services.kept_cards import by, keeps, removes
from tests.services.shop import Shop, yuan


async def test_a_short_wallet_is_one_reminder_and_no_second_try(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line, code="Q90")
    await until(shop, before(days=1))
    assert told(shop) == ["renewal_ahead", Missed.SHORT_WALLET]
    await shop.fund_more(line, yuan(1000))
    await shop.pass_time(days=10)
    assert told(shop) == []
    assert await shop.wallet(line) == yuan(1236)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (PaymentState.FAILED, Missed.CARD_DECLINED),
        (PaymentState.NEEDS_CUSTOMER, Missed.NEEDS_HOLDER),
        (None, Missed.NOT_CHARGED),
    ],
)
async def test_a_card_that_is_not_charged_is_one_reminder_and_its_order_closes(
    shop: Shop, lin: Subscriber, line: Line, state: PaymentState | None, why: Missed
) -> None:
    await agrees(shop, lin, line, by(await keeps(shop, lin)))
    await until(shop, before(days=1))
    shop.heard()
    await charge_ends(shop, state)
    assert shop.heard() == [("order_moved", "cancelled"), ("renewal_missed", why)]
    [order] = await orders(shop, lin)
    assert order.status is OrderStatus.CANCELLED
    await shop.pass_time(days=10)
    assert told(shop) == []
    assert shop.asked(ChargeCard) == []


async def test_money_that_comes_after_the_reminder_delivers_after_all(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line, by(await keeps(shop, lin)))
    await until(shop, before(days=1))
    [request] = shop.asked(ChargeCard)
    paid = PlatformPayment(request.payment_id, "pi", PaymentState.PAID, "ch_1", request.amount)
    for seen in (None, paid):
        async with shop.unit() as unit:
            await shop.follow_payment.on_seen(unit, PaymentSeen(request.payment_id, seen))
    [order] = await orders(shop, lin)
    assert order.status is OrderStatus.PAID


async def test_a_charge_that_nobody_can_tell_the_end_of_is_waited_for(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line, by(await keeps(shop, lin)))
    await until(shop, before(hours=12))
    assert told(shop) == ["renewal_ahead"]
    [order] = await orders(shop, lin)
    async with shop.unit() as unit:
        payment = await unit.payments.open_of(order.id)
    assert payment is not None
    assert payment.status is PaymentStatus.PROCESSING


async def test_a_removed_card_is_a_reminder(shop: Shop, lin: Subscriber, line: Line) -> None:
    card = await keeps(shop, lin)
    await agrees(shop, lin, line, by(card))
    await removes(shop, lin, card)
    await until(shop, END)
    assert told(shop) == ["renewal_ahead", Missed.CARD_GONE]
    assert shop.asked(ChargeCard) == []


async def test_an_expired_card_is_a_reminder(shop: Shop, lin: Subscriber, line: Line) -> None:
    card = await keeps(shop, lin)
    ends = replace(card.card, expires_month=11, expires_year=2026)
    async with shop.unit() as unit:
        unit.cards.keep(lin.id, replace(ends, ref="pm_2"), shop.clock.now())
    cards: list[KeptCard] = await _cards(shop, lin)
    await agrees(shop, lin, line, by(next(each for each in cards if each.card.ref == "pm_2")))
    await until(shop, END)
    assert told(shop) == ["renewal_ahead", Missed.CARD_GONE]


async def _cards(shop: Shop, lin: Subscriber) -> list[KeptCard]:
    async with shop.unit() as unit:
        return await unit.cards.of(lin.id)


async def test_a_price_that_changed_before_the_announcement_is_announced_and_charged(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await shop.reprice("M30", yuan(209))
    await until(shop, before(days=3))
    async with shop.unit() as unit:
        renewal = await unit.auto_renewals.get(line.id)
    assert renewal is not None
    assert (renewal.price, renewal.announced_price) == (yuan(199), yuan(209))
    await until(shop, before(days=1))
    assert await shop.wallet(line) == yuan(27)


async def test_a_price_that_changes_after_the_announcement_is_a_reminder(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line)
    await until(shop, before(days=2))
    await shop.reprice("M30", yuan(189))
    await until(shop, END)
    assert told(shop) == ["renewal_ahead", Missed.PRICE_CHANGED]
    assert await orders(shop, lin) == []


@pytest.mark.parametrize("when", [before(days=5), before(days=2)])
async def test_a_withdrawn_plan_is_a_reminder(
    shop: Shop, lin: Subscriber, line: Line, when: datetime
) -> None:
    await agrees(shop, lin, line)
    await until(shop, when)
    await shop.withdraw("M30")
    await until(shop, END)
    assert told(shop)[-1] == Missed.WITHDRAWN
    assert await orders(shop, lin) == []


async def test_who_wants_only_a_reminder_gets_one_and_is_never_charged(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await agrees(shop, lin, line, None)
    await until(shop, END + timedelta(days=5))
    assert told(shop) == [Missed.ONLY_REMINDED]
    assert await orders(shop, lin) == []
