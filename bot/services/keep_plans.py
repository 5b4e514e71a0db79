"""Keep the plans: what is on sale, in which version, in which order.

A change is a new version; orders keep the one that they were quoted, and an open quote is quoted
anew before it is paid (`bot.services.pay_order`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.errors import PlanChanged, UnknownPlan
from bot.domain.operator import AuditEntry, Deed
from bot.domain.plan import Plan
from bot.services.authority import Authority
from bot.services.differing_plans import differing
from bot.services.plan_terms import terms_of
from bot.services.ports import Clock
from bot.services.unit import Unit


class KeepPlans:
    def __init__(self, clock: Clock, authority: Authority) -> None:
        self._clock = clock
        self._authority = authority

    async def plan(self, unit: Unit, code: str) -> Plan:
        """The plan on sale. Raises `UnknownPlan`."""
        plan = await unit.catalogue.current(code)
        if plan is None:
            raise UnknownPlan(code)
        return plan

    async def put(self, unit: Unit, by: int, plan: Plan) -> None:
        """Sells the plan as it is now; ``plan.version`` is the latest of which the operator knew, 0
        for a new code. Raises `NotAllowed`, `PlanChanged`."""
        await self._authority.require(unit, by, Deed.KEEP_PLANS)
        if await unit.catalogue.latest_version(plan.code) != plan.version:
            raise PlanChanged(plan.code)
        current = await unit.catalogue.current(plan.code)
        if current != plan:
            await self._sell(unit, by, plan, current, await self._place(unit, plan.code))

    async def withdraw(self, unit: Unit, by: int, code: str) -> None:
        """Sells it no more. Raises `NotAllowed`."""
        await self._authority.require(unit, by, Deed.KEEP_PLANS)
        current = await unit.catalogue.current(code)
        if current is not None:
            self._withdraw(unit, by, current)

    async def move_up(self, unit: Unit, by: int, code: str) -> None:
        """One place up, in the list that subscribers see. Raises `NotAllowed`, `UnknownPlan`."""
        await self._authority.require(unit, by, Deed.KEEP_PLANS)
        codes = [each.code for each in await unit.catalogue.on_sale()]
        if code not in codes:
            raise UnknownPlan(code)
        place = codes.index(code)
        if place:
            codes[place - 1 : place + 1] = codes[place], codes[place - 1]
            for position, each in enumerate(codes):
                unit.catalogue.place(each, position)
            self._record(unit, by, code, {"position": place + 1}, {"position": place})

    async def replace_all_at_terminal(
        self, unit: Unit, seen: Sequence[tuple[str, int]], wanted: Sequence[Plan]
    ) -> None:
        """Sells these plans, in their order, and no others; their versions do not matter. ``seen``:
        code and version of what was on sale when the operator looked, in its order; if that is no
        longer so, nothing changes. Who may write the database may do this."""
        on_sale = await unit.catalogue.on_sale()
        if [(each.code, each.version) for each in on_sale] != list(seen):
            return
        difference = differing(on_sale, wanted)
        for plan in difference.withdrawn:
            self._withdraw(unit, None, plan)
        places = {plan.code: place for place, plan in enumerate(wanted)}
        former = {current.code: current for current, _ in difference.changed}
        for plan in (*difference.added, *(after for _, after in difference.changed)):
            latest = await unit.catalogue.latest_version(plan.code)
            sold = replace(plan, version=latest)
            await self._sell(unit, None, sold, former.get(plan.code), places[plan.code])
        for code, place in places.items():
            unit.catalogue.place(code, place)
        for code, (before, after) in difference.moved.items():
            self._record(unit, None, code, {"position": before}, {"position": after})

    async def _sell(
        self, unit: Unit, by: int | None, plan: Plan, current: Plan | None, position: int
    ) -> None:
        sold = replace(plan, version=plan.version + 1)
        unit.catalogue.put_on_sale(sold, position, self._clock.now())
        former = terms_of(current) if current is not None else None
        self._record(unit, by, plan.code, former, terms_of(plan))

    def _withdraw(self, unit: Unit, by: int | None, plan: Plan) -> None:
        unit.catalogue.withdraw(plan.code, self._clock.now())
        self._record(unit, by, plan.code, {"on_sale": True}, {"on_sale": False})

    async def _place(self, unit: Unit, code: str) -> int:
        """Where it stands, or for a new plan, behind all others."""
        codes = [each.code for each in await unit.catalogue.on_sale()]
        return codes.index(code) if code in codes else len(codes)

    def _record(
        self,
        unit: Unit,
        by: int | None,
        code: str,
        before: Mapping[str, object] | None,
        after: Mapping[str, object] | None,
    ) -> None:
        unit.audit.record(AuditEntry(by, Deed.KEEP_PLANS, self._clock.now(), code, before, after))
