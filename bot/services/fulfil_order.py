"""Fulfil an order: have the carrier deliver what was paid, exactly once, or give the money back.

    paid ─ submit ─▶ answered pending ─▶ look, look, look … ─▶ done ─▶ fulfilled
             │                                              └▶ rejected ─▶ money back
             └▶ no answer ─▶ look: known ─▶ as above; not there, twice ─▶ submit again
                                    └▶ never an answer ─▶ review, by an operator

A top-up needs no carrier: it is in the wallet as soon as it is paid.
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
from bot.domain.errors import AuthFailed, OutOfFunds, WrongOrderStatus
from bot.domain.line import Line
from bot.domain.order import ACTIVATION_PROMISE, Order, OrderEvent, OrderStatus, TopUp
from bot.services.close_case import CloseCase
from bot.services.open_case import OpenCase
from bot.services.order_keys import carrier_key, delay_timer, look_timer
from bot.services.ports import CarrierOrder, CarrierOrderState, Clock, Notices
from bot.services.refund_order import REFUND_FAILED, RefundOrder
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
SHORTEST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(minutes=30)
FOR_THE_OPERATOR: Final = frozenset({AuthFailed.__name__, OutOfFunds.__name__})
"""Refusals that are the operator's to mend: see `CarrierError.operator_must_act`."""
NOT_THEIR_LINE: Final = "not_their_line"
"""Why an order goes back whose line was unlinked before the money came."""
SILENT: Final = "carrier_silent"
REFUSED: Final = "carrier_refuses_operator"
LOST: Final = frozenset({SILENT, REFUSED})
"""Why an order is in review that may be tried again."""
UNDER_WAY: Final = frozenset({OrderStatus.PAID, OrderStatus.FULFILLING})


class FulfilOrder:
    """``open_case``, ``close_case``: an order that takes too long is the operators' case."""

    def __init__(
        self, clock: Clock, notices: Notices, refund: RefundOrder, open_case: OpenCase,
        close_case: CloseCase,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._notices = notices
        self._refund = refund
        self._open_case = open_case
        self._close_case = close_case

    async def begin(self, unit: Unit, order: Order) -> None:
        """In the payment's own transaction: stages the submission of a renewal, or puts a top-up
        into the wallet, which needs no carrier. Nobody pays for a line that is somebody else's by
        now: the money goes back."""
        if await unit.lines.holder(order.line_id) != order.subscriber_id:
            await self._refund.give_back(unit, order, NOT_THEIR_LINE, OrderEvent.REJECT)
            return
        if isinstance(order.buys, TopUp):
            await self._credit(unit, order)
            return
        await self._submit(unit, order)
        promised = self._clock.now() + ACTIVATION_PROMISE
        unit.timers.set(delay_timer(order.id), "order_delay", {"order_id": order.id}, promised)
        await self._notices.order_moved(unit, order)

    async def retry(self, unit: Unit, order: Order) -> None:
        """Looks at the carrier anew, as after a submission whose outcome is unknown: what it has is
        followed, what it twice says it has not is submitted again.

        Raises `WrongOrderStatus` for an order that is neither under way nor lost on the way.
        """
        lost = order.status is OrderStatus.REVIEW and order.reason in LOST
        if isinstance(order.buys, TopUp) or not (lost or order.status in UNDER_WAY):
            raise WrongOrderStatus(order.id, order.status)
        if lost:
            order = await unit.orders.move(
                replace(order, reason=None), OrderEvent.RETRY, self._clock.now()
            )
            await self._notices.order_moved(unit, order)
        unit.outbox.carrier(LookUpOrder(order.id, carrier_key(order.id), Look()))

    # ── what the carrier answered ─────────────────────────────────────────────────────────────────

    async def on_answered(self, unit: Unit, answer: OrderAnswered) -> None:
        """An order in review belongs to an operator: only its delivery is still taken, unless its
        money is on its way back. Of one that is delivered, only the dates."""
        order = await unit.orders.get(answer.order_id)
        if order is not None and order.status is OrderStatus.FULFILLED:
            await self._redate(unit, order, answer.order)
        if order is None or order.status not in {*UNDER_WAY, OrderStatus.REVIEW}:
            return
        if order.reason == REFUND_FAILED:
            return
        match answer.order.state:
            case CarrierOrderState.DONE:
                await self._activate(unit, order, answer.order)
            case _ if order.status is OrderStatus.REVIEW:
                return
            case CarrierOrderState.REJECTED:
                await self._give_back(unit, order, answer.order.reason or "rejected")
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
        in either case nothing was done there. What an operator can mend is waited for: it stands
        in the way of all orders, and none of them is at fault."""
        order = await unit.orders.get(order_id)
        if order is None or order.status not in UNDER_WAY:
            return
        taken_back = await unit.cancellations.open_of(order.id) is not None
        if error in FOR_THE_OPERATOR and not taken_back:
            await self._wait_for_operator(unit, order)
        else:
            await self._give_back(unit, order, error)

    # ── timers ────────────────────────────────────────────────────────────────────────────────────

    async def on_look_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        order = await unit.orders.get(timer["order_id"])
        if order is not None and order.status in UNDER_WAY:
            look = Look(**timer["look"])
            unit.outbox.carrier(LookUpOrder(order.id, carrier_key(order.id), look))

    async def on_submission_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        """The carrier may take by now what it refused for the operator's sake."""
        order = await unit.orders.get(timer["order_id"])
        if order is not None and order.status in UNDER_WAY:
            await self._submit(unit, order)

    async def on_delay_due(self, unit: Unit, timer: dict[str, Any]) -> None:
        """Half an hour after the payment and not delivered: say so, and offer support."""
        order = await unit.orders.get(timer["order_id"])
        if order is None or order.status not in UNDER_WAY or order.delayed:
            return
        unit.orders.mark_delayed(order.id)
        late = replace(order, delayed=True)
        await self._notices.order_moved(unit, late)
        await self._notices.order_delayed(unit, late)
        await self._open_case.delayed(unit, late)

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _credit(self, unit: Unit, order: Order) -> None:
        now = self._clock.now()
        order = await self._submitted(unit, order)
        unit.ledger.post(ledger.top_up(order.id, order.line_id, order.total), now)
        credited = await unit.orders.move(
            replace(order, fulfilled_at=now), OrderEvent.ACTIVATE, now
        )
        await self._notices.order_moved(unit, credited)
        await self._notices.topped_up(unit, credited)

    async def _submit(self, unit: Unit, order: Order) -> None:
        line = await line_of(unit, order)
        unit.outbox.carrier(
            SubmitOrder(
                order_id=order.id,
                key=carrier_key(order.id),
                ref=line.ref,
                msisdn=line.msisdn,
                plan_code=order.renewal.plan_code,
                periods=order.renewal.periods,
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
        elif await unit.cancellations.open_of(order.id) is not None:
            await self._give_back(unit, order, "not_submitted")
        else:
            await self._submit(unit, order)

    async def _wait_for_operator(self, unit: Unit, order: Order) -> None:
        """Plans the next submission, with pauses that grow with the time it has taken so far."""
        now = self._clock.now()
        waited = now - (order.paid_at or now)
        if waited > GIVE_UP_AFTER:
            await self._lose_track(unit, order, REFUSED)
            return
        pause = min(max(waited, SHORTEST_PAUSE), LONGEST_PAUSE)
        unit.timers.set(
            look_timer(order.id), "order_submission", {"order_id": order.id}, now + pause
        )

    async def _wait_silent(self, unit: Unit, order: Order, look: Look) -> None:
        silent = look.silent + 1
        if silent <= UNANSWERED_LOOKS:
            await self._wait(unit, order, Look(look.number, silent=silent))
        else:
            await self._lose_track(unit, order)

    async def _lose_track(self, unit: Unit, order: Order, reason: str = SILENT) -> None:
        order = await self._submitted(unit, order)
        self._stop_timers(unit, order)
        lost = await unit.orders.move(
            replace(order, reason=reason), OrderEvent.LOSE_TRACK, self._clock.now()
        )
        await self._notices.order_moved(unit, lost)
        await self._notices.order_in_review(unit, lost)

    async def _activate(self, unit: Unit, order: Order, done: CarrierOrder) -> None:
        order = await self._submitted(unit, order)
        line = await line_of(unit, order)
        now = self._clock.now()
        starts_at = done.starts_at or order.starts_at or now
        ends_at = done.valid_until or after_days(starts_at, order.renewal.days, line.reset_zone)
        ready = await unit.orders.move(
            replace(order, fulfilled_at=now, starts_at=starts_at, ends_at=ends_at),
            OrderEvent.ACTIVATE,
            now,
        )
        self._stop_timers(unit, order)
        unit.ledger.post(ledger.activation(order.id, order.price), now)
        unit.entitlements.add(
            Entitlement(order.id, order.line_id, order.renewal.plan_code, starts_at, ends_at)
        )
        unit.readings.mark_asked(line.id, now)
        unit.outbox.carrier(ReadLine(line.id, line.ref, line.msisdn))
        await self._notices.order_moved(unit, ready)
        await self._notices.order_ready(unit, ready)
        await self._close_case.order_settled(unit, ready)

    async def _give_back(self, unit: Unit, order: Order, reason: str) -> None:
        """To somebody who wanted it back, that is the reason."""
        cancellation = await unit.cancellations.open_of(order.id)
        known = cancellation.reason if cancellation is not None else reason
        await self._refund.give_back(unit, order, known, OrderEvent.REJECT, reason)
        await self._close_case.order_settled(unit, order)

    async def _redate(self, unit: Unit, order: Order, said: CarrierOrder) -> None:
        """A queued plan moves up when the one before it was cancelled: the dates are the
        carrier's."""
        if not order.is_queued(self._clock.now()) or said.state is not CarrierOrderState.DONE:
            return
        if said.starts_at is None or said.valid_until is None:
            return
        moved = replace(order, starts_at=said.starts_at, ends_at=said.valid_until)
        if moved == order:
            return
        unit.orders.redate(moved)
        unit.entitlements.remove(order.id)
        plan_code, ends_at = order.renewal.plan_code, said.valid_until
        unit.entitlements.add(
            Entitlement(order.id, order.line_id, plan_code, said.starts_at, ends_at)
        )
        await self._notices.order_moved(unit, moved)

    def _stop_timers(self, unit: Unit, order: Order) -> None:
        unit.timers.cancel(look_timer(order.id))
        unit.timers.cancel(delay_timer(order.id))


async def line_of(unit: Unit, order: Order) -> Line:
    line = await unit.lines.get(order.line_id)
    if line is None:
        raise LookupError(f"{order.id}: its line is gone")
    return line
