"""Fulfil an order: have the carrier deliver what was paid, exactly once, or give the money back.

    paid ─ submit ─▶ answered pending ─▶ look, look, look … ─▶ done ─▶ fulfilled
             │                                              └▶ rejected ─▶ money back
             └▶ no answer ─▶ look: known ─▶ as above; not there, twice ─▶ submit again
                                    └▶ never an answer ─▶ review, by an operator

A submission whose outcome is unknown is never repeated blindly: only when the carrier has said
twice, some seconds apart, that it has no order under our key.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, Final

from bot.domain import ledger
from bot.domain.calendar import after_days
from bot.domain.entitlement import Entitlement
from bot.domain.errors import WrongOrderStatus
from bot.domain.line import Line
from bot.domain.order import ACTIVATION_PROMISE, Order, OrderEvent, OrderStatus
from bot.domain.payment import PaymentMethod
from bot.services.ports import CarrierOrder, CarrierOrderState, Clock, Notices
from bot.services.requests import (
    Look,
    LookUpOrder,
    OrderAnswered,
    OrderOutcomeUnknown,
    ReadLine,
    SubmitOrder,
)
from bot.services.unit import Unit

UNANSWERED_LOOKS: Final = 12
"""In a row; with the pauses between them, about half an hour. Then an operator looks."""
MISSING_LOOKS: Final = 2
"""In a row; once may be a carrier that has not written down yet what it accepted."""
GIVE_UP_AFTER: Final = timedelta(hours=24)
UNDER_WAY: Final = frozenset({OrderStatus.PAID, OrderStatus.FULFILLING})


class FulfilOrder:
    def __init__(self, clock: Clock, notices: Notices) -> None:
        self._clock = clock
        self._notices = notices

    async def begin(self, unit: Unit, order: Order) -> None:
        """Stages the submission of a paid order, in the payment's own transaction."""
        await self._submit(unit, order)
        promised = self._clock.now() + ACTIVATION_PROMISE
        unit.timers.set(delay_timer(order.id), "order_delay", {"order_id": order.id}, promised)

    # ── what the carrier answered ─────────────────────────────────────────────────────────────────

    async def on_answered(self, unit: Unit, answer: OrderAnswered) -> None:
        """An order in review belongs to an operator: only its delivery is still taken."""
        order = await unit.orders.get(answer.order_id)
        if order is None or order.status not in {*UNDER_WAY, OrderStatus.REVIEW}:
            return
        match answer.order.state:
            case CarrierOrderState.DONE:
                await self._activate(unit, order, answer.order)
            case _ if order.status is OrderStatus.REVIEW:
                return
            case CarrierOrderState.REJECTED:
                await self.give_back(unit, order, answer.order.reason or "rejected")
            case CarrierOrderState.PENDING:
                await self._wait(unit, order, Look(answer.look.number))
            case CarrierOrderState.NOT_FOUND:
                await self._wait_missing(unit, order, answer.look)
            case CarrierOrderState.UNKNOWN:
                await self._wait_silent(unit, order, answer.look)

    async def on_outcome_unknown(self, unit: Unit, answer: OrderOutcomeUnknown) -> None:
        order = await unit.orders.get(answer.order_id)
        if order is not None and order.status in UNDER_WAY:
            await self._wait_silent(unit, order, answer.look)

    async def on_refused(self, unit: Unit, order_id: str, error: str) -> None:
        """The carrier will not take the order, or could not be reached for as long as it may wait:
        in either case nothing was done there."""
        order = await unit.orders.get(order_id)
        if order is not None and order.status in UNDER_WAY:
            await self.give_back(unit, order, error)

    # ── timers ────────────────────────────────────────────────────────────────────────────────────

    async def on_look_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        order = await unit.orders.get(timer["order_id"])
        if order is not None and order.status in UNDER_WAY:
            look = Look(**timer["look"])
            unit.outbox.carrier(LookUpOrder(order.id, carrier_key(order.id), look))

    async def on_delay_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        """Half an hour after the payment and not delivered: say so, and offer support."""
        order = await unit.orders.get(timer["order_id"])
        if order is None or order.status not in UNDER_WAY or order.delayed:
            return
        unit.orders.mark_delayed(order.id)
        late = replace(order, delayed=True)
        await self._notices.order_moved(unit, late)
        await self._notices.order_delayed(unit, late)

    # ── money back ────────────────────────────────────────────────────────────────────────────────

    async def give_back(self, unit: Unit, order: Order, reason: str) -> None:
        """Returns the money of an order that will not be delivered to where it came from.

        A wallet has it at once; what a payment platform collected is flagged for the operator.
        Raises `WrongOrderStatus` for an order that was never paid.
        """
        if order.paid_with is None:
            raise WrongOrderStatus(order.id, order.status)
        now = self._clock.now()
        refunding = await unit.orders.move(
            replace(order, reason=reason), OrderEvent.REJECT, now, reason
        )
        self._stop_timers(unit, order)
        if order.paid_with == PaymentMethod.WALLET:
            unit.ledger.post(
                ledger.refund_to_wallet(order.id, order.line_id, order.total, order.price), now
            )
            refunding = await unit.orders.move(refunding, OrderEvent.REFUND_DONE, now)
        else:
            unit.ledger.post(ledger.refund_owed(order.id, order.total, order.price), now)
            unit.payments.owe_refund(
                key=f"order:{order.id}",
                order_id=order.id,
                charge_id=None,
                method=PaymentMethod(order.paid_with),
                amount=order.total,
                reason=reason,
                at=now,
            )
        await self._notices.order_moved(unit, refunding)
        await self._notices.order_refunding(unit, refunding)

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _submit(self, unit: Unit, order: Order) -> None:
        line = await line_of(unit, order)
        unit.outbox.carrier(
            SubmitOrder(
                order_id=order.id,
                key=carrier_key(order.id),
                ref=line.ref,
                msisdn=line.msisdn,
                plan_code=order.plan_code,
                periods=order.periods,
            )
        )

    async def _submitted(self, unit: Unit, order: Order) -> Order:
        """The order as the carrier has it, or may have it, in hands."""
        if order.status is not OrderStatus.PAID:
            return order
        return await unit.orders.move(order, OrderEvent.SUBMIT, self._clock.now())

    async def _wait(self, unit: Unit, order: Order, look: Look) -> None:
        """Plans the next look: after 3 s, 6 s, 12 s … and from then on every five minutes."""
        now = self._clock.now()
        if order.paid_at is not None and now - order.paid_at > GIVE_UP_AFTER:
            await self._lose_track(unit, order)
            return
        pause = timedelta(seconds=min(3 * 2 ** min(look.number, 10), 300))
        following = replace(look, number=look.number + 1)
        unit.timers.set(
            look_timer(order.id),
            "order_look",
            {"order_id": order.id, "look": asdict(following)},
            now + pause,
        )
        if order.status is OrderStatus.PAID:
            await self._notices.order_moved(unit, await self._submitted(unit, order))

    async def _wait_missing(self, unit: Unit, order: Order, look: Look) -> None:
        missing = look.missing + 1
        if missing < MISSING_LOOKS:
            await self._wait(unit, order, Look(look.number, missing=missing))
        else:
            await self._submit(unit, order)

    async def _wait_silent(self, unit: Unit, order: Order, look: Look) -> None:
        silent = look.silent + 1
        if silent <= UNANSWERED_LOOKS:
            await self._wait(unit, order, Look(look.number, silent=silent))
        else:
            await self._lose_track(unit, order)

    async def _lose_track(self, unit: Unit, order: Order) -> None:
        order = await self._submitted(unit, order)
        self._stop_timers(unit, order)
        lost = await unit.orders.move(
            replace(order, reason="carrier_silent"), OrderEvent.LOSE_TRACK, self._clock.now()
        )
        await self._notices.order_moved(unit, lost)
        await self._notices.order_in_review(unit, lost)

    async def _activate(self, unit: Unit, order: Order, done: CarrierOrder) -> None:
        order = await self._submitted(unit, order)
        line = await line_of(unit, order)
        now = self._clock.now()
        starts_at = done.starts_at or order.starts_at or now
        ends_at = done.valid_until or after_days(starts_at, order.days, line.reset_zone)
        ready = await unit.orders.move(
            replace(order, fulfilled_at=now, starts_at=starts_at, ends_at=ends_at),
            OrderEvent.ACTIVATE,
            now,
        )
        self._stop_timers(unit, order)
        unit.ledger.post(ledger.activation(order.id, order.price), now)
        unit.entitlements.add(
            Entitlement(order.id, order.line_id, order.plan_code, starts_at, ends_at)
        )
        unit.readings.mark_asked(line.id, now)
        unit.outbox.carrier(ReadLine(line.id, line.ref, line.msisdn))
        await self._notices.order_moved(unit, ready)
        await self._notices.order_ready(unit, ready)

    def _stop_timers(self, unit: Unit, order: Order) -> None:
        unit.timers.cancel(look_timer(order.id))
        unit.timers.cancel(delay_timer(order.id))


async def line_of(unit: Unit, order: Order) -> Line:
    line = await unit.lines.get(order.line_id)
    if line is None:
        raise LookupError(f"{order.id}: its line is gone")
    return line


def carrier_key(order_id: str) -> str:
    """Our idempotency key at the carrier, the same for every attempt."""
    return f"order:{order_id}:fulfil"


def look_timer(order_id: str) -> str:
    return f"order:{order_id}:look"


def delay_timer(order_id: str) -> str:
    return f"order:{order_id}:delay"
