"""The desk's people: one for each role, who have written to the bot before."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.domain.operator import AuditEntry, Operator, Role
from tests.handlers.facts import NOW
from tests.handlers.rehearsal import Person, Rehearsal

Appointed = Callable[..., Coroutine[Any, Any, Person]]
IDS = {role: 9001 + number for number, role in enumerate(Role)}
ZH_WORDS, EN_WORDS = "zh-hans", "en"


@pytest.fixture
def appointed(stage: Rehearsal) -> Appointed:
    """Somebody with that role (None: with none), who speaks English unless told otherwise."""

    async def appoint(
        role: Role | None, language: str = EN_WORDS, number: int | None = None
    ) -> Person:
        person = stage.person(number or IDS.get(role, 9999) if role else 9999, language, "Op")
        await person.sends("/start")
        if role is not None:
            async with stage.store.unit() as unit:
                unit.roles.grant(Operator(person.id, role, None, NOW))
        return person

    return appoint


async def loses_the_role(stage: Rehearsal, person: Person) -> None:
    async with stage.store.unit() as unit:
        unit.roles.revoke(person.id, NOW)


async def audited(stage: Rehearsal) -> list[AuditEntry]:
    """What stands in the audit, the newest first."""
    async with stage.store.unit() as unit:
        return await unit.audit.page(50, 0)
