"""A renewal that somebody else pays: by their own means, once, and back to them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.coupon import Coupon
from bot.domain.errors import (
    NotARenewal,
    OrderUnderWay,
    PayLinkEnded,
    PaymentMethodUnavailable,
    TooManyTries,
    UnknownOrder,
    WrongOrderStatus,
)
from bot.domain.ledger import DEFERRED, REFUNDS_DUE, clearing_of
from bot.domain.line import Line
from bot.domain.money import STARS, Money
from bot.domain.order import PAYMENT_WINDOW, Order, OrderStatus
from bot.domain.pay_link import LINK_WINDOW
from bot.domain.payment import (
    Payment,
    PaymentMethod,
    PaymentStatus,
    PreCheckoutRefusal,
    Settlement,
    Way,
)
from bot.domain.subscriber import Subscriber
from bot.services.ask_another import AskAnother
from bot.services.forget_subscriber import ForgetSubscriber
from bot.services.keep_card import keep_card
from bot.services.pay_order import PayOrder
from bot.services.platform import Checkout, PaymentState, PlatformPayment, SavedCard
from bot.services.platform_requests import (
    ChargeCard,
    CheckoutOpened,
    ExpireCheckout,
    OpenCheckout,
    PaymentSeen,
    RefundCharge,
)
from bot.services.ports import CarrierOrderState
from bot.services.read_bills import ReadBills
from bot.services.read_shared_order import SharedOrder, Stage
from bot.services.renew_line import RenewLine
from bot.services.stars_requests import RefundStars
from tests.services.shop import STARS_ONLY, TOP_UP_NAMES, TOP_UPS, Shop, found_line, yuan

MUM, STRANGER = 7002, 7003
BY_CARD, BY_INVOICE = Way(PaymentMethod.CARD), Way(PaymentMethod.INVOICE)
BY_STARS = Way(PaymentMethod.STARS)


@pytest.fixture
async def mum(shop: Shop) -> Subscriber:
    """She has no line."""
    return await shop.meet(MUM, "妈妈")


async def asks(shop: Shop, who: Subscriber, order: Order) -> str:
    async with shop.unit() as unit:
        asked = await shop.ask_another.ask(unit, who, order.id)
    assert asked.token is not None
    return asked.token


async def asked(shop: Shop, who: Subscriber, code: str = "M30") -> tuple[Order, str]:
    """A renewal that waits for somebody else to pay it, and the link's token."""
    order = (await shop.quote(who, code)).order
    token = await asks(shop, who, order)
    return await shop.order(order), token


async def follows(shop: Shop, payer: Subscriber, token: str) -> Order | None:
    async with shop.unit() as unit:
        return await shop.for_another.follow(unit, payer, token)


async def sees(shop: Shop, payer: Subscriber, order: Order) -> SharedOrder:
    async with shop.unit() as unit:
        return await shop.for_another.look(unit, payer, order.id)


async def chooses(shop: Shop, payer: Subscriber, order: Order, way: Way) -> Payment:
    async with shop.unit() as unit:
        paying = await shop.for_another.pay(unit, payer, order.id, way)
    assert paying.shared_order.payment is not None
    return paying.shared_order.payment


async def about_to_pay(shop: Shop, who: Subscriber, payer: Subscriber, way: Way) -> Payment:
    order, token = await asked(shop, who)
    await follows(shop, payer, token)
    payment = await chooses(shop, payer, order, way)
    shop.heard()
    return payment


async def paid_by(shop: Shop, who: Subscriber, payer: Subscriber) -> Order:
    payment = await about_to_pay(shop, who, payer, BY_INVOICE)
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
    return await stored(shop, payment)


async def stored(shop: Shop, payment: Payment) -> Order:
    async with shop.unit() as unit:
        order = await unit.orders.get(payment.order_id)
    assert order is not None
    return order


async def the_page_is_paid(shop: Shop, payment: Payment) -> None:
    ref = f"cs_{payment.id}"
    paid = PlatformPayment(payment.id, ref, PaymentState.PAID, f"ch_{payment.id}", payment.amount)
    async with shop.unit() as unit:
        await shop.follow_payment.on_seen(unit, PaymentSeen(payment.id, paid))


# ── the link ──────────────────────────────────────────────────────────────────────────────────────


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


# ── who follows it ────────────────────────────────────────────────────────────────────────────────


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


# ── paying ────────────────────────────────────────────────────────────────────────────────────────


async def test_the_payer_pays_the_holder_gets_the_plan_and_both_are_told(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    payment = await about_to_pay(shop, lin, mum, BY_INVOICE)
    assert payment.subscriber_id == mum.id
    async with shop.unit() as unit:
        assert await shop.settle.check(unit, payment.id, mum.id, yuan(199)) is None
        refusal = await shop.settle.check(unit, payment.id, lin.id, yuan(199))
    assert refusal is PreCheckoutRefusal.NOT_YOURS
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
    assert ("paid_by_another", mum.id) in shop.heard()
    order = await stored(shop, payment)
    assert (order.status, order.paid_by, order.subscriber_id) == (
        OrderStatus.PAID, mum.id, lin.id,
    )  # fmt: skip
    await shop.carrier_answers(CarrierOrderState.DONE)
    assert ("order_ready", OrderStatus.FULFILLED) in shop.heard()
    assert (await sees(shop, mum, order)).stage is Stage.DELIVERED
    async with shop.unit() as unit:
        held = await unit.entitlements.of_line(line.id, ending_after=shop.clock.now())
    assert [each.order_id for each in held] == [order.id]


async def test_a_repeated_tap_finds_the_payment_that_the_first_one_opened(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    payment = await about_to_pay(shop, lin, mum, BY_CARD)
    (asked_for,) = shop.asked(OpenCheckout)
    assert asked_for.terms.payment_id == payment.id
    async with shop.unit() as unit:
        again = await shop.for_another.pay(unit, mum, payment.order_id, BY_CARD)
    assert not again.fresh
    assert again.shared_order.payment == payment
    assert shop.asked(OpenCheckout) == []


async def test_the_payers_own_card_is_charged_and_kept_cards_stay_whose_they_are(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    async with shop.unit() as unit:
        visa = SavedCard("pm_2", "cus_2", "visa", "4444", 12, 2030)
        await keep_card(unit, mum.id, visa, shop.clock.now())
        (card,) = await unit.cards.of(mum.id)
    payment = await about_to_pay(shop, lin, mum, Way(PaymentMethod.CARD, card.id))
    (charge,) = shop.asked(ChargeCard)
    assert (charge.payment_id, charge.card) == (payment.id, visa)
    await the_page_is_paid(shop, payment)
    order = await stored(shop, payment)
    assert (order.status, order.paid_by) == (OrderStatus.PAID, mum.id)
    async with shop.unit() as unit:
        assert await unit.cards.of(lin.id) == []
        receipt = await ReadBills().receipt(unit, lin, order.id)
    assert (receipt.card, receipt.charges) == (None, [])


async def test_how_somebody_else_paid_is_not_proposed_to_the_holder_next_time(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    await shop.fund(line, yuan(500))
    await paid_by(shop, lin, mum)
    assert (await shop.quote(lin)).ways[0] == Way(PaymentMethod.WALLET)


async def test_a_payment_that_fails_is_told_to_who_made_it(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    payment = await about_to_pay(shop, lin, mum, BY_CARD)
    seen = PlatformPayment(payment.id, "cs_1", PaymentState.FAILED)
    async with shop.unit() as unit:
        await shop.follow_payment.on_seen(unit, PaymentSeen(payment.id, seen))
    assert shop.heard() == [
        ("order_moved", OrderStatus.AWAITING_PAYMENT),
        ("shared_order_failed", mum.id),
    ]
    assert (await sees(shop, mum, await stored(shop, payment))).stage is Stage.OPEN


# ── the holder and the payer at once ──────────────────────────────────────────────────────────────


async def test_both_pay_at_once_and_the_second_money_goes_back_to_its_own_payer(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    hers = await about_to_pay(shop, lin, mum, BY_CARD)
    await shop.fund(line, yuan(500))
    shop.asked(OpenCheckout)
    order = await stored(shop, hers)
    await shop.pay_by_wallet(lin, order)
    assert [each.payment_id for each in shop.asked(ExpireCheckout)] == [hers.id]
    shop.heard()
    await the_page_is_paid(shop, hers)
    assert ("charged_twice", mum.id) in shop.heard()
    (back,) = shop.asked(RefundCharge)
    assert back.charge_id == f"ch_{hers.id}"
    paid = await stored(shop, hers)
    assert (paid.status, paid.paid_by, paid.paid_with) == (
        OrderStatus.PAID, None, PaymentMethod.WALLET,
    )  # fmt: skip
    assert await shop.wallet(line) == yuan(301)
    assert await shop.balance(REFUNDS_DUE) == yuan(199)
    assert (await sees(shop, mum, paid)).stage is Stage.PAID


async def test_the_payers_money_is_first_and_the_holders_goes_back_to_the_holder(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    order, token = await asked(shop, lin)
    his = await shop.open_invoice(lin, order)
    await follows(shop, mum, token)
    hers = await chooses(shop, mum, order, BY_INVOICE)
    assert await shop.charged(shop.charge_of(hers)) is Settlement.PAID
    shop.heard()
    assert await shop.charged(shop.charge_of(his)) is Settlement.SECOND_CHARGE
    assert shop.heard() == [("charged_twice", OrderStatus.PAID)]
    assert (await stored(shop, hers)).paid_by == mum.id
    assert await shop.balance(DEFERRED) == yuan(199)
    assert await shop.balance(clearing_of("invoice")) == -yuan(398)


async def test_while_the_holders_payment_goes_through_the_payer_can_open_none(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    order, token = await asked(shop, lin)
    await follows(shop, mum, token)
    his = await shop.open_invoice(lin, order)
    async with shop.unit() as unit:
        assert await shop.settle.check(unit, his.id, lin.id, yuan(199)) is None
        paying = await shop.for_another.pay(unit, mum, order.id, BY_CARD)
    assert paying.shared_order.stage is Stage.TAKEN
    assert not paying.fresh
    assert shop.asked(OpenCheckout) == []


async def test_two_who_were_asked_pay_once(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    order, token = await asked(shop, lin)
    dad = await shop.meet(STRANGER)
    for payer in (mum, dad):
        await follows(shop, payer, token)
    hers = await chooses(shop, mum, order, BY_INVOICE)
    his = await chooses(shop, dad, order, BY_INVOICE)
    async with shop.unit() as unit:
        refusal = await shop.settle.check(unit, hers.id, mum.id, yuan(199))
        assert refusal is PreCheckoutRefusal.REPLACED
        assert await shop.settle.check(unit, his.id, dad.id, yuan(199)) is None
    assert await shop.charged(shop.charge_of(his)) is Settlement.PAID
    assert (await sees(shop, mum, order)).stage is Stage.PAID
    assert (await sees(shop, dad, order)).stage is Stage.PAID_BY_YOU


# ── when it cannot be ─────────────────────────────────────────────────────────────────────────────


async def test_a_plan_that_was_repriced_or_withdrawn_is_said_and_the_order_is_left_alone(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    order, token = await asked(shop, lin)
    await follows(shop, mum, token)
    await shop.reprice("M30", yuan(209))
    async with shop.unit() as unit:
        paying = await shop.for_another.pay(unit, mum, order.id, BY_CARD)
    assert paying.shared_order.stage is Stage.CHANGED
    assert (await shop.order(order)).status is OrderStatus.AWAITING_PAYMENT
    await shop.withdraw("M30")
    assert (await sees(shop, mum, order)).stage is Stage.CHANGED


async def test_an_order_that_was_cancelled_or_whose_time_is_over_is_closed_to_the_payer(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    cancelled, token = await asked(shop, lin)
    await follows(shop, mum, token)
    invoice = await chooses(shop, mum, cancelled, BY_INVOICE)
    await shop.cancel(lin, cancelled)
    assert (await sees(shop, mum, cancelled)).stage is Stage.CLOSED
    async with shop.unit() as unit:
        refusal = await shop.settle.check(unit, invoice.id, mum.id, yuan(199))
    assert refusal is PreCheckoutRefusal.CLOSED
    late, token = await asked(shop, lin)
    await follows(shop, mum, token)
    shop.clock.set(late.expires_at)
    assert (await sees(shop, mum, late)).stage is Stage.CLOSED


async def test_a_line_that_changed_hands_is_not_paid_for(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    payment = await about_to_pay(shop, lin, mum, BY_INVOICE)
    await shop.link_contact(STRANGER, found_line("1001"))
    assert (await sees(shop, mum, await stored(shop, payment))).stage is Stage.CLOSED
    async with shop.unit() as unit:
        refusal = await shop.settle.check(unit, payment.id, mum.id, yuan(199))
    assert refusal is PreCheckoutRefusal.CLOSED


async def test_money_that_comes_after_the_end_reopens_the_order_or_goes_back_to_the_payer(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    payment = await about_to_pay(shop, lin, mum, BY_INVOICE)
    await shop.pass_time(hours=12)
    shop.heard()
    assert await shop.charged(shop.charge_of(payment)) is Settlement.REOPENED
    said = shop.heard()
    assert ("paid_by_another", mum.id) in said
    assert "paid_late" not in [what for what, _ in said]
    second = await about_to_pay(shop, lin, mum, BY_INVOICE)
    await shop.pass_time(hours=12)
    await shop.reprice("M30", yuan(209))
    assert await shop.charged(shop.charge_of(second)) is Settlement.TOO_LATE
    order = await stored(shop, second)
    assert (order.status, order.paid_by) == (OrderStatus.REFUNDING, mum.id)


async def test_a_refund_goes_to_who_paid_in_stars_and_on_the_page(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    order = (await shop.quote(lin)).order
    async with shop.unit() as unit:
        order = (await shop.renew.requote(unit, lin, order.id, BY_STARS)).order
    token = await asks(shop, lin, order)
    await follows(shop, mum, token)
    payment = await chooses(shop, mum, order, BY_STARS)
    charge = shop.charge_of(payment)
    assert await shop.charged(charge) is Settlement.PAID
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    (back,) = shop.asked(RefundStars)
    assert (back.charge_id, back.payer_id) == (charge.id, mum.id)
    page = await about_to_pay(shop, lin, mum, BY_CARD)
    await the_page_is_paid(shop, page)
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    (by_platform,) = shop.asked(RefundCharge)
    assert by_platform.charge_id == f"ch_{page.id}"


async def test_an_operator_sends_an_invoices_money_back_and_the_payer_is_told(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    order = await paid_by(shop, lin, mum)
    await shop.carrier_answers(CarrierOrderState.REJECTED)
    shop.heard()
    await shop.operator_has_sent(order)
    assert ("refund_sent", mum.id) in shop.heard()
    assert (await sees(shop, mum, order)).stage is Stage.GOING_BACK


async def test_the_page_of_the_payer_is_not_the_holders_to_pay_on(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    payment = await about_to_pay(shop, lin, mum, BY_CARD)
    order = await stored(shop, payment)
    opened = Checkout("cs_1", "https://pay.example/cs_1", order.expires_at)
    async with shop.unit() as unit:
        await shop.follow_payment.on_opened(unit, CheckoutOpened(payment.id, opened))
        card = await shop.orders.card(unit, lin, order.id)
    assert card.payment is not None
    assert card.own_payment is None
    seen = await sees(shop, mum, order)
    assert seen.payment is not None
    assert seen.payment.page is not None
    assert seen.payment.status is PaymentStatus.CREATED


async def test_the_payer_of_another_amount_is_told_and_an_operator_decides(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    payment = await about_to_pay(shop, lin, mum, BY_INVOICE)
    charge = replace(shop.charge_of(payment), amount=yuan(1))
    assert await shop.charged(charge) is Settlement.MISMATCH
    assert ("charge_unplaced", mum.id) in shop.heard()
    assert (await stored(shop, payment)).status is OrderStatus.REVIEW


async def test_who_pays_for_somebody_is_not_forgotten_before_that_order_has_ended(
    shop: Shop, lin: Subscriber, line: Line, mum: Subscriber
) -> None:
    payment = await about_to_pay(shop, lin, mum, BY_INVOICE)

    async def forgets() -> None:
        async with shop.unit() as unit:
            await ForgetSubscriber(shop.clock).forget(unit, mum, None)

    with pytest.raises(OrderUnderWay, match=payment.order_id):
        await forgets()
    assert await shop.charged(shop.charge_of(payment)) is Settlement.PAID
    with pytest.raises(OrderUnderWay, match=payment.order_id):
        await forgets()
    await shop.carrier_answers(CarrierOrderState.DONE)
    await forgets()
    assert (await stored(shop, payment)).paid_by not in {None, mum.id}
