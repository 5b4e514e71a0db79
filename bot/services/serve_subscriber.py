"""What operators do for one subscriber: give back, try again, credit, write.

Every deed asks for the role in its own transaction, does what the trade's own services do, and
stands in the audit; what a press repeats is done once.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain import ledger
from bot.domain.cancellation import Canceller
from bot.domain.errors import AmountOutOfRange, UnknownSubject
from bot.domain.ledger import wallet_of
from bot.domain.money import Money
from bot.domain.operator import AuditEntry, Deed, refund_deed
from bot.domain.order import Order
from bot.domain.top_up import TopUpBounds
from bot.services.authority import Authority
from bot.services.desk_port import DeskNotices
from bot.services.fulfil_order import FulfilOrder
from bot.services.ports import Clock, Notices
from bot.services.refund_order import REFUND_FAILED
from bot.services.relay_support import RelaySupport
from bot.services.take_back_order import IN_FORCE, TakeBackOrder
from bot.services.unit import Unit

BY_DESK = "by the desk"
"""The note of a refund from the desk: who it was stands in the audit."""


class ServeSubscriber:
    """``refund_limit``: up to it every refund is a `Deed.REFUND`. ``bounds``: what one credit may
    be at most is what one top-up may."""

    def __init__(
        self,
        clock: Clock,
        authority: Authority,
        notices: DeskNotices,
        of_trade: Notices,
        take_back: TakeBackOrder,
        fulfil: FulfilOrder,
        relay: RelaySupport,
        refund_limit: Money,
        bounds: TopUpBounds,
    ) -> None:
        self._clock = clock
        self._authority = authority
        self._notices = notices
        self._of_trade = of_trade
        self._take_back = take_back
        self._fulfil = fulfil
        self._relay = relay
        self._refund_limit = refund_limit
        self._bounds = bounds

    @property
    def refund_limit(self) -> Money:
        return self._refund_limit

    def refund_of(self, order: Order) -> Deed:
        return refund_deed(order.total, self._refund_limit)

    async def refund(self, unit: Unit, by: int, order_id: str) -> None:
        """Raises `NotAllowed`, `UnknownSubject`, and as `TakeBackOrder.by_operator`."""
        await self._authority.require(unit, by, Deed.REFUND)
        order = await self._order(unit, order_id)
        deed = self.refund_of(order)
        await self._authority.require(unit, by, deed)
        former = await unit.cancellations.open_of(order.id)
        is_asked = former is not None and former.asked_by is Canceller.OPERATOR
        has_begun = is_asked or order.status not in IN_FORCE or order.reason == REFUND_FAILED
        await self._take_back.by_operator(unit, order.id, BY_DESK)
        if not has_begun:
            state = {"status": order.status, "amount": str(order.total.decimal)}
            after = {**state, "status": "refund asked"}
            self._record(unit, by, deed, order.id, state, after)

    async def retry(self, unit: Unit, by: int, order_id: str) -> None:
        """Raises `NotAllowed`, `UnknownSubject`, `WrongOrderStatus`."""
        await self._authority.require(unit, by, Deed.RETRY)
        order = await self._order(unit, order_id)
        await self._fulfil.retry(unit, order)
        after = await self._order(unit, order.id)
        statuses = ({"status": each.status} for each in (order, after))
        self._record(unit, by, Deed.RETRY, order.id, *statuses)

    def check_credit(self, amount: Money) -> None:
        """Raises `AmountOutOfRange`."""
        if amount.minor <= 0 or amount > self._bounds.most:
            raise AmountOutOfRange(Money(1, amount.currency), self._bounds.most)

    async def credit(
        self, unit: Unit, by: int, line_id: int, amount: Money, reason: str, token: str
    ) -> None:
        """Puts money into the line's wallet, once for the token, and tells its holder why. Raises
        `NotAllowed`, `AmountOutOfRange`, and `UnknownSubject` also for a line that nobody holds:
        the money would be its next holder's."""
        await self._authority.require(unit, by, Deed.CREDIT)
        self.check_credit(amount)
        holder = await unit.lines.holder(line_id)
        if holder is None:
            raise UnknownSubject(str(line_id))
        journal = ledger.goodwill(token, line_id, amount)
        if await unit.ledger.has(journal.key):
            return
        before = await unit.ledger.balance(wallet_of(line_id), amount.currency)
        unit.ledger.post(journal, self._clock.now())
        self._record(
            unit, by, Deed.CREDIT, f"line {line_id}",
            {"wallet": str(before.decimal)},
            {"wallet": str((before + amount).decimal), "reason": reason},
        )  # fmt: skip
        await self._notices.credited(unit, holder, amount, reason)
        await self._of_trade.wallet_moved(unit, line_id)

    async def write(self, unit: Unit, by: int, subscriber_id: int, text: str) -> None:
        """Sends the operator's words. The audit holds how many they were, not which. Raises
        `NotAllowed`, `UnknownSubject`."""
        await self._authority.require(unit, by, Deed.WRITE)
        if await unit.subscribers.find(subscriber_id) is None:
            raise UnknownSubject(str(subscriber_id))
        self._record(unit, by, Deed.WRITE, str(subscriber_id), None, {"characters": len(text)})
        unit.cases.mark_answered(subscriber_id, self._clock.now())
        await self._relay.show_answer(unit, subscriber_id, text)
        await self._notices.written(unit, subscriber_id, text)

    async def _order(self, unit: Unit, order_id: str) -> Order:
        order = await unit.orders.get(order_id)
        if order is None:
            raise UnknownSubject(order_id)
        return order

    def _record(
        self, unit: Unit, by: int, deed: Deed, subject: str,
        before: Mapping[str, object] | None, after: Mapping[str, object] | None,
    ) -> None:  # fmt: skip
        unit.audit.record(AuditEntry(by, deed, self._clock.now(), subject, before, after))
