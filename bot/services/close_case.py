"""Close a support case, by an operator's word; the subscriber is told once, and may reopen it."""

from __future__ import annotations

from bot.domain.errors import UnknownSubject
from bot.domain.operator import AuditEntry, Deed
from bot.domain.order import Order
from bot.domain.support import CaseReason, SupportCase
from bot.services.authority import Authority
from bot.services.ports import Clock
from bot.services.support_port import SupportNotices
from bot.services.unit import Unit


class CloseCase:
    def __init__(self, clock: Clock, authority: Authority, notices: SupportNotices) -> None:
        self._clock = clock
        self._authority = authority
        self._notices = notices

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

    async def order_settled(self, unit: Unit, order: Order) -> None:
        """A case that the order's delay has opened, and in which nobody wrote, is over with it;
        the subscriber hears of the order itself."""
        case = await unit.cases.open_of(order.subscriber_id)
        opened_by_it = case is not None and case.order_id == order.id
        if case is not None and opened_by_it and case.why is CaseReason.DELAYED and case.is_silent:
            await unit.cases.close(case.id, self._clock.now())

    async def _close(self, unit: Unit, case: SupportCase) -> SupportCase | None:
        """None when it is closed already."""
        closed = await unit.cases.close(case.id, self._clock.now())
        if closed is not None:
            await self._notices.closed(unit, closed)
        return closed
