"""Read the audit: who did what at the desk, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.forgetting import is_pseudonym
from bot.domain.line import Line
from bot.domain.operator import AuditEntry
from bot.services.unit import Unit

A_PAGE: Final = 6


@dataclass(frozen=True, slots=True)
class AuditPage:
    entries: Sequence[AuditEntry]
    names: Mapping[int, str]
    """Of the operators who did it and of whom it was done to, as far as the bot knows them."""
    lines: Mapping[int, Line]
    """Of which it was done to."""
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
        subjects = [each.subject for each in entries]
        people = {each.who for each in entries if each.who is not None}
        people |= {int(each) for each in subjects if is_number(each)}
        names = {}
        for who in people:
            known = await unit.subscribers.find(who)
            if known is not None and not is_pseudonym(who):
                names[who] = known.name
        lines = {}
        for line_id in filter(None, map(line_of, subjects)):
            line = await unit.lines.get(line_id)
            if line is not None:
                lines[line_id] = line
        return AuditPage(entries, names, lines, number, last, self._zone)


def is_number(subject: str) -> bool:
    return subject.isascii() and subject.isdecimal()


def line_of(subject: str) -> int | None:
    """The line's id where the subject is a line: ``line 7``."""
    kind, _, number = subject.partition(" ")
    return int(number) if kind == "line" and is_number(number) else None
