"""What becomes of money and of words where the order cannot be paid, or is given back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import (
    OrderUnderWay,
)
from bot.domain.line import Line
from bot.domain.order import OrderStatus
from bot.domain.payment import (
    PaymentStatus,
    PreCheckoutRefusal,
    Settlement,
)
from bot.domain.subscriber import Subscriber
from bot.services.forget_subscriber import ForgetSubscriber
from bot.services.platform import Checkout
from bot.services.platform_requests import (
    CheckoutOpened,
    RefundCharge,
)
from bot.services.ports import CarrierOrderState
from bot.services.read_shared_order import Stage
from bot.services.stars_requests import RefundStars
from tests.services.shop import Shop, found_line, yuan
from tests.services.somebody_else_pays.steps import (
    BY_CARD,
    BY_INVOICE,
    BY_STARS,
    STRANGER,
    about_to_pay,
    asked,
    asks,
    chooses,
    follows,
    paid_by,
    sees,
    stored,
    the_page_is_paid,
)


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
