"""Send a refund that is owed back the way its charge came, where that can be asked for.

card, Alipay, WeChat Pay ─▶ the payment platform          wallet: it has its money at once
Stars ────────────────────▶ Telegram                      invoice: an operator sends it
"""

from __future__ import annotations

from bot.domain.payment import Charge, PaymentMethod, Refund
from bot.services.platform_requests import RefundCharge
from bot.services.stars_requests import RefundStars
from bot.services.unit import Unit


async def send_back(unit: Unit, key: str) -> None:
    """May be asked again as long as the refund of that key is owed."""
    refund = await unit.payments.refund(key)
    if refund is None:
        raise LookupError(key)
    if not refund.method.sends_back:
        return
    charge = await _charge_of(unit, refund)
    if refund.method is PaymentMethod.STARS:
        unit.outbox.stars(RefundStars(key, charge.payer_id, charge.id, refund.amount))
    else:
        unit.outbox.platform(RefundCharge(key, charge.id, refund.amount))


async def payer_of(unit: Unit, refund: Refund) -> int:
    """To whom the money goes. Raises `LookupError` for a refund into a wallet."""
    return (await _charge_of(unit, refund)).payer_id


async def _charge_of(unit: Unit, refund: Refund) -> Charge:
    """What is refunded for the order is the charge that paid it."""
    if refund.charge_id is None:
        charge = await unit.payments.paying_charge(refund.order_id)
    else:
        charges = await unit.payments.charges_of(refund.order_id)
        charge = next((each for each in charges if each.id == refund.charge_id), None)
    if charge is None:
        raise LookupError(f"{refund.key}: no charge is known that it gives back")
    return charge
