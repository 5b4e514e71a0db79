"""Watch the payment platform: read its notices again and again, and compare now and then.

A notice only says what to look at. Notices are read every few seconds while somebody may be paying,
and every minute otherwise; a webhook brings the same notices faster. What no notice told is found
by the reconciliation: it asks after every open payment and every refund that is due, and what it
learns goes the way of any answer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from bot.domain.payment import RefundStatus
from bot.services.platform import Subject
from bot.services.platform_port import Operators
from bot.services.platform_requests import (
    LookUpDispute,
    LookUpPayment,
    LookUpRefunds,
    NoticesRead,
    ReadNotices,
)
from bot.services.ports import Clock
from bot.services.send_refund import send_back
from bot.services.unit import Unit

WHILE_PAYING: Final = timedelta(seconds=5)
OTHERWISE: Final = timedelta(minutes=1)
RECONCILE_EVERY: Final = timedelta(minutes=10)
_READ: Final = "platform:read"
_RECONCILE: Final = "platform:reconcile"
_CURSOR: Final = "platform"


class WatchPlatform:
    def __init__(self, clock: Clock, operators: Operators) -> None:
        self._clock = clock
        self._operators = operators

    def begin(self, unit: Unit) -> None:
        """Now, and from now on; at each start of a bot that has a platform."""
        now = self._clock.now()
        unit.timers.set(_READ, "platform_read", {}, now)
        unit.timers.set(_RECONCILE, "platform_reconcile", {}, now)

    def end(self, unit: Unit) -> None:
        """The bot has no platform (any more)."""
        unit.timers.cancel(_READ)
        unit.timers.cancel(_RECONCILE)

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

    async def on_reconcile_due(self, unit: Unit, _timer: dict[str, Any]) -> None:
        payments = await unit.payments.open_hosted()
        for payment in payments:
            ref = payment.page.ref if payment.page is not None else None
            unit.outbox.platform(LookUpPayment(ref, payment.id), payment.subscriber_id)
        refunds = [
            each
            for each in await unit.payments.owed_refunds()
            if each.method.is_hosted and each.status is RefundStatus.DUE
        ]
        for refund in refunds:
            await send_back(unit, refund.key, refund.order_id, refund.charge_id, refund.amount)
        self._operators.note(
            "platform_reconciled", open_payments=len(payments), due_refunds=len(refunds)
        )
        due_at = self._clock.now() + RECONCILE_EVERY
        unit.timers.set(_RECONCILE, "platform_reconcile", {}, due_at)


def read_soon(unit: Unit, clock: Clock) -> None:
    """Somebody is about to pay."""
    unit.timers.set(_READ, "platform_read", {}, clock.now() + WHILE_PAYING)
