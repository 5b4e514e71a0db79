"""The reconciliation: whatever no notice told is found by one round, and written down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ledger import REFUNDS_DUE
from bot.domain.line import Line
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import Payment
from bot.domain.reconciliation import Compared, Heard, Question, Round
from bot.domain.subscriber import Subscriber
from bot.services.events import NewEvent
from bot.services.platform import PaymentState, PlatformPayment, PlatformRefund, RefundState
from bot.services.platform_requests import (
    Closing,
    LookUpPayment,
    PaymentSeen,
    RefundCharge,
    RefundsSeen,
)
from bot.services.ports import CarrierOrder, CarrierOrderState
from bot.services.reconcile import LONGEST, Reconcile
from bot.services.requests import (
    Look,
    LookUpOrder,
    OrderAnswered,
    OrderOutcomeUnknown,
    SubmitOrder,
)
from tests.services.shop import Shop, yuan
from tests.services.test_paying_on_a_page import at_the_page, paid, seen, stands


async def wanted(shop: Shop) -> None:
    async with shop.unit() as unit:
        await shop.reconcile.on_wanted(unit, {})


async def told(shop: Shop, payment: PlatformPayment | None, payment_id: str) -> None:
    async with shop.unit() as unit:
        await shop.compare.on_payment_seen(unit, PaymentSeen(payment_id, payment))


async def report(shop: Shop, number: int = 1) -> tuple[Round | None, list[Question]]:
    """The round under way, and what was asked in the round of that number."""
    async with shop.unit() as unit:
        open_round = await unit.reconciliations.open_round()
        return open_round, await unit.reconciliations.questions(number)


async def all_left(shop: Shop) -> None:
    """What was staged was carried out, and its answers were lost with a crash."""
    async with shop.unit() as unit:
        for courier in ("carrier", "payments", "telegram"):
            pending = await unit.effects.pending(courier, 0, 1000)
            unit.effects.mark_done([each.id for each in pending], shop.clock.now())


async def closed(shop: Shop, lin: Subscriber) -> tuple[Order, Payment]:
    """Cancelled, and its page closed as far as we were told."""
    order, payment = await at_the_page(shop, lin)
    await shop.cancel(lin, order)
    await seen(shop, stands(payment, PaymentState.EXPIRED), Closing.CANCEL)
    shop.heard()
    return order, payment


async def adrift(shop: Shop, lin: Subscriber, line: Line) -> Order:
    """Paid, and neither a timer nor a request looks after it."""
    order = await shop.paid_by_wallet(lin, line)
    shop.asked(SubmitOrder)
    await all_left(shop)
    return order


# ── what is found ─────────────────────────────────────────────────────────────────────────────────


async def test_money_that_came_to_an_open_page_is_found_without_a_notice(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await wanted(shop)
    assert shop.asked(LookUpPayment) == [LookUpPayment("cs_1", payment.id)]
    await told(shop, paid(payment), payment.id)
    assert (await shop.order(order)).status is OrderStatus.PAID
    open_round, [question] = await report(shop)
    assert open_round is None
    assert question.was == "order awaiting_payment, payment created, charged nothing"
    assert question.became == "order paid, payment succeeded, charged 199.00 CNY"
    assert not question.needs_operator
    assert shop.operators.noted[-1]["differed"] == 1


async def test_money_that_came_to_a_closed_page_is_found_within_a_day(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await closed(shop, lin)
    await shop.pass_time(hours=23)
    await wanted(shop)
    assert shop.asked(LookUpPayment) == [LookUpPayment("cs_1", payment.id)]
    await told(shop, paid(payment), payment.id)
    assert (await shop.order(order)).status is OrderStatus.PAID
    _, [question] = await report(shop)
    assert question.was == "order cancelled, payment expired, charged nothing"
    assert question.became is not None
    assert question.became.startswith("order paid")


async def test_a_closed_payment_is_asked_after_ever_more_rarely_and_for_a_day(
    shop: Shop, lin: Subscriber
) -> None:
    _, payment = await closed(shop, lin)
    async with shop.unit() as unit:
        shop.reconcile.begin(unit)
    ages, closed_at = [], shop.clock.now()
    await shop.pass_time(seconds=1)
    for _ in range(2 * 24 * 6):
        if shop.asked(LookUpPayment):
            ages.append((shop.clock.now() - closed_at) // timedelta(minutes=10))
            await told(shop, stands(payment, PaymentState.EXPIRED), payment.id)
        await shop.pass_time(minutes=10)
    assert ages == [0, 1, 2, 4, 8, 16, 32, 64, 128]


async def test_money_that_fits_nothing_is_named_for_an_operator(
    shop: Shop, lin: Subscriber
) -> None:
    _, payment = await at_the_page(shop, lin)
    await wanted(shop)
    await told(shop, paid(payment, amount=yuan(1)), payment.id)
    _, [question] = await report(shop)
    assert question.needs_operator
    assert question.became == "order review, payment succeeded, charged 1.00 CNY"


@pytest.mark.parametrize("state", [RefundState.DONE, RefundState.FAILED])
async def test_how_a_refund_ended_is_found_without_a_notice(
    shop: Shop, lin: Subscriber, state: RefundState
) -> None:
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    async with shop.unit() as unit:
        await shop.fulfil.on_refused(unit, order.id, "OutOfStock")
    shop.asked(RefundCharge)
    await wanted(shop)
    [request] = shop.asked(RefundCharge)
    told_of = PlatformRefund("re_1", "ch_1", request.amount, state, request.key)
    async with shop.unit() as unit:
        await shop.compare.on_refunds_seen(unit, RefundsSeen([told_of]))
    open_round, [question] = await report(shop)
    assert open_round is None
    assert (question.was, question.became) == ("refund due", f"refund {state}")
    assert question.needs_operator is (state is RefundState.FAILED)
    owed = yuan(0) if state is RefundState.DONE else yuan(199)
    assert await shop.balance(REFUNDS_DUE) == owed


async def test_an_order_that_nobody_looks_after_is_looked_up_at_the_carrier(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await adrift(shop, lin, line)
    await wanted(shop)
    [request] = shop.asked(LookUpOrder)
    assert request.order_id == order.id
    done = OrderAnswered(order.id, request.look, CarrierOrder(CarrierOrderState.DONE))
    async with shop.unit() as unit:
        await shop.compare.on_order_answered(unit, done)
    assert (await shop.order(order)).status is OrderStatus.FULFILLED
    _, [question] = await report(shop)
    assert (question.was, question.became) == ("order paid", "order fulfilled")


async def test_an_adrift_order_that_the_carrier_never_got_is_submitted_after_two_looks(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await adrift(shop, lin, line)
    await wanted(shop)
    [request] = shop.asked(LookUpOrder)
    missing = CarrierOrder(CarrierOrderState.NOT_FOUND)
    async with shop.unit() as unit:
        await shop.compare.on_order_answered(unit, OrderAnswered(order.id, request.look, missing))
    assert shop.asked(SubmitOrder) == []
    await shop.until_next_timer()
    await shop.carrier_answers(CarrierOrderState.NOT_FOUND)
    assert len(shop.asked(SubmitOrder)) == 1


async def test_an_order_that_is_looked_after_is_left_alone(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    """By a request under way, and by the timer of the next look."""
    await shop.paid_by_wallet(lin, line)
    await wanted(shop)
    await shop.carrier_answers(CarrierOrderState.PENDING)
    await all_left(shop)
    await wanted(shop)
    assert shop.asked(LookUpOrder) == []
    assert (await report(shop, 1), await report(shop, 2)) == ((None, []), (None, []))


async def test_an_order_whose_answer_waits_for_its_decision_is_left_alone(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await adrift(shop, lin, line)
    answer = NewEvent("carrier", "1:1", "order_answered", f'{{"order_id": "{order.id}"}}')
    async with shop.unit() as unit:
        await unit.inbox.add([answer], shop.clock.now())
    await wanted(shop)
    assert shop.asked(LookUpOrder) == []


async def test_of_an_order_in_review_for_the_carriers_silence_its_delivery_is_found(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    order = await shop.paid_by_wallet(lin, line)
    async with shop.unit() as unit:
        silent = Look(number=20, silent=12)
        await shop.fulfil.on_outcome_unknown(unit, OrderOutcomeUnknown(order.id, silent))
    assert (await shop.order(order)).status is OrderStatus.REVIEW
    shop.asked(SubmitOrder)
    await all_left(shop)
    await wanted(shop)
    [request] = shop.asked(LookUpOrder)
    done = OrderAnswered(order.id, request.look, CarrierOrder(CarrierOrderState.DONE))
    async with shop.unit() as unit:
        await shop.compare.on_order_answered(unit, done)
    assert (await shop.order(order)).status is OrderStatus.FULFILLED


async def test_whatever_was_lost_is_found_in_one_round(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    """A page paid, a page paid after it was closed, a refund sent and an order adrift; no notice of
    any of it came."""
    closed_order, closed_payment = await closed(shop, lin)
    refunded_order, refunded_payment = await at_the_page(shop, lin)
    await seen(shop, paid(refunded_payment, "ch_2"))
    async with shop.unit() as unit:
        await shop.fulfil.on_refused(unit, refunded_order.id, "OutOfStock")
    lost = await adrift(shop, lin, line)
    open_order, open_payment = await at_the_page(shop, lin)
    shop.asked(RefundCharge)
    await wanted(shop)
    assert len(shop.asked(LookUpPayment)) == 2
    [refund] = shop.asked(RefundCharge)
    [look] = shop.asked(LookUpOrder)
    await told(shop, paid(open_payment, "ch_3"), open_payment.id)
    await told(shop, paid(closed_payment, "ch_1"), closed_payment.id)
    sent = PlatformRefund("re_1", "ch_2", refund.amount, RefundState.DONE, refund.key)
    done = OrderAnswered(lost.id, look.look, CarrierOrder(CarrierOrderState.DONE))
    async with shop.unit() as unit:
        await shop.compare.on_refunds_seen(unit, RefundsSeen([sent]))
        await shop.compare.on_order_answered(unit, done)
    became = [
        (await shop.order(each)).status for each in (open_order, closed_order, refunded_order, lost)
    ]
    assert became == [
        OrderStatus.PAID, OrderStatus.PAID, OrderStatus.REFUNDED, OrderStatus.FULFILLED,
    ]  # fmt: skip
    open_round, questions = await report(shop)
    assert open_round is None
    assert [each.differed for each in questions] == [True] * 4


# ── rounds ────────────────────────────────────────────────────────────────────────────────────────


async def test_nothing_open_is_a_round_that_ends_at_once(shop: Shop, lin: Subscriber) -> None:
    await wanted(shop)
    assert await report(shop) == (None, [])
    assert shop.operators.noted[-1]["charged_not_delivered"] == 0


async def test_answers_that_change_nothing_are_no_difference(shop: Shop, lin: Subscriber) -> None:
    _, payment = await at_the_page(shop, lin)
    await wanted(shop)
    await told(shop, stands(payment, PaymentState.OPEN), payment.id)
    open_round, [question] = await report(shop)
    assert open_round is None
    assert (question.heard, question.differed) == (Heard.ANSWER, False)


async def test_a_second_round_at_the_same_time_is_the_first(shop: Shop, lin: Subscriber) -> None:
    _, payment = await at_the_page(shop, lin)
    await wanted(shop)
    await wanted(shop)
    assert len(shop.asked(LookUpPayment)) == 1
    for _ in range(3):
        await told(shop, paid(payment), payment.id)
    assert (await report(shop, 2))[1] == []
    assert sum(each["differed"] for each in shop.operators.noted) == 1


async def test_a_platform_that_is_down_leaves_a_round_that_says_so(
    shop: Shop, lin: Subscriber
) -> None:
    order, payment = await at_the_page(shop, lin)
    await wanted(shop)
    await shop.pass_time(seconds=LONGEST.total_seconds())
    open_round, [question] = await report(shop)
    assert (open_round, question.heard) == (None, Heard.NOT_YET)
    assert shop.operators.noted[-1]["unanswered"] == 1
    await told(shop, paid(payment), payment.id)
    assert (await shop.order(order)).status is OrderStatus.PAID
    assert (await report(shop))[1][0].differed


async def test_a_question_under_way_is_asked_anew_only_after_an_hour(
    shop: Shop, lin: Subscriber
) -> None:
    """So that a platform that is down for a day does not find a thousand questions."""
    order, payment = await at_the_page(shop, lin)
    await seen(shop, paid(payment))
    async with shop.unit() as unit:
        await shop.fulfil.on_refused(unit, order.id, "OutOfStock")
        shop.reconcile.begin(unit)
    await shop.pass_time(minutes=59)
    assert len(shop.asked(RefundCharge)) == 1 + 1
    await shop.pass_time(minutes=2)
    assert len(shop.asked(RefundCharge)) == 1
    heard = [(await report(shop, number))[1][0].heard for number in (1, 2, 7)]
    assert heard == [Heard.NOTHING, Heard.NOTHING, Heard.NOT_YET]


async def test_what_the_platform_refuses_to_tell_is_named_with_its_reason(
    shop: Shop, lin: Subscriber
) -> None:
    await at_the_page(shop, lin)
    await wanted(shop)
    [request] = shop.asked(LookUpPayment)
    async with shop.unit() as unit:
        await shop.compare.on_asked_in_vain(unit, request, "api_key_expired")
    open_round, [question] = await report(shop)
    assert (open_round, question.heard) == (None, Heard.NOTHING)
    assert question.was == "api_key_expired"


async def test_without_a_platform_the_carrier_is_asked_all_the_same(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await at_the_page(shop, lin)
    await adrift(shop, lin, line)
    shop.reconcile = Reconcile(shop.clock, shop.operators, has_platform=False, takes_stars=False)
    await wanted(shop)
    assert len(shop.asked(LookUpOrder)) == 1
    assert shop.asked(LookUpPayment) == []
    assert [each.compared for each in (await report(shop))[1]] == [Compared.ORDER]


async def test_charged_and_not_delivered_for_half_an_hour_pages_the_operators(
    shop: Shop, lin: Subscriber, line: Line
) -> None:
    await adrift(shop, lin, line)
    async with shop.unit() as unit:
        shop.reconcile.begin(unit)
    await shop.pass_time(minutes=29)
    assert "charged_not_delivered" not in shop.operators.paged
    await shop.pass_time(minutes=13)
    assert "charged_not_delivered" in shop.operators.paged
    assert shop.operators.noted[-1]["charged_not_delivered"] == 1
