"""Charges that come twice, late, from somebody else, or for something else than agreed.

Whatever a platform took is in the ledger, and either buys what was ordered, goes back, or waits for
an operator.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ledger import DEFERRED, REFUNDS_DUE, SUSPENSE
from bot.domain.line import Line
from bot.domain.money import Money
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import Payment, Settlement
from bot.domain.subscriber import Subscriber
from bot.services.requests import SubmitOrder
from tests.services.shop import Shop, found_line, yuan


@pytest.fixture
async def order(shop: Shop, lin: Subscriber) -> Order:
    return (await shop.quote(lin)).order


@pytest.fixture
async def payment(shop: Shop, lin: Subscriber, order: Order) -> Payment:
    return await shop.open_invoice(lin, order)


# ── twice ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_second_charge_for_a_paid_order_goes_back_and_is_said(
    shop: Shop, order: Order, payment: Payment
) -> None:
    await shop.charged(shop.charge_of(payment))
    shop.heard()
    assert await shop.charged(shop.charge_of(payment)) is Settlement.SECOND_CHARGE
    assert await shop.balance(REFUNDS_DUE) == yuan(199)
    assert await shop.balance(DEFERRED) == yuan(199)
    assert (await shop.order(order)).status is OrderStatus.PAID
    assert shop.heard() == [("charged_twice", "paid")]
    assert len(shop.asked(SubmitOrder)) == 1


async def test_every_further_charge_goes_back_once(shop: Shop, payment: Payment) -> None:
    await shop.charged(shop.charge_of(payment))
    for _ in range(2):
        again = shop.charge_of(payment)
        await shop.charged(again)
        assert await shop.charged(again) is Settlement.DUPLICATE_NOTICE
    assert await shop.balance(REFUNDS_DUE) == yuan(398)


async def test_two_methods_for_one_order_the_charge_after_the_wallet_goes_back(
    shop: Shop, lin: Subscriber, line: Line, order: Order, payment: Payment
) -> None:
    await shop.fund(line, yuan(199))
    await shop.pay_by_wallet(lin, order)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.SECOND_CHARGE
    assert await shop.balance(REFUNDS_DUE) == yuan(199)
    assert await shop.wallet(line) == yuan(0)


# ── late ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_charge_after_expiry_reopens_the_order_while_plan_and_price_hold(
    shop: Shop, order: Order, payment: Payment
) -> None:
    await shop.pass_time(minutes=31)
    assert (await shop.order(order)).status is OrderStatus.EXPIRED
    shop.heard()
    assert await shop.charged(shop.charge_of(payment)) is Settlement.REOPENED
    assert (await shop.order(order)).status is OrderStatus.PAID
    assert shop.heard() == [("order_moved", "paid"), ("paid_late", "paid")]
    assert len(shop.asked(SubmitOrder)) == 1


async def test_a_late_charge_for_a_line_that_somebody_else_holds_by_now_goes_back(
    shop: Shop, order: Order, payment: Payment
) -> None:
    await shop.pass_time(minutes=31)
    await shop.link_contact(7002, found_line("1001"))
    assert await shop.charged(shop.charge_of(payment)) is Settlement.TOO_LATE
    assert (await shop.order(order)).status is OrderStatus.REFUNDING
    assert shop.asked(SubmitOrder) == []


async def test_a_charge_after_cancelling_reopens_the_order_too(
    shop: Shop, lin: Subscriber, order: Order, payment: Payment
) -> None:
    await shop.cancel(lin, order)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.REOPENED
    assert await shop.charged(shop.charge_of(payment)) is Settlement.SECOND_CHARGE


@pytest.mark.parametrize("change", ["repriced", "withdrawn"])
async def test_a_late_charge_goes_back_when_plan_or_price_is_gone(
    shop: Shop, lin: Subscriber, order: Order, payment: Payment, change: str
) -> None:
    await shop.cancel(lin, order)
    await (shop.withdraw("M30") if change == "withdrawn" else shop.reprice("M30", yuan(209)))
    assert await shop.charged(shop.charge_of(payment)) is Settlement.TOO_LATE
    returned = await shop.order(order)
    assert (returned.status, returned.reason) == (OrderStatus.REFUNDING, "paid_too_late")
    assert await shop.balance(REFUNDS_DUE) == yuan(199)
    assert shop.heard() == [("order_moved", "refunding"), ("order_refunding", "refunding")]
    assert shop.asked(SubmitOrder) == []


# ── for something else ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("amount", [yuan(1), yuan(398), Money(19_900, "USD")])
async def test_another_amount_or_currency_waits_for_an_operator(
    shop: Shop, order: Order, payment: Payment, amount: Money
) -> None:
    charge = replace(shop.charge_of(payment), amount=amount)
    assert await shop.charged(charge) is Settlement.MISMATCH
    held = await shop.order(order)
    assert (held.status, held.reason) == (OrderStatus.REVIEW, "other_amount")
    async with shop.unit() as unit:
        assert await unit.ledger.balance(SUSPENSE, amount.currency) == amount
    assert shop.heard() == [("order_moved", "review"), ("order_in_review", "review")]
    assert shop.asked(SubmitOrder) == []


async def test_money_of_somebody_else_waits_for_an_operator(
    shop: Shop, order: Order, payment: Payment
) -> None:
    charge = replace(shop.charge_of(payment), payer_id=7002)
    assert await shop.charged(charge) is Settlement.MISMATCH
    assert (await shop.order(order)).reason == "other_payer"
    assert await shop.balance(SUSPENSE) == yuan(199)
    assert shop.heard() == [
        ("charge_unplaced", 7002),
        ("order_moved", "review"),
        ("order_in_review", "review"),
    ]


async def test_a_wrong_amount_for_a_closed_order_is_held_and_said_and_the_order_stays_closed(
    shop: Shop, lin: Subscriber, order: Order, payment: Payment
) -> None:
    await shop.cancel(lin, order)
    charge = replace(shop.charge_of(payment), amount=yuan(1))
    assert await shop.charged(charge) is Settlement.MISMATCH
    assert (await shop.order(order)).status is OrderStatus.CANCELLED
    assert await shop.balance(SUSPENSE) == yuan(1)
    assert shop.heard() == [("charge_unplaced", lin.id)]


async def test_a_charge_for_a_payment_that_we_do_not_know_is_held_once(
    shop: Shop, payment: Payment
) -> None:
    charge = replace(shop.charge_of(payment), payment_id="made-up")
    assert await shop.charged(charge) is Settlement.UNKNOWN_PAYMENT
    assert await shop.charged(charge) is Settlement.DUPLICATE_NOTICE
    assert await shop.balance(SUSPENSE) == yuan(199)
    assert shop.heard() == [("charge_unplaced", payment.subscriber_id)]
