"""Stock the catalogue: put the operator's plans on sale, and issue the coupons, where there never
were plans."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.coupon import Coupon
from bot.domain.plan import Plan
from bot.services.ports import Clock
from bot.services.unit import Unit


class StockCatalogue:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def first_time(
        self, unit: Unit, plans: Sequence[Plan], coupons: Sequence[Coupon] = ()
    ) -> bool:
        """Puts the plans on sale in their order, unless the store has had plans before."""
        for plan in plans:
            if await unit.catalogue.latest_version(plan.code):
                return False
        for position, plan in enumerate(plans):
            unit.catalogue.put_on_sale(plan, position, self._clock.now())
        for coupon in coupons:
            unit.coupons.issue(coupon, self._clock.now())
        return True
