"""Take an order back: cancelled at the carrier first, refunded then.

    a subscriber, before the plan begins ─┐                ┌─▶ cancelled ───────▶ refunded
                                          ├▶ ask the carrier ─▶ not cancellable ▶ it stays as it is
    an operator, at any time ─────────────┘       ▲        │    (an operator's is refunded)
                                                  └ later ─┴─▶ no answer
An order whose submission may still be on its way is not refunded on the carrier's "no such order":
what becomes of the submission decides (`bot.services.fulfil_order`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from bot.domain.cancellation import Cancellation, Canceller
from bot.domain.errors import (
    InvalidRequest,
    NotCancellable,
    NotFound,
    UnknownOrder,
    WrongOrderStatus,
    WrongState,
)
from bot.domain.order import Order, OrderEvent, OrderStatus, TopUp
from bot.domain.subscriber import Subscriber
from bot.services.link_line import own_line
from bot.services.order_keys import cancel_timer, carrier_key
from bot.services.ports import CancelOutcome, Clock, Notices
from bot.services.refund_order import REFUND_FAILED, RefundOrder
from bot.services.renew_line import own_order
from bot.services.requests import CancelAnswered, CancelOrder
from bot.services.unit import Unit

GIVE_UP_AFTER: Final = timedelta(hours=24)
SHORTEST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(minutes=10)
IN_FORCE: Final = frozenset(
    {OrderStatus.PAID, OrderStatus.FULFILLING, OrderStatus.FULFILLED, OrderStatus.REVIEW}
)
"""Paid for, and the money has not gone back."""
_FINAL: Final = frozenset({InvalidRequest.__name__, WrongState.__name__})


class TakeBackOrder:
    def __init__(self, clock: Clock, notices: Notices, refund: RefundOrder) -> None:
        self._clock = clock
        self._notices = notices
        self._refund = refund

    async def cancellable(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Order:
        """The subscriber's own renewal, which waits for its start on a line that is still theirs.

        Raises `UnknownOrder`, `UnknownLine`, `NotCancellable`.
        """
        order = await own_order(unit, subscriber.id, order_id)
        await own_line(unit, subscriber.id, order.line_id)
        if not order.is_queued(self._clock.now()):
            raise NotCancellable(order.id)
        return order

    async def by_subscriber(self, unit: Unit, subscriber: Subscriber, order_id: str) -> Order:
        """Asks the carrier to cancel a renewal that has not begun. Raises as `cancellable`."""
        order = await self.cancellable(unit, subscriber, order_id)
        if await unit.cancellations.open_of(order.id) is None:
            asked = Cancellation(order.id, Canceller.SUBSCRIBER, self._clock.now())
            await self._ask(unit, order, asked)
        return order

    async def by_operator(self, unit: Unit, order_id: str, note: str | None) -> None:
        """Refunds a paid order, once the carrier was asked to cancel it; of a top-up it knows
        nothing.

        Raises `UnknownOrder`, `WrongOrderStatus` for an order that holds no money, `TopUpSpent`.
        """
        order = await unit.orders.get(order_id)
        if order is None:
            raise UnknownOrder(order_id)
        if order.status in {OrderStatus.REFUNDING, OrderStatus.REFUNDED}:
            return
        if order.status is OrderStatus.REVIEW and order.reason == REFUND_FAILED:
            return
        if order.status not in IN_FORCE:
            raise WrongOrderStatus(order.id, order.status)
        asked = Cancellation(order.id, Canceller.OPERATOR, self._clock.now(), note)
        if order.paid_at is None or isinstance(order.buys, TopUp):  # never ordered there
            await self._give_back(unit, order, asked)
            return
        former = await unit.cancellations.open_of(order.id)
        if former is None or former.asked_by is not Canceller.OPERATOR:
            await self._ask(unit, order, asked)

    # ── what the carrier answered ─────────────────────────────────────────────────────────────────

    async def on_answered(self, unit: Unit, answer: CancelAnswered) -> None:
        found = await self._awaited(unit, answer.order_id)
        if found is None:
            return
        order, cancellation = found
        if answer.outcome is CancelOutcome.CANCELLED:
            await self._give_back(unit, order, cancellation)
        else:
            await self._not_cancelled(unit, order, cancellation)

    async def on_failed(self, unit: Unit, request: CancelOrder, error: str) -> None:
        found = await self._awaited(unit, request.order_id)
        if found is None:
            return
        order, cancellation = found
        is_unknown_there = error == NotFound.__name__
        took_too_long = self._clock.now() - cancellation.asked_at > GIVE_UP_AFTER
        if is_unknown_there and order.status is OrderStatus.REVIEW:
            await self._give_back(unit, order, cancellation)
        elif error in _FINAL or took_too_long or (is_unknown_there and _is_delivered(order)):
            await self._not_cancelled(unit, order, cancellation)
        else:
            self._ask_later(unit, cancellation)

    async def on_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        found = await self._awaited(unit, timer["order_id"])
        if found is not None:
            self._stage(unit, found[0])

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _awaited(self, unit: Unit, order_id: str) -> tuple[Order, Cancellation] | None:
        """None when the order's fate was decided meanwhile."""
        order = await unit.orders.get(order_id)
        cancellation = await unit.cancellations.open_of(order_id)
        if order is None or cancellation is None or order.status not in IN_FORCE:
            return None
        return order, cancellation

    async def _ask(self, unit: Unit, order: Order, cancellation: Cancellation) -> None:
        unit.cancellations.open(cancellation)
        self._stage(unit, order)
        await self._notices.order_moved(unit, order)

    def _stage(self, unit: Unit, order: Order) -> None:
        unit.outbox.carrier(CancelOrder(order.id, carrier_key(order.id)))

    def _ask_later(self, unit: Unit, cancellation: Cancellation) -> None:
        """With pauses that grow with the time it has taken so far."""
        now = self._clock.now()
        pause = min(max(now - cancellation.asked_at, SHORTEST_PAUSE), LONGEST_PAUSE)
        order_id = cancellation.order_id
        unit.timers.set(cancel_timer(order_id), "order_cancel", {"order_id": order_id}, now + pause)

    async def _not_cancelled(self, unit: Unit, order: Order, cancellation: Cancellation) -> None:
        """It stays with the subscriber who asked; an operator's refund does not hang on it."""
        if cancellation.asked_by is Canceller.OPERATOR:
            await self._give_back(unit, order, cancellation)
            return
        unit.cancellations.close(order.id, self._clock.now())
        unit.timers.cancel(cancel_timer(order.id))
        await self._notices.order_moved(unit, order)
        await self._notices.cancel_refused(unit, order)

    async def _give_back(self, unit: Unit, order: Order, cancellation: Cancellation) -> None:
        await self._refund.give_back(
            unit, order, cancellation.reason, OrderEvent.REFUND, cancellation.note
        )


def _is_delivered(order: Order) -> bool:
    return order.status is OrderStatus.FULFILLED
