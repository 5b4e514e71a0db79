"""Find the plan of an order, in the version that was ordered."""

from __future__ import annotations

from bot.domain.errors import UnknownPlan
from bot.domain.order import Order, Renewal, TopUp
from bot.domain.plan import Plan
from bot.services.unit import Unit


async def plan_of(unit: Unit, order: Order) -> Plan | None:
    """None for a top-up."""
    match order.buys:
        case Renewal() as renewal:
            return await renewed_plan(unit, renewal)
        case TopUp():
            return None


async def last_sold(unit: Unit, code: str | None) -> Plan | None:
    """The plan in the version that was sold last, on sale or not."""
    if code is None:
        return None
    return await unit.catalogue.version(code, await unit.catalogue.latest_version(code))


async def renewed_plan(unit: Unit, renewal: Renewal) -> Plan:
    plan = await unit.catalogue.version(renewal.plan_code, renewal.plan_version)
    if plan is None:
        raise UnknownPlan(renewal.plan_code)
    return plan
