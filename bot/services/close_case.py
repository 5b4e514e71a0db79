"""Close a support case, by an operator's word; the subscriber is told once, and may reopen it."""

from __future__ import annotations

from bot.domain.errors import UnknownSubject
from bot.domain.operator import AuditEntry, Deed
from bot.domain.order import Order
from bot.domain.support import CaseReason, SupportCase
from bot.services.authority import Authority
from bot.services.ports import Clock
from bot.services.relay_support import RelaySupport
from bot.services.support_port import SupportNotices
from bot.services.unit import Unit


class CloseCase:
    def __init__(
        self, clock: Clock, authority: Authority, notices: SupportNotices, relay: RelaySupport
    ) -> None:
        self._clock = clock
        self._authority = authority
        self._notices = notices
        self._relay = relay

    async def at_desk(self, unit: Unit, by: int, case_id: int) -> SupportCase:
        """The case as it is then. Raises `NotAllowed`, `UnknownSubject`."""
        await self._authority.require(unit, by, Deed.CLOSE_CASE)
        case = await unit.cases.get(case_id)
        if case is None:
            raise UnknownSubject(str(case_id))
        closed = await self._close(unit, case)
        if closed is None:
            return case
        subject, now = str(case.subscriber_id), self._clock.now()
        before, after = {"case": case.status}, {"case": closed.status}
        unit.audit.record(AuditEntry(by, Deed.CLOSE_CASE, now, subject, before, after))
        return closed

    async def in_topic(self, unit: Unit, subscriber_id: int, *, by_hand: bool = False) -> bool:
        """Whoever is in the operators' group may; False when no case is open. ``by_hand``: the
        topic was closed, and the case with it."""
        case = await unit.cases.open_of(subscriber_id)
        return case is not None and await self._close(unit, case, turn=not by_hand) is not None

    async def order_settled(self, unit: Unit, order: Order) -> None:
        """A case that the order's delay has opened, and in which nobody wrote, is over with it;
        the subscriber hears of the order itself."""
        case = await unit.cases.open_of(order.subscriber_id)
        if case is None or case.order_id != order.id or case.why is not CaseReason.DELAYED:
            return
        if case.is_silent and await unit.cases.close(case.id, self._clock.now()) is not None:
            await self._relay.end(unit, case)

    async def _close(
        self, unit: Unit, case: SupportCase, *, turn: bool = True
    ) -> SupportCase | None:
        """None when it is closed already."""
        closed = await unit.cases.close(case.id, self._clock.now())
        if closed is not None:
            await self._notices.closed(unit, closed)
            await self._relay.end(unit, closed, turn=turn)
        return closed
