"""What differs between the plans on sale and those that are to be sold instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Difference:
    added: list[Plan]
    changed: list[tuple[Plan, Plan]]
    """As it is, and as it is to be."""
    withdrawn: list[Plan]
    moved: Mapping[str, tuple[int, int]]
    """By code, the place among those that stay, from 1: as it is, and as it is to be."""

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.withdrawn or self.moved)


def differing(on_sale: Sequence[Plan], wanted: Sequence[Plan]) -> Difference:
    """Versions are not compared: a difference is what makes a new one."""
    known = {plan.code: plan for plan in on_sale}
    stay = [plan.code for plan in wanted if plan.code in known]
    were = [plan.code for plan in on_sale if plan.code in set(stay)]
    places = {code: (were.index(code) + 1, place) for place, code in enumerate(stay, 1)}
    return Difference(
        added=[plan for plan in wanted if plan.code not in known],
        changed=[
            (known[plan.code], plan)
            for plan in wanted
            if plan.code in known
            and replace(plan, version=known[plan.code].version) != known[plan.code]
        ],
        withdrawn=[plan for plan in on_sale if plan.code not in set(stay)],
        moved={code: (was, is_) for code, (was, is_) in places.items() if was != is_},
    )
