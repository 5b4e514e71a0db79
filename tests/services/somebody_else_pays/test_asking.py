"""Somebody asks another to pay their renewal, by a link that opens this one order."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.coupon import Coupon
from bot.domain.errors import (
    NotARenewal,
    PayLinkEnded,
    PaymentMethodUnavailable,
    TooManyTries,
    UnknownOrder,
    WrongOrderStatus,
)
from bot.domain.line import Line
from bot.domain.money import STARS, Money
from bot.domain.order import PAYMENT_WINDOW, OrderStatus
from bot.domain.pay_link import LINK_WINDOW
from bot.domain.payment import (
    PaymentMethod,
    Way,
)
from bot.domain.subscriber import Subscriber
from bot.services.ask_another import AskAnother
from bot.services.keep_card import keep_card
from bot.services.pay_order import PayOrder
from bot.services.platform import SavedCard
from bot.services.read_shared_order import Stage
from bot.services.renew_line import RenewLine
from tests.services.shop import STARS_ONLY, TOP_UP_NAMES, TOP_UPS, Shop, yuan
from tests.services.somebody_else_pays.steps import (
    BY_CARD,
    BY_STARS,
    STRANGER,
    asked,
    asks,
    follows,
    sees,
)

# ── the link ─────────────────────────────────────────────────────────────────────────────────────


async def test_asking_confirms_the_quote_and_lets_it_wait_for_twelve_hours(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order, token = await asked(shop, lin)
    assert order.status is OrderStatus.AWAITING_PAYMENT
    assert order.expires_at == order.created_at + LINK_WINDOW
    assert len(token) == 22
    await shop.pass_time(hours=11)
    assert (await shop.order(order)).is_open
    await shop.pass_time(hours=1)
    assert (await shop.order(order)).status is OrderStatus.EXPIRED


async def test_an_order_that_waits_for_its_own_payment_waits_on_for_somebody_elses(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = (await shop.quote(lin)).order
    await shop.open_invoice(lin, order)
    await asks(shop, lin, order)
    await shop.pass_time(seconds=PAYMENT_WINDOW.total_seconds() + 60)
    assert (await shop.order(order)).status is OrderStatus.AWAITING_PAYMENT


async def test_asking_again_makes_another_link_beside_the_first_and_no_more_time(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    order, first = await asked(shop, lin)
    await shop.pass_time(hours=2)
    second = await asks(shop, lin, order)
    assert first != second
    assert (await shop.order(order)).expires_at == order.expires_at
    for token in (first, second, first):
        found = await follows(shop, mum, token)
        assert found is not None
        assert found.id == order.id


async def test_the_token_stands_nowhere_in_the_database(
    shop: Shop, path: Path, lin: Subscriber, line: Line
) -> None:
    order, token = await asked(shop, lin)
    with closing(sqlite3.connect(path)) as raw:
        dump = "\n".join(raw.iterdump())
    assert order.id in dump
    assert token not in dump


async def test_asking_holds_the_coupon_and_quotes_anew_when_the_price_has_changed(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.issue(Coupon("ONE", yuan(20), offered=True, max_uses=1))
    await asked(shop, lin)
    assert await shop.uses_of("ONE") == 1
    order = (await shop.quote(lin)).order
    await shop.reprice("M30", yuan(209))
    async with shop.unit() as unit:
        again = await shop.ask_another.ask(unit, lin, order.id)
    assert again.token is None
    assert again.payable.requoted is not None
    assert again.payable.requoted.order.total == yuan(209)


async def test_nobody_asks_for_somebody_elses_order_nor_ends_its_links(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    order, token = await asked(shop, lin)
    async with shop.unit() as unit:
        with pytest.raises(UnknownOrder):
            await shop.ask_another.ask(unit, mum, order.id)
        with pytest.raises(UnknownOrder):
            await shop.ask_another.end(unit, mum, order.id)
    assert await follows(shop, mum, token) is not None


async def test_a_top_up_is_nobody_elses_to_pay(shop: Shop, lin: Subscriber, line: Line) -> None:
    order = await shop.top_up(lin, yuan(50))
    async with shop.unit() as unit:
        with pytest.raises(NotARenewal):
            await shop.ask_another.ask(unit, lin, order.id)


async def test_a_paid_order_has_no_link(shop: Shop, lin: Subscriber, line: Line) -> None:
    order = await shop.paid_by_wallet(lin, line)
    async with shop.unit() as unit:
        with pytest.raises(WrongOrderStatus):
            await shop.ask_another.ask(unit, lin, order.id)


async def test_where_only_stars_are_taken_the_order_is_in_stars(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await shop.fund(line, yuan(500))
    renew = RenewLine(shop.clock, "LEB", STARS_ONLY, TOP_UPS)
    pay = PayOrder(shop.clock, shop.notices, renew, shop.settle, STARS_ONLY, TOP_UP_NAMES)
    ask = AskAnother(shop.clock, renew, pay, STARS_ONLY)
    async with shop.unit() as unit:
        order = (await renew.quote(unit, lin, "M30", 1, Way(PaymentMethod.WALLET))).order
        assert order.total == yuan(199)
        handed = await ask.ask(unit, lin, order.id)
    assert handed.payable.order.total == Money(1250, STARS)


# ── who follows it ───────────────────────────────────────────────────────────────────────────────


async def test_who_follows_the_link_sees_what_is_paid_for_and_ways_of_their_own(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    await shop.fund(line, yuan(500))
    visa = SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030)
    async with shop.unit() as unit:
        await keep_card(unit, lin.id, visa, shop.clock.now())
    order, token = await asked(shop, lin)
    await follows(shop, mum, token)
    seen = await sees(shop, mum, order)
    assert (seen.stage, seen.plan.code, seen.order.total) == (Stage.OPEN, "M30", yuan(199))
    methods = [each.method for each in seen.ways]
    assert PaymentMethod.WALLET not in methods
    assert {PaymentMethod.INVOICE, PaymentMethod.CARD, PaymentMethod.ALIPAY} <= set(methods)
    assert [each.card_id for each in seen.ways] == [None] * len(methods)
    assert seen.cards == []


@pytest.mark.parametrize("way", [Way(PaymentMethod.WALLET), Way(PaymentMethod.CARD, 1), BY_STARS])
async def test_neither_the_wallet_nor_the_holders_card_nor_another_currency_pays(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber, way: Way
) -> None:
    await shop.fund(line, yuan(500))
    async with shop.unit() as unit:
        visa = SavedCard("pm_1", "cus_1", "visa", "4242", 12, 2030)
        await keep_card(unit, lin.id, visa, shop.clock.now())
        assert [card.id for card in await unit.cards.of(lin.id)] == [1]
    order, token = await asked(shop, lin)
    await follows(shop, mum, token)
    async with shop.unit() as unit:
        with pytest.raises(PaymentMethodUnavailable):
            await shop.for_another.pay(unit, mum, order.id, way)
    assert await shop.wallet(line) == yuan(500)


async def test_who_has_not_followed_a_link_sees_and_pays_nothing(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    order, token = await asked(shop, lin)
    await follows(shop, mum, token)
    stranger = await shop.meet(STRANGER)
    async with shop.unit() as unit:
        for order_id in (order.id, "LEB-2611-XXXX"):
            with pytest.raises(PayLinkEnded):
                await shop.for_another.look(unit, stranger, order_id)
            with pytest.raises(PayLinkEnded):
                await shop.for_another.pay(unit, stranger, order_id, BY_CARD)
        assert await unit.payments.open_of(order.id) is None


async def test_a_link_to_one_order_opens_no_other(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    _, token = await asked(shop, lin)
    other = (await shop.quote(lin, "Q90")).order
    await follows(shop, mum, token)
    async with shop.unit() as unit:
        with pytest.raises(PayLinkEnded):
            await shop.for_another.look(unit, mum, other.id)


async def test_a_link_that_was_taken_back_leads_nowhere_also_for_who_had_followed_it(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    order, token = await asked(shop, lin)
    await follows(shop, mum, token)
    async with shop.unit() as unit:
        await shop.ask_another.end(unit, lin, order.id)
        await shop.ask_another.end(unit, lin, order.id)
    assert await follows(shop, mum, token) is None
    async with shop.unit() as unit:
        with pytest.raises(PayLinkEnded):
            await shop.for_another.pay(unit, mum, order.id, BY_CARD)
    again = await asks(shop, lin, order)
    assert await follows(shop, mum, again) is not None


async def test_unknown_ended_and_expired_links_get_one_answer_and_five_tries_an_hour(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    _, expired = await asked(shop, lin)
    await shop.pass_time(hours=12)
    order, ended = await asked(shop, lin)
    async with shop.unit() as unit:
        await shop.ask_another.end(unit, lin, order.id)
    for token in (expired, ended, "x" * 22, expired, "y" * 22):
        assert await follows(shop, mum, token) is None
    _, good = await asked(shop, lin)
    with pytest.raises(TooManyTries):
        await follows(shop, mum, good)
    await shop.pass_time(hours=1, seconds=1)
    assert await follows(shop, mum, good) is not None
