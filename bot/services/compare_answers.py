"""Compare how things stood before an answer with how they stand after it.

Every answer is decided by the service whose answer it is. When a reconciliation has asked for it,
what changed by it is what differed, and is written down with the question.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.order import Order, OrderStatus
from bot.domain.payment import Charge, Payment, RefundStatus
from bot.domain.reconciliation import Compared, Heard
from bot.services.follow_payment import FollowPayment
from bot.services.follow_refund import FollowRefund
from bot.services.follow_stars import FollowStars
from bot.services.fulfil_order import FulfilOrder
from bot.services.platform_requests import LookUpPayment, PaymentSeen, RefundCharge, RefundsSeen
from bot.services.reconcile import STARS_LIST, Reconcile
from bot.services.requests import OrderAnswered, OrderOutcomeUnknown
from bot.services.stars_requests import StarsMove, StarsNotRead, StarsRead
from bot.services.unit import Unit


@dataclass(frozen=True, slots=True)
class Standing:
    words: str
    is_for_operator: bool


NOWHERE: Final = Standing("unknown", is_for_operator=False)


class CompareAnswers:
    def __init__(
        self,
        reconcile: Reconcile,
        follow_payment: FollowPayment,
        follow_refund: FollowRefund,
        fulfil: FulfilOrder,
        follow_stars: FollowStars,
    ) -> None:
        self._reconcile = reconcile
        self._follow_payment = follow_payment
        self._follow_refund = follow_refund
        self._fulfil = fulfil
        self._follow_stars = follow_stars

    async def on_payment_seen(self, unit: Unit, answer: PaymentSeen) -> None:
        seen = answer.payment
        payment_id = answer.payment_id or (seen.payment_id if seen is not None else None)
        async with self._comparing(unit, Compared.PAYMENT, payment_id):
            await self._follow_payment.on_seen(unit, answer)

    async def on_refunds_seen(self, unit: Unit, answer: RefundsSeen) -> None:
        async with AsyncExitStack() as stack:
            for key in {each.key for each in answer.refunds}:
                await stack.enter_async_context(self._comparing(unit, Compared.REFUND, key))
            await self._follow_refund.on_seen(unit, answer)

    async def on_stars_read(self, unit: Unit, answer: StarsRead) -> None:
        """What differed of the moves is written down, a question each; the list has been heard with
        its last page."""
        asked = await unit.reconciliations.open_question(Compared.STARS_MOVE, STARS_LIST)
        for move in answer.moves:
            before = await _stars_stand(unit, move)
            await self._follow_stars.take(unit, move)
            after = await _stars_stand(unit, move)
            if asked is not None and after != before:
                placed = await unit.payments.placed(move.charge_id)
                found = replace(
                    asked,
                    subject=f"{move.charge_id} back" if move.is_refund else move.charge_id,
                    order_id=placed.order_id if placed is not None else None,
                    heard=Heard.ANSWER,
                    was=before.words,
                    became=after.words,
                    needs_operator=after.is_for_operator,
                )
                unit.reconciliations.put(found)
        goes_on = self._follow_stars.read_on(unit, answer)
        if asked is not None and not goes_on:
            await self._reconcile.heard(unit, replace(asked, heard=Heard.ANSWER))

    async def on_stars_not_read(self, unit: Unit, answer: StarsNotRead) -> None:
        await self._heard_nothing(unit, Compared.STARS_MOVE, STARS_LIST, answer.code)

    async def on_order_answered(self, unit: Unit, answer: OrderAnswered) -> None:
        async with self._comparing(unit, Compared.ORDER, answer.order_id):
            await self._fulfil.on_answered(unit, answer)

    async def on_order_outcome_unknown(self, unit: Unit, answer: OrderOutcomeUnknown) -> None:
        await self._fulfil.on_outcome_unknown(unit, answer)
        await self._heard_nothing(unit, Compared.ORDER, answer.order_id, "unavailable")

    async def on_asked_in_vain(
        self, unit: Unit, request: LookUpPayment | RefundCharge, code: str
    ) -> None:
        match request:
            case LookUpPayment(payment_id=str(payment_id)):
                await self._heard_nothing(unit, Compared.PAYMENT, payment_id, code)
            case RefundCharge(key):
                await self._heard_nothing(unit, Compared.REFUND, key, code)

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    @asynccontextmanager
    async def _comparing(
        self, unit: Unit, compared: Compared, subject: str | None
    ) -> AsyncIterator[None]:
        question = (
            await unit.reconciliations.open_question(compared, subject)
            if subject is not None
            else None
        )
        if question is None:
            yield
            return
        before = await _standing(unit, compared, question.subject)
        yield
        after = await _standing(unit, compared, question.subject)
        answered = replace(question, heard=Heard.ANSWER)
        if after.words != before.words:
            answered = replace(
                answered,
                was=before.words,
                became=after.words,
                needs_operator=after.is_for_operator,
            )
        await self._reconcile.heard(unit, answered)

    async def _heard_nothing(self, unit: Unit, compared: Compared, subject: str, why: str) -> None:
        question = await unit.reconciliations.open_question(compared, subject)
        if question is not None:
            await self._reconcile.heard(unit, replace(question, heard=Heard.NOTHING, was=why))


async def _standing(unit: Unit, compared: Compared, subject: str) -> Standing:
    match compared:
        case Compared.PAYMENT:
            return await _payment_stands(unit, subject)
        case Compared.REFUND:
            refund = await unit.payments.refund(subject)
            if refund is None:
                return NOWHERE
            return Standing(f"refund {refund.status}", refund.status is RefundStatus.FAILED)
        case Compared.STARS_MOVE:
            return NOWHERE  # each move is compared as it is taken
        case Compared.ORDER:
            order = await unit.orders.get(subject)
            if order is None:
                return NOWHERE
            return Standing(f"order {order.status}", order.status is OrderStatus.REVIEW)


async def _stars_stand(unit: Unit, move: StarsMove) -> Standing:
    placed = await unit.payments.placed(move.charge_id)
    if placed is None:
        return NOWHERE
    order = await unit.orders.get(placed.order_id) if placed.order_id is not None else None
    if order is None:
        return Standing("charged, for no order", is_for_operator=True)
    unplaced = await unit.payments.unplaced_of(order.id)
    back = [str(each.status) for each in await unit.payments.refunds_of(order.id)]
    words = " and ".join([f"order {order.status}", *(f"refund {each}" for each in back)])
    return Standing(words, order.status is OrderStatus.REVIEW or bool(unplaced))


async def _payment_stands(unit: Unit, payment_id: str) -> Standing:
    payment = await unit.payments.get(payment_id)
    order = await unit.orders.get(payment.order_id) if payment is not None else None
    if payment is None or order is None:
        return NOWHERE
    charges = await unit.payments.charges_of(order.id)
    unplaced = await unit.payments.unplaced_of(order.id)
    is_for_operator = order.status is OrderStatus.REVIEW or bool(unplaced)
    return Standing(_in_words(order, payment, charges), is_for_operator)


def _in_words(order: Order, payment: Payment, charges: list[Charge]) -> str:
    taken = [each.amount for each in charges if each.payment_id == payment.id]
    charged = " and ".join(f"{each.decimal} {each.currency}" for each in taken)
    return f"order {order.status}, payment {payment.status}, charged {charged or 'nothing'}"
