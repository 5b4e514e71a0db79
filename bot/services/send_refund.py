"""Send a refund that is owed through the platform by which its charge came."""

from __future__ import annotations

from bot.domain.money import Money
from bot.services.platform_requests import RefundCharge
from bot.services.unit import Unit


async def send_back(
    unit: Unit, key: str, order_id: str, charge_id: str | None, amount: Money
) -> None:
    """``charge_id`` is None for what the order cost: then it is the charge that paid it."""
    if charge_id is None:
        paying = await unit.payments.paying_charge(order_id)
        if paying is None:
            raise LookupError(f"{order_id}: no charge paid it")
        charge_id = paying.id
    unit.outbox.platform(RefundCharge(key, charge_id, amount))
