"""The rules of a walk by which lines are renewed by themselves.

A turn of the calendar is taken where it comes: the time in between is stood still over, as by a bot
that nobody started again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from bot.domain.auto_renewal import CHARGED_BEFORE, NOTICE, AutoRenewal
from bot.domain.order import Order
from bot.domain.payment import Payment, PaymentMethod, Way
from tests.services.walk.buying import Buying, picks

lateness = st.sampled_from([0.0, 0.0, 0.0, 3600.0, 30 * 3600.0])
charged_by = st.sampled_from(["wallet", "wallet", "kept card", "kept card", "reminder"])


_MANY = 1000


class Renewing(Buying):
    def __init__(self) -> None:
        super().__init__()
        self.charged: set[tuple[int, datetime]] = set()
        """The lines and ends for which something was ordered by itself."""

    @initialize(by=charged_by)
    def somebody_agreed_before(self, by: str) -> None:
        self.agrees(0, by)

    @rule(who=picks, by=charged_by)
    def agrees(self, who: int, by: str) -> None:
        """To a month after each month, by the wallet, a kept card, or with a reminder alone."""
        person, plan = self.people[who % 2], self.plans["M30"]
        way = None
        if by != "reminder":
            way = self.cards[person.id] if by == "kept card" else Way(PaymentMethod.WALLET)

        async def turn_on(unit: Any) -> None:
            for line in await unit.lines.of(person.id):
                await self.shop.auto.turn_on(unit, person, line.id, plan.code, plan.version, way)

        self.do(turn_on)

    @precondition(lambda self: self._agreed())
    @rule(pick=picks, deed=st.sampled_from(["skips", "skips", "ends"]))
    def thinks_better_of_it(self, pick: int, deed: str) -> None:
        renewal = self._renewal(pick)
        person = self.run(self.shop.subscriber(renewal.subscriber_id))
        if deed == "ends":
            self.do(lambda unit: self.shop.auto.turn_off(unit, person, renewal.line_id))
        elif renewal.end_at is not None:
            end_at = renewal.end_at
            self.do(lambda unit: self.shop.auto.skip(unit, person, renewal.line_id, end_at))

    @precondition(lambda self: self._agreed())
    @rule(pick=picks, turns=st.integers(1, 3), late=lateness, again=st.booleans())
    def a_renewal_has_its_turns(self, pick: int, turns: int, late: float, again: bool) -> None:
        """Each by so many seconds ``late``; ``again``: the same timer comes twice."""
        line_id = self._renewal(pick).line_id
        for _ in range(turns):
            for renewal in self._agreed():
                if renewal.line_id == line_id:
                    self._stands_still_until_its_turn(renewal, late)
            if again:
                self.do(lambda unit: self.shop.auto.on_due(unit, {"line_id": line_id}))
                self.learns_what_was_ordered()

    def _stands_still_until_its_turn(self, renewal: AutoRenewal, late: float) -> None:
        """Then every timer that came due meanwhile is decided, in their order."""
        now = self.shop.clock.now()
        turn_at = renewal.next_turn_at(now)
        if turn_at is not None:
            self.shop.clock.set(max(turn_at, now) + timedelta(seconds=late))
        self.run(self.shop.pass_time(seconds=1))
        self.learns_what_was_ordered()

    def learns_what_was_ordered(self) -> None:
        """Orders that nobody tapped for; what is charged must have been announced."""
        known = {order.id for order in self.orders}
        by_itself = {renewal.order_id: renewal for renewal in self._agreed()}
        for order, payment in self.run(self._all_orders()):
            if order.id in known:
                continue
            self.orders.append(order)
            if order.paid_at is not None:
                self.told.wallet_orders.add(order.id)
            elif payment is not None:
                self.payments[payment.id] = (order, payment)
            if order.id in by_itself:
                self._must_have_been_announced(by_itself[order.id], order)
                self.figures["renewals by themselves"] += 1
        self.collect()

    def _must_have_been_announced(self, renewal: AutoRenewal, order: Order) -> None:
        assert renewal.announced_at is not None, "charged without a word"
        assert renewal.announced_end_at is not None
        assert order.created_at >= renewal.announced_at + NOTICE, "charged too soon after the word"
        assert renewal.announced_end_at - CHARGED_BEFORE <= order.created_at
        assert order.created_at < renewal.announced_end_at, "charged after the end"
        assert order.price == renewal.announced_price, "charged at another price"
        assert order.subscriber_id == renewal.subscriber_id
        period = renewal.line_id, renewal.announced_end_at
        assert period not in self.charged, "charged twice for the same period"
        self.charged.add(period)

    async def _all_orders(self) -> list[tuple[Order, Payment | None]]:
        async with self.shop.unit() as unit:
            return [
                (order, await unit.payments.open_of(order.id))
                for person in self.people
                for order in await unit.orders.of(person.id, _MANY, 0)
            ]

    def _renewal(self, pick: int) -> AutoRenewal:
        agreed = self._agreed()
        return agreed[pick % len(agreed)]

    def _agreed(self) -> list[AutoRenewal]:
        return self.run(self._all_agreed())

    async def _all_agreed(self) -> list[AutoRenewal]:
        async with self.shop.unit() as unit:
            found = [
                await unit.auto_renewals.get(line.id)
                for person in self.people
                for line in await unit.lines.of(person.id)
            ]
        return [each for each in found if each is not None]
