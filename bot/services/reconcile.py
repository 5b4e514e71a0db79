"""Reconcile: every ten minutes and at start, ask the outside about all that is open here.

What no notice told is found so. An answer goes the way of every answer, and so mends what differed
(`bot.services.compare_answers` writes down what that was).

    payment   open, or closed within a day: money may have come that nobody told of
    refund    due: it is asked for once more, which tells what became of it
    Stars     all that Telegram lists since the last reading
    order     paid, and nobody looks after it any more; or the carrier kept silent of it

A round ends with its last answer, or after two minutes: what was not answered by then is named, and
is heard all the same when it comes. The platform's notices are no part of it: they are read from
where the last reading ended, none left out (`bot.services.watch_platform`). Charges of a provider's
invoices are no part of it either: Telegram lists none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.domain.payment import Payment, RefundStatus
from bot.domain.reconciliation import Compared, Heard, Question, Round
from bot.services.follow_stars import CURSOR, read_stars
from bot.services.order_keys import carrier_key
from bot.services.platform_port import Operators
from bot.services.platform_requests import LookUpPayment
from bot.services.ports import Clock
from bot.services.requests import Look, LookUpOrder
from bot.services.send_refund import send_back
from bot.services.unit import Unit

EVERY: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(minutes=2)
"""A round ends after this, whatever has not been answered."""
ASK_AGAIN_AFTER: Final = timedelta(hours=1)
"""Until then a question without an answer is not asked twice: its request is still under way."""
MOST_CLOSED: Final = 200
"""Closed payments a round; the others are the next one's."""
_DUE: Final = "reconcile"
_END: Final = "reconcile:end"


STARS_LIST: Final = "list"
"""The question after Telegram's list of moves; what is found in it are questions of their own."""


class Reconcile:
    """``has_platform`` is False where there is no payment platform to ask; where ``takes_stars`` is
    False, Stars are looked at only if they ever were taken."""

    def __init__(
        self, clock: Clock, operators: Operators, *, has_platform: bool, takes_stars: bool
    ) -> None:
        self._clock = clock
        self._operators = operators
        self._has_platform = has_platform
        self._takes_stars = takes_stars

    def begin(self, unit: Unit) -> None:
        """Now, and from now on; at each start of the bot."""
        unit.timers.set(_DUE, "reconcile", {}, self._clock.now())

    async def on_due(self, unit: Unit, _timer: dict[str, Any]) -> None:
        await self._start(unit)
        unit.timers.set(_DUE, "reconcile", {}, self._clock.now() + EVERY)

    async def on_wanted(self, unit: Unit, _command: dict[str, Any]) -> None:
        """An operator wants one now; a round that is under way is as good."""
        await self._start(unit)

    async def on_end_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        under_way = await unit.reconciliations.open_round()
        if under_way is not None and under_way.id == timer["round_id"]:
            await self._finish(unit, under_way.id)

    async def heard(self, unit: Unit, question: Question) -> None:
        """Stores what came of the question; with the last of its round, that is over."""
        unit.reconciliations.put(question)
        await self._finish_when_all_is_heard(unit, question.round_id)

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _start(self, unit: Unit) -> None:
        if await unit.reconciliations.open_round() is not None:
            return
        now = self._clock.now()
        new = await unit.reconciliations.begin(now)
        unit.timers.set(_END, "reconcile_end", {"round_id": new.id}, now + LONGEST)
        if self._has_platform:
            await self._ask_after_payments(unit, new)
        await self._ask_after_refunds(unit, new)
        await self._ask_after_stars(unit, new)
        await self._ask_after_orders(unit, new)
        await self._finish_when_all_is_heard(unit, new.id)

    async def _ask_after_payments(self, unit: Unit, new: Round) -> None:
        payments = await unit.payments.open_hosted()
        closed = await unit.reconciliations.payments_to_ask_after(new.started_at, MOST_CLOSED)
        for payment_id in closed:
            payments.append(await _existing(unit, payment_id))
        for payment in payments:
            if await self._asks(unit, new, Compared.PAYMENT, payment.id, payment.order_id):
                ref = payment.page.ref if payment.page is not None else None
                unit.outbox.platform(LookUpPayment(ref, payment.id), payment.subscriber_id)

    async def _ask_after_refunds(self, unit: Unit, new: Round) -> None:
        for each in await unit.payments.owed_refunds():
            asks = self._has_platform or not each.method.is_hosted
            is_due = asks and each.method.sends_back and each.status is RefundStatus.DUE
            if is_due and await self._asks(unit, new, Compared.REFUND, each.key, each.order_id):
                await send_back(unit, each.key)

    async def _ask_after_stars(self, unit: Unit, new: Round) -> None:
        if not self._takes_stars and await unit.cursors.get(CURSOR) is None:
            return
        if await self._asks(unit, new, Compared.STARS_MOVE, STARS_LIST, None):
            await read_stars(unit)

    async def _ask_after_orders(self, unit: Unit, new: Round) -> None:
        for order_id in await unit.reconciliations.orders_adrift():
            if await self._asks(unit, new, Compared.ORDER, order_id, order_id):
                unit.outbox.carrier(LookUpOrder(order_id, carrier_key(order_id), Look()))

    async def _asks(
        self, unit: Unit, new: Round, compared: Compared, subject: str, order_id: str | None
    ) -> bool:
        """Writes the question down; False when the same was asked a while ago and the answer is
        still to come. It is this round's then."""
        asked_at = new.started_at
        earlier = await unit.reconciliations.open_question(compared, subject)
        if earlier is not None:
            unit.reconciliations.put(replace(earlier, heard=Heard.NOTHING))
            if new.started_at - earlier.asked_at < ASK_AGAIN_AFTER:
                asked_at = earlier.asked_at
        unit.reconciliations.put(Question(new.id, compared, subject, order_id, asked_at))
        return asked_at == new.started_at

    async def _finish_when_all_is_heard(self, unit: Unit, round_id: int) -> None:
        under_way = await unit.reconciliations.open_round()
        if under_way is None or under_way.id != round_id:
            return
        questions = await unit.reconciliations.questions(round_id)
        if all(each.heard is not Heard.NOT_YET for each in questions):
            await self._finish(unit, round_id)

    async def _finish(self, unit: Unit, round_id: int) -> None:
        now = self._clock.now()
        unit.timers.cancel(_END)
        unit.reconciliations.finish(round_id, now)
        late = await unit.reconciliations.charged_not_delivered(now)
        questions = await unit.reconciliations.questions(round_id)
        asked = Counter(each.compared for each in questions)
        self._operators.note(
            "reconciled",
            **{f"{each}s": asked[each] for each in Compared},
            differed=sum(each.differed for each in questions),
            unanswered=sum(each.heard is not Heard.ANSWER for each in questions),
            need_operator=sum(each.needs_operator for each in questions),
            charged_not_delivered=len(late),
        )
        for order_id in late:
            await self._operators.page(unit, "charged_not_delivered", order=order_id)


async def _existing(unit: Unit, payment_id: str) -> Payment:
    payment = await unit.payments.get(payment_id)
    if payment is None:
        raise LookupError(payment_id)
    return payment
