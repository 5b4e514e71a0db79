"""Watch the payment platform: read its notices again and again.

A notice only says what to look at. Notices are read every few seconds while somebody may be paying,
and every minute otherwise; a webhook brings the same notices faster. What no notice told is found
by the reconciliation (`bot.services.reconcile`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from bot.services.platform import Subject
from bot.services.platform_requests import (
    LookUpDispute,
    LookUpPayment,
    LookUpRefunds,
    NoticesRead,
    ReadNotices,
)
from bot.services.ports import Clock
from bot.services.unit import Unit

WHILE_PAYING: Final = timedelta(seconds=5)
OTHERWISE: Final = timedelta(minutes=1)
_READ: Final = "platform:read"
_CURSOR: Final = "platform"


class WatchPlatform:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def begin(self, unit: Unit) -> None:
        """Now, and from now on; at each start of a bot that has a platform."""
        unit.timers.set(_READ, "platform_read", {}, self._clock.now())

    def end(self, unit: Unit) -> None:
        """The bot has no platform (any more)."""
        unit.timers.cancel(_READ)

    async def on_read_due(self, unit: Unit, _timer: dict[str, Any]) -> None:
        unit.outbox.platform(ReadNotices(await unit.cursors.get(_CURSOR)))
        pause = WHILE_PAYING if await unit.payments.open_hosted() else OTHERWISE
        unit.timers.set(_READ, "platform_read", {}, self._clock.now() + pause)

    async def on_read(self, unit: Unit, answer: NoticesRead) -> None:
        unit.cursors.set(_CURSOR, answer.cursor)

    async def on_notice(self, unit: Unit, notice: dict[str, Any]) -> None:
        ref = notice["ref"]
        match notice["subject"]:
            case Subject.PAYMENT:
                unit.outbox.platform(LookUpPayment(ref, None))
            case Subject.REFUND:
                unit.outbox.platform(LookUpRefunds(ref))
            case Subject.DISPUTE:
                unit.outbox.platform(LookUpDispute(ref))


def read_soon(unit: Unit, clock: Clock) -> None:
    """Somebody is about to pay."""
    unit.timers.set(_READ, "platform_read", {}, clock.now() + WHILE_PAYING)
