"""The reconciliation of Stars: what no update told of is found in Telegram's list, once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ledger import REFUNDS_DUE, SUSPENSE, Account, clearing_of
from bot.domain.line import Line
from bot.domain.money import STARS
from bot.domain.order import Order, OrderStatus
from bot.domain.payment import Charge, Payment, PaymentMethod, RefundStatus, Settlement, Way
from bot.domain.reconciliation import Compared, Heard, Question
from bot.domain.subscriber import Subscriber
from bot.services.follow_stars import ONCE_MORE
from bot.services.platform import PlatformRefund, RefundState
from bot.services.platform_requests import RefundsSeen
from bot.services.reconcile import Reconcile
from bot.services.requests import SubmitOrder
from bot.services.stars_requests import (
    PAGE,
    ReadStars,
    RefundStars,
    StarsMove,
    StarsNotRead,
    StarsRead,
)
from tests.services.shop import Shop

BY_STARS = Way(PaymentMethod.STARS)


@pytest.fixture(autouse=True)
def _stars_are_taken(shop: Shop) -> None:
    """And the payment platform is asked nothing."""
    shop.reconcile._takes_stars, shop.reconcile._has_platform = True, False


async def invoiced(shop: Shop, who: Subscriber) -> Payment:
    order = (await shop.quote(who)).order
    async with shop.unit() as unit:
        await shop.renew.requote(unit, who, order.id, BY_STARS)
    payment = (await shop.pay(who, order, BY_STARS)).payment
    assert payment is not None
    return payment


async def order_of(shop: Shop, payment: Payment) -> Order:
    async with shop.unit() as unit:
        order = await unit.orders.get(payment.order_id)
    assert order is not None
    return order


def move_of(charge: Charge, *, is_refund: bool = False) -> StarsMove:
    return StarsMove(
        charge.id, charge.payment_id, charge.payer_id, charge.amount, charge.charged_at, is_refund
    )


async def listed(shop: Shop, *moves: StarsMove) -> list[Question]:
    """A round in which Telegram lists these; what was written down of them."""
    async with shop.unit() as unit:
        await shop.reconcile.on_wanted(unit, {})
    [request] = shop.asked(ReadStars)
    await answered(shop, StarsRead(request.offset, len(moves), list(moves)))
    for refund in shop.asked(RefundStars) if some_went_back(moves) else []:
        charge_id, done = refund.charge_id, RefundState.DONE
        seen = PlatformRefund(charge_id, charge_id, refund.amount, done, refund.key)
        async with shop.unit() as unit:
            await shop.compare.on_refunds_seen(unit, RefundsSeen([seen]))
    return await differed(shop)


def some_went_back(moves: tuple[StarsMove, ...]) -> bool:
    """Then what is asked to go back is answered as having gone."""
    return any(move.is_refund for move in moves)


async def answered(shop: Shop, answer: StarsRead) -> None:
    async with shop.unit() as unit:
        await shop.compare.on_stars_read(unit, answer)


async def differed(shop: Shop) -> list[Question]:
    """In the newest round, which is over."""
    async with shop.unit() as unit:
        assert await unit.reconciliations.open_round() is None
        rounds = [await unit.reconciliations.questions(number) for number in range(1, 10)]
    newest = [each for each in rounds if each][-1]
    assert all(each.heard is Heard.ANSWER for each in newest)
    return [each for each in newest if each.differed]


async def held(shop: Shop, account: Account) -> int:
    async with shop.unit() as unit:
        return (await unit.ledger.balance(account, STARS)).minor


async def test_a_charge_of_which_no_update_told_pays_its_order(shop: Shop, lin: Subscriber) -> None:
    payment = await invoiced(shop, lin)
    charge = shop.charge_of(payment)
    [found] = await listed(shop, move_of(charge))
    order = await order_of(shop, payment)
    assert (order.status, order.paid_with) == (OrderStatus.PAID, PaymentMethod.STARS)
    assert (found.compared, found.subject, found.order_id) == (
        Compared.STARS_MOVE, charge.id, order.id,
    )  # fmt: skip
    assert (found.was, found.became, found.needs_operator) == ("unknown", "order paid", False)
    assert [each.order_id for each in shop.asked(SubmitOrder)] == [order.id]


async def test_a_charge_that_is_known_differs_in_nothing_however_often_it_is_listed(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await invoiced(shop, lin)
    charge = shop.charge_of(payment)
    assert await shop.charged(charge) is Settlement.PAID
    for _ in range(3):
        assert await listed(shop, move_of(charge)) == []
    assert await held(shop, clearing_of("stars")) == -1250


async def test_the_update_that_comes_after_the_list_counts_no_second_time(
    shop: Shop, lin: Subscriber
) -> None:
    charge = shop.charge_of(await invoiced(shop, lin))
    await listed(shop, move_of(charge))
    assert await shop.charged(charge) is Settlement.DUPLICATE_NOTICE


async def test_a_second_charge_of_which_no_update_told_goes_back_by_itself(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await invoiced(shop, lin)
    await shop.charged(shop.charge_of(payment))
    second = shop.charge_of(payment)
    [found] = await listed(shop, move_of(second))
    assert found.became == "order paid and refund due"
    [refund] = shop.asked(RefundStars)
    assert (refund.charge_id, refund.payer_id) == (second.id, lin.id)


async def test_a_charge_for_nothing_that_we_know_is_held_and_needs_an_operator(
    shop: Shop, lin: Subscriber
) -> None:
    charge = shop.charge_of(await invoiced(shop, lin))
    [found] = await listed(shop, move_of(replace(charge, payment_id="never-made")))
    assert (found.order_id, found.needs_operator) == (None, True)
    assert await held(shop, SUSPENSE) == 1250
    assert shop.operators.paged == ["charge_fits_no_order"]


async def test_a_charge_for_nothing_that_we_know_leaves_suspense_when_it_goes_back(
    shop: Shop, lin: Subscriber
) -> None:
    charge = replace(shop.charge_of(await invoiced(shop, lin)), payment_id="never-made")
    await listed(shop, move_of(charge), move_of(charge, is_refund=True))
    for account in (SUSPENSE, clearing_of("stars"), clearing_of("card")):
        assert await held(shop, account) == 0


async def test_a_refund_of_which_no_update_told_ends_what_was_owed(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await invoiced(shop, lin)
    first, second = shop.charge_of(payment), shop.charge_of(payment)
    await shop.charged(first)
    await shop.charged(second)
    moves = [move_of(first), move_of(second), move_of(second, is_refund=True)]
    [found] = await listed(shop, *moves)
    assert (found.was, found.became) == (
        "order paid and refund due",
        "order paid and refund done",
    )
    assert await listed(shop, *moves) == []
    assert await held(shop, REFUNDS_DUE) == 0


async def test_a_refund_that_somebody_else_made_takes_the_order_back(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await invoiced(shop, lin)
    charge = shop.charge_of(payment)
    await shop.charged(charge)
    shop.asked(SubmitOrder)
    await listed(shop, move_of(charge), move_of(charge, is_refund=True))
    async with shop.unit() as unit:
        assert await unit.cancellations.open_of(payment.order_id) is not None


async def test_a_full_page_is_read_on_and_the_list_is_heard_with_its_last_page(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await invoiced(shop, lin)
    async with shop.unit() as unit:
        await shop.reconcile.on_wanted(unit, {})
    assert shop.asked(ReadStars) == [ReadStars(0)]
    await answered(shop, StarsRead(0, PAGE, []))
    async with shop.unit() as unit:
        assert await unit.reconciliations.open_round() is not None
    assert shop.asked(ReadStars) == [ReadStars(PAGE)]
    await answered(shop, StarsRead(PAGE, 1, [move_of(shop.charge_of(payment))]))
    [found] = await differed(shop)
    assert found.order_id == payment.order_id


async def test_the_next_reading_begins_a_little_before_the_last_ones_end(
    shop: Shop, line: Line
) -> None:
    await listed(shop)
    async with shop.unit() as unit:
        await shop.compare.on_stars_read(unit, StarsRead(0, 57, []))
        await shop.reconcile.on_wanted(unit, {})
    assert shop.asked(ReadStars) == [ReadStars(57 - ONCE_MORE)]


async def test_a_list_that_cannot_be_read_is_named_in_the_report(shop: Shop, line: Line) -> None:
    async with shop.unit() as unit:
        await shop.reconcile.on_wanted(unit, {})
        await shop.compare.on_stars_not_read(unit, StarsNotRead("unavailable"))
    async with shop.unit() as unit:
        assert await unit.reconciliations.open_round() is None
        [question] = await unit.reconciliations.questions(1)
    assert (question.compared, question.heard) == (Compared.STARS_MOVE, Heard.NOTHING)
    assert question.was == "unavailable"


async def test_a_refund_of_stars_that_is_due_is_asked_for_again_without_any_platform(
    shop: Shop, lin: Subscriber
) -> None:
    payment = await invoiced(shop, lin)
    for _ in range(2):
        await shop.charged(shop.charge_of(payment))
    shop.asked(RefundStars)
    async with shop.unit() as unit:
        await shop.reconcile.on_wanted(unit, {})
        [owed] = await unit.payments.owed_refunds()
    assert owed.status is RefundStatus.DUE
    assert [each.key for each in shop.asked(RefundStars)] == [owed.key]


async def test_stars_that_were_never_taken_are_not_asked_after_and_those_that_were_are(
    shop: Shop, line: Line
) -> None:
    never = Reconcile(shop.clock, shop.operators, has_platform=False, takes_stars=False)
    async with shop.unit() as unit:
        await never.on_wanted(unit, {})
    assert shop.asked(ReadStars) == []
    await listed(shop)
    async with shop.unit() as unit:
        await never.on_wanted(unit, {})
    assert shop.asked(ReadStars) == [ReadStars(0)]
