"""Cards that are kept with consent: charged by a tap, once, and never after they were removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.errors import PaymentMethodUnavailable, WrongOrderStatus
from bot.domain.ledger import DEFERRED, REFUNDS_DUE, clearing_of
from bot.domain.line import Line
from bot.domain.order import OrderStatus
from bot.domain.payment import Payment, PaymentMethod, PaymentStatus, Way
from bot.domain.subscriber import Subscriber
from bot.services.keep_card import MOST_KEPT
from bot.services.pay_order import PAYER_WAITS
from bot.services.platform import PaymentState, RefundState
from bot.services.platform_requests import (
    ChargeCard,
    ExpireCheckout,
    ForgetCard,
    LookUpPayment,
    OpenCheckout,
    RefundCharge,
)
from bot.services.requests import SubmitOrder
from tests.services.kept_cards import (
    KEEPING,
    PAGE,
    VISA,
    by,
    charged,
    ended,
    keeps,
    kept,
    paid,
    removes,
    seen,
    stored,
)
from tests.services.shop import Shop, found_line, yuan
from tests.services.test_paying_on_a_page import refund_seen

# ── consent ───────────────────────────────────────────────────────────────────────────────────────


async def pays_on_page(shop: Shop, lin: Subscriber, way: Way) -> Payment:
    order = (await shop.quote(lin)).order
    payment = (await shop.pay(lin, order, way)).payment
    assert payment is not None
    await seen(shop, payment, paid(payment, kept_card=VISA, charge_id=f"ch_{payment.id}"))
    return payment


async def test_a_card_is_kept_only_with_consent(shop: Shop, lin: Subscriber) -> None:
    await pays_on_page(shop, lin, PAGE)
    [request] = shop.asked(OpenCheckout)
    assert not request.terms.keep_card
    assert await kept(shop, lin) == []
    await pays_on_page(shop, lin, KEEPING)
    [request] = shop.asked(OpenCheckout)
    assert request.terms.keep_card
    assert [each.card for each in await kept(shop, lin)] == [VISA]


async def test_a_repeated_notice_keeps_the_card_once_and_never_again_once_removed(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await pays_on_page(shop, lin, KEEPING)
    again = paid(payment, kept_card=VISA, charge_id=f"ch_{payment.id}")
    await seen(shop, payment, again)
    [card] = await kept(shop, lin)
    await removes(shop, lin, card)
    await seen(shop, payment, again)
    assert await kept(shop, lin) == []


async def test_consent_taken_back_opens_a_page_that_keeps_nothing(
    shop: Shop, lin: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    await shop.pay(lin, order, KEEPING)
    await shop.pay(lin, order, PAGE)
    assert [each.terms.keep_card for each in shop.asked(OpenCheckout)] == [True, False]
    assert len(shop.asked(ExpireCheckout)) == 1


async def test_the_next_page_is_opened_for_the_same_customer_of_the_platform(
    shop: Shop, lin: Subscriber
) -> None:
    await pays_on_page(shop, lin, KEEPING)
    await pays_on_page(shop, lin, KEEPING)
    await removes(shop, lin, (await kept(shop, lin))[0])
    await pays_on_page(shop, lin, PAGE)
    await pays_on_page(shop, lin, Way(PaymentMethod.ALIPAY))
    customers = [each.terms.customer_ref for each in shop.asked(OpenCheckout)]
    assert customers == [None, "cus_1", "cus_1", None]


async def test_a_card_typed_in_again_takes_its_own_place(shop: Shop, lin: Subscriber) -> None:
    card = await keeps(shop, lin)
    anew = await keeps(shop, lin, replace(VISA, ref="pm_2"))
    assert (anew.id, anew.card.ref) == (card.id, "pm_2")
    assert len(await kept(shop, lin)) == 1
    assert shop.asked(ForgetCard) == [ForgetCard(VISA)]


async def test_a_repeated_notice_of_the_former_one_changes_nothing(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await pays_on_page(shop, lin, KEEPING)
    anew = await keeps(shop, lin, replace(VISA, ref="pm_2"))
    await seen(shop, payment, paid(payment, kept_card=VISA, charge_id=f"ch_{payment.id}"))
    assert await kept(shop, lin) == [anew]


async def test_keeping_is_offered_up_to_three_cards(shop: Shop, lin: Subscriber) -> None:
    for number in range(MOST_KEPT):
        assert (await shop.quote(lin)).offers(KEEPING)
        await keeps(shop, lin, replace(VISA, ref=f"pm_{number}", last_four=f"000{number}"))
    assert not (await shop.quote(lin)).offers(KEEPING)


# ── charging ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_kept_card_is_offered_before_the_page_for_another_one(
    shop: Shop, lin: Subscriber
) -> None:
    card = await keeps(shop, lin)
    ways = (await shop.quote(lin)).ways
    assert ways.index(by(card)) + 1 == ways.index(PAGE)


async def test_a_tap_charges_the_card_and_settles_as_a_charge_of_the_platform(
    shop: Shop, lin: Subscriber
) -> None:
    card = await keeps(shop, lin)
    order, payment = await charged(shop, lin, card)
    [request] = shop.asked(ChargeCard)
    assert (request.payment_id, request.card, request.amount) == (payment.id, VISA, yuan(199))
    assert request.begins_by == shop.clock.now() + PAYER_WAITS
    assert shop.asked(OpenCheckout) == []
    for _ in range(3):
        await seen(shop, payment, paid(payment))
    now = await shop.order(order)
    assert (now.status, now.paid_with) == (OrderStatus.PAID, PaymentMethod.CARD)
    assert len(shop.asked(SubmitOrder)) == 1
    assert await shop.balance(DEFERRED) == yuan(199)
    assert await shop.balance(clearing_of("card")) == -yuan(199)


async def test_twenty_taps_are_one_charge(shop: Shop, lin: Subscriber) -> None:
    card = await keeps(shop, lin)
    order, payment = await charged(shop, lin, card)
    for _ in range(19):
        again = await shop.pay(lin, order, by(card))
        assert (again.payment, again.fresh) == (payment, False)
    assert len(shop.asked(ChargeCard)) == 1


async def test_what_is_not_delivered_goes_back_to_the_card(shop: Shop, lin: Subscriber) -> None:
    order, payment = await charged(shop, lin, await keeps(shop, lin))
    await seen(shop, payment, paid(payment))
    async with shop.unit() as unit:
        await shop.fulfil.on_refused(unit, order.id, "OutOfStock")
    [refund] = shop.asked(RefundCharge)
    assert (refund.charge_id, refund.amount) == ("ch_1", yuan(199))
    await refund_seen(shop, refund, RefundState.DONE)
    assert (await shop.order(order)).status is OrderStatus.REFUNDED
    assert await shop.balance(clearing_of("card")) == yuan(0)
    assert await shop.balance(REFUNDS_DUE) == yuan(0)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (PaymentState.FAILED, "card_declined"),
        (PaymentState.NEEDS_CUSTOMER, "card_needs_holder"),
    ],
)
async def test_a_card_that_the_bank_refuses_is_told_and_the_page_is_there(
    shop: Shop, lin: Subscriber, state: PaymentState, told: str
) -> None:
    order, payment = await charged(shop, lin, await keeps(shop, lin))
    shop.heard()
    for _ in range(2):
        await seen(shop, payment, ended(payment, state))
    assert shop.heard() == [("order_moved", "awaiting_payment"), (told, "awaiting_payment")]
    assert (await stored(shop, payment)).status is PaymentStatus.FAILED
    assert await shop.balance(clearing_of("card")) == yuan(0)
    assert (await shop.pay(lin, order, PAGE)).fresh
    assert len(shop.asked(OpenCheckout)) == 1


async def test_a_charge_that_the_platform_never_got_is_told(shop: Shop, lin: Subscriber) -> None:
    order, payment = await charged(shop, lin, await keeps(shop, lin))
    shop.heard()
    await seen(shop, payment, None)
    assert ("payment_failed", "awaiting_payment") in shop.heard()
    assert (await shop.pay(lin, order, Way(PaymentMethod.INVOICE))).fresh


async def test_money_that_comes_although_none_was_found_is_not_lost(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await charged(shop, lin, await keeps(shop, lin))
    await seen(shop, payment, None)
    await seen(shop, payment, paid(payment))
    assert (await shop.order(order)).status is OrderStatus.PAID


async def test_a_charge_under_way_is_neither_cancelled_nor_replaced_nor_expired(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await charged(shop, lin, await keeps(shop, lin))
    with pytest.raises(WrongOrderStatus):
        await shop.cancel(lin, order)
    with pytest.raises(WrongOrderStatus):
        await shop.pay(lin, order, Way(PaymentMethod.ALIPAY))
    await shop.pass_time(hours=2)
    assert (await shop.order(order)).status is OrderStatus.AWAITING_PAYMENT
    assert shop.asked(ExpireCheckout) == []
    assert set(shop.asked(LookUpPayment)) == {LookUpPayment(None, payment.id)}
    await seen(shop, payment, paid(payment))
    assert (await shop.order(order)).status is OrderStatus.PAID


async def test_a_charge_that_ended_in_nothing_lets_the_order_expire(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await charged(shop, lin, await keeps(shop, lin))
    await seen(shop, payment, ended(payment, PaymentState.FAILED))
    await shop.pass_time(minutes=31)
    assert (await shop.order(order)).status is OrderStatus.EXPIRED


async def test_the_reconciliation_asks_how_a_charge_ended(shop: Shop, lin: Subscriber) -> None:
    _, payment = await charged(shop, lin, await keeps(shop, lin))
    async with shop.unit() as unit:
        shop.reconcile.begin(unit)
    await shop.pass_time(seconds=1)
    assert shop.asked(LookUpPayment) == [LookUpPayment(None, payment.id)]


# ── removing and expiring ─────────────────────────────────────────────────────────────────────────


async def test_a_removed_card_is_never_charged_again(shop: Shop, lin: Subscriber) -> None:
    card = await keeps(shop, lin)
    order = (await shop.quote(lin)).order
    for _ in range(2):
        await removes(shop, lin, card)
    assert shop.asked(ForgetCard) == [ForgetCard(VISA)]
    with pytest.raises(PaymentMethodUnavailable):
        await shop.pay(lin, order, by(card))
    assert by(card) not in (await shop.quote(lin)).ways
    assert shop.asked(ChargeCard) == []


async def test_a_card_of_somebody_else_is_neither_charged_nor_removed(
    shop: Shop, lin: Subscriber
) -> None:
    card = await keeps(shop, lin)
    await shop.link_contact(1002, found_line("1002"))
    ana = await shop.subscriber(1002)
    order = (await shop.quote(ana)).order
    with pytest.raises(PaymentMethodUnavailable):
        await shop.pay(ana, order, by(card))
    await removes(shop, ana, card)
    assert await kept(shop, lin) == [card]
    assert shop.asked(ChargeCard) == []


async def test_a_card_is_charged_through_its_last_month_and_not_after(
    shop: Shop, lin: Subscriber
) -> None:
    now = shop.clock.now()
    card = await keeps(shop, lin, replace(VISA, expires_month=now.month, expires_year=now.year))
    order = (await shop.quote(lin)).order
    assert by(card) in (await shop.quote(lin)).ways
    shop.clock.set(datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC))
    assert by(card) not in (await shop.quote(lin)).ways
    order = (await shop.quote(lin)).order
    with pytest.raises(PaymentMethodUnavailable):
        await shop.pay(lin, order, by(card))


# ── the default ───────────────────────────────────────────────────────────────────────────────────


async def proposed(shop: Shop, whose: Subscriber) -> Way:
    return (await shop.quote(whose)).ways[0]


async def chooses(shop: Shop, whose: Subscriber, line: Line, way: Way | None) -> None:
    async with shop.unit() as unit:
        await shop.methods.choose(unit, whose, line.id, way)


async def test_the_chosen_way_is_proposed_and_without_one_that_of_last_time(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await pays_on_page(shop, lin, Way(PaymentMethod.WECHAT_PAY))
    assert await proposed(shop, lin) == Way(PaymentMethod.WECHAT_PAY)
    for _ in range(2):
        await chooses(shop, lin, line, Way(PaymentMethod.ALIPAY))
    assert await proposed(shop, lin) == Way(PaymentMethod.ALIPAY)
    await chooses(shop, lin, line, None)
    assert await proposed(shop, lin) == Way(PaymentMethod.WECHAT_PAY)


async def test_who_paid_by_card_is_proposed_the_kept_one(shop: Shop, lin: Subscriber) -> None:
    await pays_on_page(shop, lin, KEEPING)
    [card] = await kept(shop, lin)
    assert await proposed(shop, lin) == by(card)


async def test_a_default_falls_away_with_its_card(shop: Shop, lin: Subscriber, line: Line) -> None:
    card = await keeps(shop, lin)
    await chooses(shop, lin, line, by(card))
    assert await proposed(shop, lin) == by(card)
    await removes(shop, lin, card)
    assert await proposed(shop, lin) == Way(PaymentMethod.INVOICE)
    async with shop.unit() as unit:
        assert (await shop.methods.own(unit, lin)).default is None


async def test_a_short_wallet_as_default_falls_back(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await chooses(shop, lin, line, Way(PaymentMethod.WALLET))
    assert await proposed(shop, lin) == Way(PaymentMethod.INVOICE)
    await shop.fund(line, yuan(199))
    assert await proposed(shop, lin) == Way(PaymentMethod.WALLET)


async def test_each_line_has_a_default_of_its_own(shop: Shop, lin: Subscriber, line: Line) -> None:
    other = await shop.link_contact(lin.id, found_line("1007"))
    await chooses(shop, lin, line, Way(PaymentMethod.ALIPAY))
    await chooses(shop, lin, other, Way(PaymentMethod.WECHAT_PAY))
    for each, way in ((line, PaymentMethod.ALIPAY), (other, PaymentMethod.WECHAT_PAY)):
        assert await proposed(shop, replace(lin, default_line_id=each.id)) == Way(way)


async def test_a_line_that_changes_hands_does_not_carry_its_default_along(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await chooses(shop, lin, line, Way(PaymentMethod.ALIPAY))
    await shop.link_contact(1002, found_line("1001"))
    ana = await shop.subscriber(1002)
    assert await proposed(shop, ana) == Way(PaymentMethod.INVOICE)
    await chooses(shop, ana, line, Way(PaymentMethod.WECHAT_PAY))
    await shop.link_contact(lin.id, found_line("1001"))
    assert await proposed(shop, lin) == Way(PaymentMethod.INVOICE)


@pytest.mark.parametrize("way", [Way(PaymentMethod.CARD, card_id=99), KEEPING])
async def test_only_what_is_offered_can_be_chosen(
    shop: Shop, lin: Subscriber, line: Line, way: Way
) -> None:
    with pytest.raises(PaymentMethodUnavailable):
        await chooses(shop, lin, line, way)
