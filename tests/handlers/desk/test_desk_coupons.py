"""Coupons at the desk: one or a batch that nobody can guess, and their end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.coupon import Coupon, Share
from bot.domain.operator import Deed, Role
from tests.handlers.desk.conftest import Appointed, audited, loses_the_role
from tests.handlers.facts import yuan
from tests.handlers.rehearsal import Person, Rehearsal


async def describes(keeper: Person, terms: str) -> str:
    await keeper.sends("/desk")
    await keeper.presses("🎟")
    await keeper.presses("New")
    return await keeper.sends(terms)


async def all_of(stage: Rehearsal) -> list[Coupon]:
    async with stage.store.unit() as unit:
        return await unit.coupons.latest(2000, 0)


async def test_a_coupon_is_issued_as_described_after_a_look(
    stage: Rehearsal, appointed: Appointed
) -> None:
    marketing = await appointed(Role.MARKETING)
    terms = "code summer\noff 20\nuses 100\nends 2026-12-31\nminimum 100\nplans monthly\nfirst yes"
    assert "SUMMER: issue it like this?" in await describes(marketing, terms)
    assert await all_of(stage) == []
    assert "SUMMER" in await marketing.presses("Issue")
    (issued,) = await all_of(stage)
    assert (issued.code, issued.off, issued.max_uses) == ("SUMMER", yuan(20), 100)
    assert issued.first_renewal
    assert issued.once_a_subscriber
    assert not issued.offered
    assert issued.ends_at is not None
    assert issued.ends_at.isoformat() == "2026-12-31T16:00:00+00:00", "midnight in Shanghai"
    assert [each.deed for each in await audited(stage)] == [Deed.KEEP_COUPONS]


async def test_a_batch_is_random_codes_for_one_use_each_and_comes_as_a_file_once(
    stage: Rehearsal, appointed: Appointed
) -> None:
    marketing = await appointed(Role.MARKETING)
    await describes(marketing, "count 50\noff 10%")
    confirm = marketing.data("Issue")
    await marketing.presses_data(confirm)
    (file,) = [each for each in marketing.saw if each.method == "sendDocument"]
    codes = [row[0] for row in file.parameters["document"]["$file"]["rows"][1:]]
    issued = await all_of(stage)
    assert sorted(codes) == sorted(each.code for each in issued)
    assert len(set(codes)) == 50
    assert {len(code) for code in codes} == {12}
    assert {(each.off, each.max_uses) for each in issued} == {(Share(1000), 1)}
    await marketing.presses_data(confirm)
    assert len(await all_of(stage)) == 50


@pytest.mark.parametrize(
    "terms",
    [
        "code X1", "code AB\noff 5", "off 0", "off 101%", "off many", "count 0\noff 5",
        "count 1001\noff 5", "code SUN\ncount 2\noff 5", "off 5\nends tomorrow",
        "off 5\nplans weekly", "off 5\nuses -1", "off 5\ncolour red", "", "off 5\nends 9999-12-31",
        "off Infinity%", "off 1e400",
    ],
)  # fmt: skip
async def test_what_cannot_be_is_asked_again_and_issues_nothing(
    stage: Rehearsal, appointed: Appointed, terms: str
) -> None:
    marketing = await appointed(Role.MARKETING)
    assert "This line cannot be" in await describes(marketing, terms)
    assert await all_of(stage) == []


async def test_a_code_is_issued_once(stage: Rehearsal, appointed: Appointed) -> None:
    marketing = await appointed(Role.MARKETING)
    for _ in range(2):
        await describes(marketing, "code SUN\noff 5")
        shown = await marketing.presses("Issue")
    assert "This code already exists" in shown
    assert len(await all_of(stage)) == 1


async def test_a_stopped_coupon_has_ended_and_is_audited_once(
    stage: Rehearsal, appointed: Appointed
) -> None:
    marketing = await appointed(Role.MARKETING)
    await describes(marketing, "code SUN\noff 5")
    await marketing.presses("Issue")
    await marketing.presses("SUN")
    await marketing.presses("Stop")
    for _ in range(2):
        await marketing.presses_data("v1:couponstop!:SUN")
    assert (await all_of(stage))[0].ends_at == stage.clock.now()
    assert len(await audited(stage)) == 2


async def test_the_open_issue_of_a_demoted_operator_fails(
    stage: Rehearsal, appointed: Appointed
) -> None:
    marketing = await appointed(Role.MARKETING)
    await describes(marketing, "code SUN\noff 5")
    confirm = marketing.data("Issue")
    await loses_the_role(stage, marketing)
    await marketing.presses_data(confirm)
    assert await all_of(stage) == []


async def test_the_last_day_is_shown_as_it_was_written_and_what_was_stopped_by_the_minute(
    stage: Rehearsal, appointed: Appointed
) -> None:
    marketing = await appointed(Role.MARKETING)
    assert "ends 2026-12-31<" in await describes(marketing, "code SUMMER\noff 20\nends 2026-12-31")
    await marketing.presses("Issue")
    await marketing.presses("SUMMER")
    await marketing.presses("Stop")
    stage.clock.advance(timedelta(milliseconds=5))
    assert "⏹ <code>SUMMER" in await marketing.presses("Stop")
    assert "ends 2026-11-22 15:00<" in await marketing.presses("SUMMER")
    newest, _ = await audited(stage)
    assert (newest.before, newest.after) == ({"ends": "2026-12-31"}, {"ends": "2026-11-22 15:00"})
