"""The table of roles and deeds, cell by cell, over the real dialogue: each step of each deed by
each role, and by somebody who has none."""

from __future__ import annotations

import pytest

from bot.domain.operator import MAY, Deed, Operator, Role
from tests.handlers.desk.conftest import Appointed, audited, loses_the_role
from tests.handlers.facts import NOW
from tests.handlers.rehearsal import Person, Rehearsal

DENIED = "Your role does not allow this"

STEPS: dict[Deed, list[str]] = {
    Deed.OPEN_DESK: ["/desk", "v1:desk"],
    Deed.LOOK_UP: [
        "v1:lookup", "v1:person:1001", "v1:theirline:1", "v1:moved:1", "v1:deskorder:LEB-1",
    ],
    Deed.ANNOUNCE: [
        "/announce", "v1:announce", "v1:another", "v1:words:en", "v1:offers", "v1:nooffers",
        "v1:audience", "v1:byplan", "v1:bylanguage", "v1:bycountry:0", "v1:bynumber", "v1:to:all:",
        "v1:when", "v1:atonce", "v1:locally", "v1:silently", "v1:category", "v1:test", "v1:go",
        "v1:go!", "v1:told", "v1:toldpage:1", "v1:told1:1", "v1:toldcsv:1", "v1:toldrest:2-7:1",
        "v1:hold:pause:1", "v1:correct:en:1", "v1:recall:1", "v1:recall!:1",
    ],
    Deed.REFUND: ["v1:refund:LEB-1", "v1:refund!:LEB-1"],
    Deed.RETRY: ["v1:retry:LEB-1"],
    Deed.CREDIT: ["v1:credit:1", "v1:credit!:t"],
    Deed.WRITE: ["v1:write:1001", "v1:write!:t"],
    Deed.KEEP_PLANS: [
        "v1:plans:0", "v1:preview", "v1:deskplan:M30", "v1:planup:M30", "v1:planedit:M30",
        "v1:plancopy:M30", "v1:plansell:t", "v1:planout:M30", "v1:planout!:M30",
    ],
    Deed.KEEP_COUPONS: [
        "v1:deskcoupons:0", "v1:deskcoupon:X", "v1:couponnew", "v1:couponissue:t",
        "v1:couponstop:X", "v1:couponstop!:X",
    ],
    Deed.SEE_WAITING: ["v1:waiting:0", "v1:case:1", "v1:casesent:1"],
    Deed.CLOSE_CASE: ["v1:caseclose:1"],
    Deed.READ_STATISTICS: ["v1:stats:1", "v1:statspic", "v1:statsout"],
    Deed.MAINTAIN: ["v1:maintain", "v1:pause", "v1:unpause"],
    Deed.READ_AUDIT: ["v1:audit:0"],
    Deed.KEEP_OPERATORS: [
        "v1:staff:0", "v1:operator:1003", "v1:appoint", "v1:role:support:1003",
        "v1:role!:support:1003", "v1:dismiss:1003", "v1:dismiss!:1003",
    ],
}  # fmt: skip
"""How each deed is begun and confirmed: commands, and what keys say. What is above the limit of a
refund depends on the order: `test_lookup` and `test_desk` hold that."""
TYPED: list[tuple[Deed, str]] = [
    (Deed.ANNOUNCE, "v1:words:en"), (Deed.ANNOUNCE, "v1:offers"), (Deed.ANNOUNCE, "v1:bynumber"),
    (Deed.ANNOUNCE, "v1:when"), (Deed.LOOK_UP, "v1:lookup"), (Deed.CREDIT, "v1:credit:1"),
    (Deed.WRITE, "v1:write:1001"), (Deed.KEEP_PLANS, "v1:planedit:M30"),
    (Deed.KEEP_COUPONS, "v1:couponnew"), (Deed.KEEP_OPERATORS, "v1:appoint"),
]  # fmt: skip
"""The keys after which something is typed."""

CELLS = [(deed, step, role) for deed, steps in STEPS.items() for step in steps for role in Role]


async def does(person: Person, step: str) -> str:
    return await (person.sends(step) if step.startswith("/") else person.presses_data(step))


@pytest.mark.parametrize(("deed", "step", "role"), CELLS)
async def test_each_step_of_each_deed_is_for_the_roles_of_the_table(
    stage: Rehearsal, appointed: Appointed, lin: Person, deed: Deed, step: str, role: Role
) -> None:
    operator = await appointed(role)
    shown = await does(operator, step)
    assert (DENIED in shown) == (role not in MAY[deed])
    if role not in MAY[deed]:
        assert await audited(stage) == []


@pytest.mark.parametrize("step", [step for steps in STEPS.values() for step in steps])
async def test_no_step_answers_somebody_who_is_no_operator(
    stage: Rehearsal, lin: Person, step: str
) -> None:
    await does(lin, step)
    given = [(each.method, each.parameters) for each in lin.saw]
    await does(lin, "/unknown" if step.startswith("/") else "v1:unknown")
    assert given == [(each.method, each.parameters) for each in lin.saw]
    assert await audited(stage) == []


@pytest.mark.parametrize(("deed", "step"), TYPED)
async def test_what_a_demoted_operator_types_into_an_open_step_is_not_taken(
    stage: Rehearsal, appointed: Appointed, lin: Person, deed: Deed, step: str
) -> None:
    owner, other = await appointed(Role.OWNER), min(set(Role) - MAY[deed], default=None)
    await owner.presses_data(step)
    await loses_the_role(stage, owner)
    if other is not None:
        async with stage.store.unit() as unit:
            unit.roles.grant(Operator(owner.id, other, None, NOW))
    said = await owner.sends("20 of goodwill")
    assert (DENIED in said) == (other is not None)
    assert await audited(stage) == []


def test_every_deed_has_its_steps_here() -> None:
    assert set(STEPS) == set(Deed) - {Deed.REFUND_ABOVE_LIMIT}


def test_the_owner_may_do_everything_and_every_deed_is_somebodys() -> None:
    assert set(MAY) == set(Deed)
    assert all(Role.OWNER in roles for roles in MAY.values())
