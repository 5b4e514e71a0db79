"""Maintenance: purchases pause, and those who write are told; what was paid is processed as ever.

It begins and ends by an owner's word and survives a restart. A pre-checkout is refused before money
moves, also of an order that was confirmed before. Renewals that were agreed to in advance go on:
their day does not wait.
"""

from __future__ import annotations

from bot.domain.errors import UnderMaintenance
from bot.domain.operator import AuditEntry, Deed
from bot.services.authority import Authority
from bot.services.ports import Clock
from bot.services.unit import Unit


class Maintain:
    def __init__(self, clock: Clock, authority: Authority) -> None:
        self._clock = clock
        self._authority = authority

    async def is_on(self, unit: Unit) -> bool:
        return await unit.maintenance.is_on()

    async def check_open(self, unit: Unit) -> None:
        """Raises `UnderMaintenance`."""
        if await unit.maintenance.is_on():
            raise UnderMaintenance

    async def switch(self, unit: Unit, by: int, *, on: bool) -> None:
        """Begins or ends it; done already, it stays as it is. Raises `NotAllowed`."""
        await self._authority.require(unit, by, Deed.MAINTAIN)
        if await unit.maintenance.is_on() is on:
            return
        now = self._clock.now()
        if on:
            unit.maintenance.begin(by, now)
        else:
            unit.maintenance.end(now)
        before, after = ({"purchases": "paused" if each else "open"} for each in (not on, on))
        unit.audit.record(AuditEntry(by, Deed.MAINTAIN, now, "maintenance", before, after))
