"""Miss an automatic renewal: nothing was charged, the subscriber is reminded once, and it is not
tried again for this period."""

from __future__ import annotations

from datetime import datetime

from bot.domain.auto_renewal import AutoRenewal, Missed
from bot.domain.order import Order, OrderEvent
from bot.services.close_order import close_unpaid
from bot.services.ports import Notices
from bot.services.unit import Unit


async def miss_renewal(
    unit: Unit, notices: Notices, renewal: AutoRenewal, why: Missed
) -> AutoRenewal:
    done = renewal.done()
    unit.auto_renewals.put(done)
    await notices.renewal_missed(unit, done, why)
    return done


async def miss_order(
    unit: Unit, notices: Notices, renewal: AutoRenewal, order: Order, why: Missed, now: datetime
) -> None:
    """Its charge came to nothing: the order closes at once, so that it is not paid by mistake."""
    closed = await close_unpaid(unit, order, OrderEvent.CANCEL, now)
    await notices.order_moved(unit, closed)
    await miss_renewal(unit, notices, renewal, why)
