"""Whoever was asked pays by their own means, once, whoever else pays at the same time."""

from __future__ import annotations

from bot.domain.ledger import DEFERRED, REFUNDS_DUE, clearing_of
from bot.domain.line import Line
from bot.domain.order import OrderStatus
from bot.domain.payment import (
    PaymentMethod,
    PreCheckoutRefusal,
    Settlement,
    Way,
)
from bot.domain.subscriber import Subscriber
from bot.services.keep_card import keep_card
from bot.services.platform import PaymentState, PlatformPayment, SavedCard
from bot.services.platform_requests import (
    ChargeCard,
    ExpireCheckout,
    OpenCheckout,
    PaymentSeen,
    RefundCharge,
)
from bot.services.ports import CarrierOrderState
from bot.services.read_bills import ReadBills
from bot.services.read_shared_order import Stage
from tests.services.shop import Shop, yuan
from tests.services.somebody_else_pays.steps import (
    BY_CARD,
    BY_INVOICE,
    STRANGER,
    about_to_pay,
    asked,
    chooses,
    follows,
    paid_by,
    sees,
    stored,
    the_page_is_paid,
)

# ── paying ───────────────────────────────────────────────────────────────────────────────────────


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


# ── the holder and the payer at once ─────────────────────────────────────────────────────────────


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
