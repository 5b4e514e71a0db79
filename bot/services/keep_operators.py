"""Keep the operators: who has which role.

The first owners come from the settings; from then on owners appoint and dismiss, in the chat. An
owner named in the settings whose role was taken away does not get it back by a restart.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.errors import LastOwner
from bot.domain.operator import AuditEntry, Deed, Operator, Role
from bot.services.authority import Authority
from bot.services.desk_port import DeskNotices
from bot.services.ports import Clock
from bot.services.unit import Unit


class KeepOperators:
    def __init__(self, clock: Clock, authority: Authority, notices: DeskNotices) -> None:
        self._clock = clock
        self._authority = authority
        self._notices = notices

    async def appoint_first(self, unit: Unit, owners: Iterable[int]) -> None:
        """Makes owners of those who never had a role."""
        for subscriber_id in owners:
            if not await unit.roles.was_ever_operator(subscriber_id):
                await self._grant(unit, None, subscriber_id, Role.OWNER)

    async def appoint_at_terminal(self, unit: Unit, subscriber_id: int, role: Role) -> None:
        """Whoever may write beside the database may do this, as they could write into it. Raises
        `LastOwner`."""
        await self._grant(unit, None, subscriber_id, role)

    async def appoint(self, unit: Unit, by: int, subscriber_id: int, role: Role) -> None:
        """Gives the person that role, in place of a former one. Raises `NotAllowed`,
        `LastOwner`."""
        await self._authority.require(unit, by, Deed.KEEP_OPERATORS)
        await self._grant(unit, by, subscriber_id, role)

    async def dismiss(self, unit: Unit, by: int, subscriber_id: int) -> None:
        """Takes the person's role away. Raises `NotAllowed`, `LastOwner`."""
        await self._authority.require(unit, by, Deed.KEEP_OPERATORS)
        former = await unit.roles.of(subscriber_id)
        if former is None:
            return
        await self._check_not_last(unit, former)
        unit.roles.revoke(subscriber_id, self._clock.now())
        self._record(unit, by, subscriber_id, former.role, None)
        await self._notices.role_changed(unit, subscriber_id, None)

    async def _grant(self, unit: Unit, by: int | None, subscriber_id: int, role: Role) -> None:
        former = await unit.roles.of(subscriber_id)
        if former is not None:
            if former.role is role:
                return
            await self._check_not_last(unit, former)
        unit.roles.grant(Operator(subscriber_id, role, by, self._clock.now()))
        self._record(unit, by, subscriber_id, former.role if former else None, role)
        await self._notices.role_changed(unit, subscriber_id, role)

    async def _check_not_last(self, unit: Unit, leaving: Operator) -> None:
        owners = [each for each in await unit.roles.holders() if each.role is Role.OWNER]
        if [each.subscriber_id for each in owners] == [leaving.subscriber_id]:
            raise LastOwner

    def _record(
        self, unit: Unit, by: int | None, whom: int, before: Role | None, after: Role | None
    ) -> None:
        states = [None if role is None else {"role": role} for role in (before, after)]
        entry = AuditEntry(by, Deed.KEEP_OPERATORS, self._clock.now(), str(whom), *states)
        unit.audit.record(entry)
