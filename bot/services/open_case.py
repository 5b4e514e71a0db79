"""Open a support case: a subscriber writes, an order takes too long, or a closed one was not over.

What the subscriber writes while a case is open belongs to it. The first message gets an answer in
words, each one the sign that it was received.
"""

from __future__ import annotations

from bot.domain.order import Order
from bot.domain.subscriber import Subscriber
from bot.domain.support import CaseReason, SupportCase, Written
from bot.services.platform_port import Operators
from bot.services.ports import Clock
from bot.services.relay_support import CASE_WAITS, RelaySupport
from bot.services.support_port import SupportNotices
from bot.services.unit import Unit


class OpenCase:
    def __init__(
        self, clock: Clock, notices: SupportNotices, operators: Operators, relay: RelaySupport
    ) -> None:
        self._clock = clock
        self._notices = notices
        self._operators = operators
        self._relay = relay

    async def open_of(self, unit: Unit, subscriber: Subscriber) -> SupportCase | None:
        return await unit.cases.open_of(subscriber.id)

    async def write(
        self, unit: Unit, subscriber: Subscriber, written: Written, order: Order | None = None
    ) -> None:
        """Takes what the subscriber wrote into their open case, or into a new one. ``order``: their
        own, that it is about."""
        case = await unit.cases.open_of(subscriber.id)
        if case is None:
            case = await self._open(unit, subscriber.id, order, CaseReason.ASKED)
        elif order is not None:
            await self._attach(unit, case, order)
        if not await unit.cases.add_message(case.id, written):
            return
        unit.cases.mark_asked(case.id, self._clock.now())
        await self._relay.pass_on(unit, case)
        if case.is_silent:
            await self._notices.received(unit, case)
        if case.at_desk:
            self._notices.seen(unit, subscriber.id, written.message_id)
        if case.at_desk and not case.waits:
            await self._operators.page(unit, CASE_WAITS, case=str(case.id))

    async def delayed(self, unit: Unit, order: Order) -> None:
        """The order takes too long: the operators have a case with it before anybody asks."""
        case = await unit.cases.open_of(order.subscriber_id)
        if case is None:
            await self._open(unit, order.subscriber_id, order, CaseReason.DELAYED)
        else:
            await self._attach(unit, case, order)

    async def reopen(self, unit: Unit, subscriber_id: int, case_id: int) -> bool:
        """Whether the case, which is the subscriber's own, is open now."""
        case = await unit.cases.get(case_id)
        if case is None or case.subscriber_id != subscriber_id:
            return False
        return case.is_open or await self._reopen(unit, case)

    async def reopen_last(self, unit: Unit, subscriber_id: int) -> bool:
        """The subscriber's last case, by an operator's word; False when it is open."""
        last = await unit.cases.latest_of(subscriber_id)
        return last is not None and await self._reopen(unit, last)

    async def _reopen(self, unit: Unit, case: SupportCase) -> bool:
        again = await unit.cases.reopen(case.id)
        if again is None:
            return False
        await self._relay.begin(unit, again)
        await self._relay.pass_on(unit, again)
        if again.at_desk and again.waits:
            await self._operators.page(unit, CASE_WAITS, case=str(again.id))
        return True

    async def _open(
        self, unit: Unit, subscriber_id: int, order: Order | None, why: CaseReason
    ) -> SupportCase:
        order_id, at_desk = order.id if order is not None else None, not self._relay.has_group
        case = await unit.cases.open(
            subscriber_id, order_id, why, self._clock.now(), at_desk=at_desk
        )
        await self._relay.begin(unit, case)
        return case

    async def _attach(self, unit: Unit, case: SupportCase, order: Order) -> None:
        """To a case that is about no other; the operators see the order either way."""
        unit.cases.attach(case.id, order.id)
        await self._relay.show(unit, case)
