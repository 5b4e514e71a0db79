"""Follow the moves of Stars as Telegram lists them: what no update told of is settled, or booked.

The list only grows at its end, and how far it was read is remembered. The last few are read once
more each time: what happened within one second may yet change places.
"""

from __future__ import annotations

from typing import Final

from bot.domain.payment import Charge, PaymentMethod, Settlement
from bot.services.follow_refund import FollowRefund
from bot.services.platform import PlatformRefund, RefundState
from bot.services.platform_port import Operators
from bot.services.platform_requests import RefundsSeen
from bot.services.settle_payment import SettlePayment
from bot.services.stars_requests import PAGE, ReadStars, StarsMove, StarsRead
from bot.services.unit import Unit

CURSOR: Final = "stars"
ONCE_MORE: Final = 20


class FollowStars:
    def __init__(self, settle: SettlePayment, refunds: FollowRefund, operators: Operators) -> None:
        self._settle = settle
        self._refunds = refunds
        self._operators = operators

    async def take(self, unit: Unit, move: StarsMove) -> None:
        """Counts the charge, or the refund, if it is not counted yet."""
        if move.is_refund:
            back = PlatformRefund(
                move.charge_id, move.charge_id, move.amount, RefundState.DONE, key=None
            )
            await self._refunds.on_seen(unit, RefundsSeen([back]))
            return
        charge = Charge(
            id=move.charge_id,
            payment_id=move.payment_id or "",
            payer_id=move.person_id,
            amount=move.amount,
            platform_ref="",
            charged_at=move.at,
        )
        did = await self._settle.settle_charge(unit, charge, PaymentMethod.STARS)
        if did in {Settlement.MISMATCH, Settlement.UNKNOWN_PAYMENT}:
            await self._operators.page(unit, "charge_fits_no_order", charge=charge.id, did=did)

    def read_on(self, unit: Unit, answer: StarsRead) -> bool:
        """Remembers how far that was, and asks for the next page; False when this was the last."""
        reached = answer.offset + answer.listed
        unit.cursors.set(CURSOR, str(reached))
        if answer.listed < PAGE:
            return False
        unit.outbox.stars(ReadStars(reached))
        return True


async def read_stars(unit: Unit) -> None:
    """From a little before where the last reading ended."""
    reached = int(await unit.cursors.get(CURSOR) or 0)
    unit.outbox.stars(ReadStars(max(0, reached - ONCE_MORE)))
