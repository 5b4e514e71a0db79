"""Read the audit: who did what at the desk, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.operator import AuditEntry
from bot.services.unit import Unit

A_PAGE: Final = 6


@dataclass(frozen=True, slots=True)
class AuditPage:
    entries: Sequence[AuditEntry]
    names: Mapping[int, str]
    """Of the operators who did it, as far as the bot knows them."""
    number: int
    """From 0 on."""
    last: int
    zone: ZoneInfo


class ReadAudit:
    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    async def page(self, unit: Unit, number: int) -> AuditPage:
        """The nearest page there is."""
        last = max(0, (await unit.audit.count() - 1) // A_PAGE)
        number = min(number, last)
        entries = await unit.audit.page(A_PAGE, number * A_PAGE)
        names = {}
        for who in {each.who for each in entries if each.who is not None}:
            known = await unit.subscribers.find(who)
            if known is not None:
                names[who] = known.name
        return AuditPage(entries, names, number, last, self._zone)
