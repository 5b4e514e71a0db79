"""Many things in any order: whatever people, carrier and time do, the books stay in order.

Each walk is a fixed seed, so a failure repeats. After every step the whole check of
`tests.services.books` holds, and at the end every paid order has come to rest.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.coupon import Coupon
from bot.domain.errors import Refusal
from bot.domain.line import Line
from bot.domain.order import PAID_FOR, Order, OrderStatus
from bot.domain.payment import Charge, Payment, PaymentMethod
from bot.domain.subscriber import Subscriber
from bot.services.ports import CancelOutcome, CarrierOrder, CarrierOrderState
from bot.services.requests import (
    Look,
    LookUpOrder,
    OrderAnswered,
    OrderOutcomeUnknown,
    SubmitOrder,
)
from tests.services.books import breaches
from tests.services.shop import Shop, found_line, yuan

STEPS = 160
METHODS = [PaymentMethod.WALLET, PaymentMethod.INVOICE, PaymentMethod.INVOICE]
AT_REST = {
    OrderStatus.FULFILLED,
    OrderStatus.REVIEW,
    OrderStatus.REFUNDING,
    OrderStatus.REFUNDED,
    OrderStatus.CANCELLED,
    OrderStatus.EXPIRED,
}


class Walk:
    """Two people with a line each, who do what chance tells them."""

    def __init__(self, shop: Shop, chance: random.Random) -> None:
        self._shop = shop
        self._chance = chance
        self._people: list[Subscriber] = []
        self.orders: list[Order] = []
        self._payments: list[Payment] = []
        self._charges: list[Charge] = []
        self.did: Counter[str] = Counter()

    async def begin(self) -> None:
        for subscriber_id, tail in ((7001, "1001"), (7002, "1002")):
            line: Line = await self._shop.link_contact(subscriber_id, found_line(tail))
            await self._shop.fund(line, yuan(500))
            self._people.append(await self._shop.subscriber(subscriber_id))
        await self._shop.issue(Coupon("FEW", yuan(5), offered=True, max_uses=3))

    async def step(self) -> None:
        deeds: list[Callable[[], Awaitable[Any]]] = [
            self.quotes, self.quotes, self.tops_up, self.tops_up, self.changes_hands, self.pays,
            self.pays, self.pays, self.checks_out, self.is_charged, self.is_charged,
            self.is_charged, self.is_told_again, self.cancels, self.waits, self.carrier_answers,
            self.carrier_answers, self.carrier_answers, self.reprices, self.wants_back,
            self.operator_refunds, self.operator_has_sent, self.cancelling_ends,
            self.cancelling_ends, self.is_refused,
        ]  # fmt: skip
        deed = self._chance.choice(deeds)
        try:
            await deed()
        except Refusal as refusal:
            self.did[f"{deed.__name__}: {type(refusal).__name__}"] += 1
        else:
            self.did[deed.__name__] += 1

    async def settle_down(self) -> None:
        """The carrier answers every question, and time passes until nothing is under way."""
        for _ in range(200):
            await self._answer_all(CarrierOrderState.DONE)
            await self._shop.cancel_answered(CancelOutcome.CANCELLED)
            await self._shop.pass_time(minutes=6)
        await self._answer_all(CarrierOrderState.DONE)

    # ── what people do ────────────────────────────────────────────────────────────────────────────

    async def quotes(self) -> None:
        who = self._chance.choice(self._people)
        self.orders.append((await self._shop.quote(who, self._chance.choice(["D1", "M30"]))).order)

    async def tops_up(self) -> None:
        """By itself, or what the wallet is short of for an order."""
        who = self._chance.choice(self._people)
        amount = yuan(self._chance.choice([1, 20, 50, 300]))
        async with self._shop.unit() as unit:
            if self.orders and self._chance.random() < 0.5:
                order = self._chance.choice(self.orders[-4:])
                quote = await self._shop.top_ups.quote_for(unit, self._owner(order), order.id)
            else:
                quote = await self._shop.top_ups.quote(unit, who, amount)
        self.orders.append(quote.order)
        owner = self._owner(quote.order)
        self._payments.append(await self._shop.open_invoice(owner, quote.order))

    async def changes_hands(self) -> None:
        """A line goes from one of the two to the other, or back."""
        if self._chance.random() < 0.2:
            who, tail = self._chance.choice(self._people), self._chance.choice(["1001", "1002"])
            await self._shop.link_contact(who.id, found_line(tail))

    async def pays(self) -> None:
        if not self.orders:
            return
        order = self._chance.choice(self.orders[-4:])
        payable = await self._shop.pay(self._owner(order), order, self._chance.choice(METHODS))
        if payable.requoted is not None:
            self.orders.append(payable.requoted.order)
        if payable.payment is not None and payable.payment.method is PaymentMethod.INVOICE:
            self._payments.append(payable.payment)

    async def checks_out(self) -> None:
        if self._payments:
            payment = self._chance.choice(self._payments[-3:])
            async with self._shop.unit() as unit:
                await self._shop.settle.check(
                    unit, payment.id, payment.subscriber_id, payment.amount
                )

    async def is_charged(self) -> None:
        if not self._payments:
            return
        charge = self._shop.charge_of(self._chance.choice(self._payments[-3:]))
        if self._chance.random() < 0.1:
            charge = replace(charge, amount=yuan(1))
        elif self._chance.random() < 0.1:
            charge = replace(charge, payment_id="made-up")
        self._charges.append(charge)
        await self._shop.charged(charge)

    async def is_told_again(self) -> None:
        if self._charges:
            await self._shop.charged(self._chance.choice(self._charges))

    async def cancels(self) -> None:
        if self.orders:
            order = self._chance.choice(self.orders[-3:])
            await self._shop.cancel(self._owner(order), order)

    async def wants_back(self) -> None:
        if self.orders:
            order = self._chance.choice(self.orders)
            await self._shop.wants_back(self._owner(order), order)

    async def waits(self) -> None:
        await self._shop.pass_time(minutes=self._chance.choice([0.1, 1, 6, 31]))

    async def reprices(self) -> None:
        if self._chance.random() < 0.3:
            await self._shop.reprice("D1", yuan(self._chance.randint(10, 20)))

    # ── what the operator does ────────────────────────────────────────────────────────────────────

    async def operator_refunds(self) -> None:
        if self.orders and self._chance.random() < 0.3:
            await self._shop.operator_refunds(self._chance.choice(self.orders))

    async def operator_has_sent(self) -> None:
        if self.orders:
            await self._shop.operator_has_sent(self._chance.choice(self.orders))

    # ── what the carrier does ─────────────────────────────────────────────────────────────────────

    async def carrier_answers(self) -> None:
        states = [*CarrierOrderState, CarrierOrderState.PENDING, CarrierOrderState.DONE, None]
        await self._answer_all(self._chance.choice(states))

    async def _answer_all(self, state: CarrierOrderState | None) -> None:
        """One answer for every open question; None: no answer comes."""
        submissions = [(each.order_id, Look()) for each in self._shop.asked(SubmitOrder)]
        looks = [(each.order_id, each.look) for each in self._shop.asked(LookUpOrder)]
        for order_id, look in submissions + looks:
            async with self._shop.unit() as unit:
                if state is None:
                    lost = OrderOutcomeUnknown(order_id, look)
                    await self._shop.fulfil.on_outcome_unknown(unit, lost)
                else:
                    answer = OrderAnswered(order_id, look, CarrierOrder(state))
                    await self._shop.fulfil.on_answered(unit, answer)

    async def cancelling_ends(self) -> None:
        """As the carrier likes, and once more for good measure; or without an answer."""
        outcome = self._chance.choice([*CancelOutcome, None])
        if outcome is None:
            await self._shop.cancel_failed(self._chance.choice(["NotFound", "Unavailable"]))
        else:
            await self._shop.cancel_answered(outcome, times=2)

    async def is_refused(self) -> None:
        """The carrier takes no order that waits to be submitted."""
        error = self._chance.choice(["AuthFailed", "OutOfFunds", "OutOfStock"])
        for request in self._shop.asked(SubmitOrder):
            async with self._shop.unit() as unit:
                await self._shop.fulfil.on_refused(unit, request.order_id, error)

    def _owner(self, order: Order) -> Subscriber:
        return next(who for who in self._people if who.id == order.subscriber_id)


@pytest.mark.parametrize("seed", range(8))
async def test_the_books_stay_in_order_on_a_random_walk(shop: Shop, path: Path, seed: int) -> None:
    walk = Walk(shop, random.Random(seed))
    await walk.begin()
    for _ in range(STEPS):
        await walk.step()
        assert breaches(path) == {}, walk.did
    await walk.settle_down()
    rest = [(await shop.order(order)).status for order in walk.orders]
    assert set(rest) <= AT_REST, walk.did
    assert PAID_FOR & set(rest), walk.did
