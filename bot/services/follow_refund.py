"""Follow what goes back through the platform: refunds to their end, disputes, and refunds that were
made in the platform's own dashboard.

    ours      due ─ sent ─▶ pending ─▶ done | failed: an operator finds another way
              done ─▶ failed: the bank did not take it after all, and it is owed again
    theirs    of a refund that we owe: that one is done
              of the whole order: the order is taken back, unless it is a top-up that is spent
              of anything else: suspense, and an operator looks
"""

from __future__ import annotations

from bot.domain import ledger
from bot.domain.dispute import Dispute, DisputeState
from bot.domain.ledger import Journal
from bot.domain.order import Order
from bot.domain.payment import Placed, Refund, RefundStatus
from bot.services.platform import PlatformDispute, PlatformRefund, RefundState
from bot.services.platform_port import Operators
from bot.services.platform_requests import (
    DisputeSeen,
    LookUpRefunds,
    RefundCharge,
    RefundsSeen,
)
from bot.services.ports import Clock, Notices
from bot.services.refund_order import RefundOrder
from bot.services.take_back_order import IN_FORCE, TakeBackOrder
from bot.services.unit import Unit

_GONE_ALREADY = "charge_already_refunded"


class FollowRefund:
    def __init__(
        self,
        clock: Clock,
        notices: Notices,
        refund: RefundOrder,
        take_back: TakeBackOrder,
        operators: Operators,
    ) -> None:
        self._clock = clock
        self._notices = notices
        self._refund = refund
        self._take_back = take_back
        self._operators = operators

    async def on_seen(self, unit: Unit, answer: RefundsSeen) -> None:
        for seen in answer.refunds:
            booked = await unit.payments.booked_as(seen.ref)
            ours = await unit.payments.refund(seen.key) if seen.key is not None else booked
            if booked is not None and seen.state is RefundState.FAILED:
                await self._fail(unit, booked, "refund_came_back")
            elif ours is not None:
                await self._follow(unit, ours, seen)
            elif seen.state is RefundState.DONE:
                await self._place(unit, seen)
            elif seen.state is RefundState.FAILED:
                await self._displace(unit, seen)

    async def on_not_sent(self, unit: Unit, request: RefundCharge, code: str) -> None:
        """It stays due, and is asked for again with the next reconciliation. What went back in
        another way is looked at: then nothing is owed any more."""
        if code == _GONE_ALREADY:
            unit.outbox.platform(LookUpRefunds(request.charge_id))
        else:
            await self._operators.page(unit, "refund_refused", refund=request.key, code=code)

    async def on_dispute(self, unit: Unit, answer: DisputeSeen) -> None:
        """Of whatever charge of ours; an order is flagged by it when the charge came for one."""
        seen = answer.dispute
        placed = await unit.payments.placed(seen.charge_id)
        if placed is None:
            await self._operators.page(unit, "dispute_of_unknown_charge", dispute=seen.ref)
            return
        known = await unit.disputes.get(seen.ref)
        if known is not None and (known.state.is_decided or known.state is seen.state):
            return
        if placed.order_id is not None:
            now = self._clock.now()
            unit.disputes.put(
                Dispute(seen.ref, placed.order_id, seen.charge_id, seen.amount, seen.state, now)
            )
            await self._show(unit, placed.order_id)
        await self._book(unit, placed, seen)
        await self._operators.page(
            unit, f"dispute_{seen.state}", dispute=seen.ref, order=placed.order_id or "none"
        )

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _show(self, unit: Unit, order_id: str) -> None:
        """On the order's card, where it stands open."""
        order = await unit.orders.get(order_id)
        if order is not None:
            await self._notices.order_moved(unit, order)

    async def _follow(self, unit: Unit, ours: Refund, seen: PlatformRefund) -> None:
        """One that came back does not go out again by itself: what says that it is done is older.
        One that an operator has sent in another way is done, whatever became of the platform's."""
        if seen.state is RefundState.DONE and ours.status is not RefundStatus.DONE:
            if not await unit.ledger.has(ledger.bounce_key(ours.key)):
                await self._refund.done(unit, ours, seen.ref)
        elif seen.state is RefundState.FAILED and ours.status is RefundStatus.DUE:
            await self._fail(unit, ours, "refund_failed")

    async def _fail(self, unit: Unit, ours: Refund, why: str) -> None:
        await self._refund.failed(unit, ours)
        await self._operators.page(unit, why, refund=ours.key, order=ours.order_id)

    async def _place(self, unit: Unit, seen: PlatformRefund) -> None:
        """A refund that we did not ask for."""
        placed = await unit.payments.placed(seen.charge_id)
        if placed is None or await unit.ledger.has(f"refund:{seen.ref}"):
            return
        order = await unit.orders.get(placed.order_id) if placed.order_id is not None else None
        owed = await self._owed(unit, order, seen) if order is not None else None
        if owed is not None:
            await self._refund.done(unit, owed, seen.ref)
        elif order is not None and await self._is_of_the_order(unit, order, seen):
            await self._take_back.by_operator(unit, order.id, "refunded at the platform")
        else:
            order_id = placed.order_id
            self._post(unit, ledger.refund_unplaced(seen.ref, placed.method, order_id, seen.amount))
            await self._operators.page(
                unit, "refund_fits_nothing", refund=seen.ref, order=order_id or "none"
            )

    async def _displace(self, unit: Unit, seen: PlatformRefund) -> None:
        """A refund that we did not ask for, and that nothing here was owed to, came back."""
        placed = await unit.payments.placed(seen.charge_id)
        was_booked = await unit.ledger.has(f"refund:{seen.ref}")
        if placed is None or not was_booked or await unit.ledger.has(ledger.bounce_key(seen.ref)):
            return
        order_id, method = placed.order_id, placed.method
        self._post(unit, ledger.unplaced_bounced(seen.ref, method, order_id, seen.amount))
        await self._operators.page(
            unit, "refund_came_back", refund=seen.ref, order=order_id or "none"
        )

    async def _is_of_the_order(self, unit: Unit, order: Order, seen: PlatformRefund) -> bool:
        paying = await unit.payments.paying_charge(order.id)
        is_whole = seen.amount == order.total and order.status in IN_FORCE
        pays = is_whole and paying is not None and paying.id == seen.charge_id
        return pays and not await self._refund.is_spent(unit, order)

    async def _owed(self, unit: Unit, order: Order, seen: PlatformRefund) -> Refund | None:
        """The refund that we owe of that charge, if it is of that amount."""
        paying = await unit.payments.paying_charge(order.id)
        for each in await unit.payments.refunds_of(order.id):
            charge_id = each.charge_id or (paying.id if paying is not None else None)
            still_owed = each.status is not RefundStatus.DONE
            if still_owed and charge_id == seen.charge_id and each.amount == seen.amount:
                return each
        return None

    async def _book(self, unit: Unit, placed: Placed, seen: PlatformDispute) -> None:
        """The money leaves once, and comes back once if the bank decides so."""
        what = seen.ref, placed.method, placed.order_id, seen.amount
        left = await unit.ledger.has(f"dispute:{seen.ref}")
        if seen.state.money_is_gone and not left:
            self._post(unit, ledger.chargeback(*what))
        elif seen.state is DisputeState.WON and left:
            won = ledger.chargeback_won(*what)
            if not await unit.ledger.has(won.key):
                self._post(unit, won)

    def _post(self, unit: Unit, journal: Journal) -> None:
        unit.ledger.post(journal, self._clock.now())
