"""The audit: what operators did, for those who may read it, and as it was written."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.domain.operator import AuditEntry, Deed, Role
from bot.services.read_audit import AuditPage
from handlers.screens.desk import audit
from handlers.texts import Texts
from tests.handlers.desk.conftest import Appointed
from tests.handlers.facts import EN, NOW, WORDS, ZH
from tests.handlers.reading import seen
from tests.handlers.rehearsal import Rehearsal

SHANGHAI = ZoneInfo("Asia/Shanghai")


def entry(**other: object) -> AuditEntry:
    known: dict[str, object] = {
        "who": 9001, "deed": Deed.KEEP_OPERATORS, "at": NOW, "subject": "1003",
        "before": {"role": "support"}, "after": {"role": "finance"},
    }  # fmt: skip
    return AuditEntry(**(known | other))  # type: ignore[arg-type]


async def test_the_audit_is_paged_from_the_newest_on(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    async with stage.store.unit() as unit:
        for number in range(13):
            unit.audit.record(entry(subject=f"P{number}"))
    await owner.sends("/desk")
    first = await owner.presses("Audit")
    assert "page 1 of 3" in first
    assert "P12" in first
    assert "P6" not in first
    await owner.presses("Older")
    last = await owner.presses("Older")
    assert "P0" in last
    assert "page 3 of 3" in last
    assert "page 2 of 3" in await owner.presses("Newer")
    assert "page 3 of 3" in await owner.presses_data("v1:audit:99")


def test_an_entry_says_who_what_when_before_and_after() -> None:
    page = AuditPage([entry()], {9001: "林"}, {}, 0, 0, SHANGHAI)
    assert "林" in seen(audit.audit(ZH, page))
    assert "运营人员：1003" in seen(audit.audit(ZH, page))
    assert "角色 客服 → 财务" in seen(audit.audit(ZH, page))
    assert "operators: 1003" in seen(audit.audit(EN, page))
    assert "role support → finance" in seen(audit.audit(EN, page))


def test_what_nobody_in_the_chat_did_is_said_to_come_from_the_terminal() -> None:
    page = AuditPage([entry(who=None, before=None)], {}, {}, 0, 0, SHANGHAI)
    assert "settings or terminal" in seen(audit.audit(EN, page))
    assert "role finance" in seen(audit.audit(EN, page))


@pytest.mark.parametrize("t", WORDS)
@pytest.mark.parametrize("deed", list(Deed))
def test_every_deed_has_a_name_and_a_page_of_the_longest_entries_fits(t: Texts, deed: Deed) -> None:
    long = {f"field{n}": "<" * 500 for n in range(4)}
    page = AuditPage([entry(deed=deed, after=long)] * 6, {9001: "x" * 300}, {}, 0, 0, SHANGHAI)
    assert len(seen(audit.audit(t, page))) <= 4096
