"""Plans at the desk: a change is a new version, seen before it is sold, and audited."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.operator import Deed, Role
from bot.domain.plan import Plan
from tests.handlers.desk.conftest import Appointed, audited, loses_the_role
from tests.handlers.facts import MONTHLY, NOW, yuan
from tests.handlers.rehearsal import Person, Rehearsal


async def on_sale(stage: Rehearsal) -> list[Plan]:
    async with stage.store.unit() as unit:
        return await unit.catalogue.on_sale()


async def writes(keeper: Person, key: str, words: str, code: str = "M30") -> str:
    await keeper.sends("/desk")
    await keeper.presses("📦")
    await keeper.presses(code)
    await keeper.presses(key)
    return await keeper.sends(words)


async def test_a_new_price_is_a_new_version_after_a_look_at_before_and_after(
    stage: Rehearsal, appointed: Appointed
) -> None:
    finance = await appointed(Role.FINANCE)
    question = await writes(finance, "Change", "price 209\nzh 大月卡")
    assert "price: 199.00 → 209.00" in question
    assert "name in Simplified Chinese: 月卡 → 大月卡" in question
    assert (await on_sale(stage))[1].price == yuan(199)
    assert "M30 is on sale so" in await finance.presses("Put on sale")
    monthly = (await on_sale(stage))[1]
    assert (monthly.code, monthly.version, monthly.price) == ("M30", 2, yuan(209))
    assert monthly.names == {"zh_Hans": "大月卡", "en": "Monthly"}
    (entry,) = await audited(stage)
    assert (entry.deed, entry.subject) == (Deed.KEEP_PLANS, "M30")
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["price"], entry.after["price"]) == ("199.00", "209.00")


async def test_an_open_quote_is_shown_the_change_and_confirmed_anew(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    await lin.sends("/renew")
    await lin.presses("月卡")
    pay = lin.data("支付")
    finance = await appointed(Role.FINANCE)
    await writes(finance, "Change", "price 209")
    await finance.presses("Put on sale")
    assert "¥209.00" in await lin.presses_data(pay)


async def test_a_plan_is_added_as_a_copy_behind_the_others(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    await writes(owner, "Copy", "code M60\ndays 60\nprice 359\nzh 双月卡\nen Two months\ncap 30.5")
    await owner.presses("Put on sale")
    added = (await on_sale(stage))[-1]
    assert (added.code, added.version, added.days, added.price) == ("M60", 1, 60, yuan(359))
    assert added.fair_use.high_speed_cap_bytes == 30_500_000_000
    assert added.fair_use.base_rate_kbps == 1000


@pytest.mark.parametrize(
    "line",
    [
        "price -1", "price 0", "price 1.234", "price nan", "price many", "days 0", "days 367",
        "cap 0", "zone Mars/Base", "zone ../etc", "zh ", "en " + "x" * 17, "cycle weekly",
        "colour red", "countries 0", "code M31", "Sure!", "cap Infinity", "price Infinity",
    ],
)  # fmt: skip
async def test_what_cannot_be_is_named_and_changes_nothing(
    stage: Rehearsal, appointed: Appointed, line: str
) -> None:
    finance = await appointed(Role.FINANCE)
    assert "This line cannot be" in await writes(finance, "Change", line)
    assert [each.version for each in await on_sale(stage)] == [1, 1, 1]


@pytest.mark.parametrize("words", ["price 9", "code M30", "code Q90"])
async def test_a_copy_needs_a_code_that_is_not_on_sale(appointed: Appointed, words: str) -> None:
    owner = await appointed(Role.OWNER)
    assert "This line cannot be" in await writes(owner, "Copy", words)


async def test_of_two_who_change_a_plan_at_once_the_second_looks_again(
    stage: Rehearsal, appointed: Appointed
) -> None:
    finance, owner = await appointed(Role.FINANCE), await appointed(Role.OWNER)
    await writes(finance, "Change", "price 209")
    await writes(owner, "Change", "price 219")
    await owner.presses("Put on sale")
    assert "Somebody changed this plan meanwhile" in await finance.presses("Put on sale")
    assert (await on_sale(stage))[1].price == yuan(219)


async def test_the_open_change_of_a_demoted_operator_fails(
    stage: Rehearsal, appointed: Appointed
) -> None:
    finance = await appointed(Role.FINANCE)
    await writes(finance, "Change", "price 209")
    confirm = finance.data("Put on sale")
    await loses_the_role(stage, finance)
    await finance.presses_data(confirm)
    assert (await on_sale(stage))[1].price == yuan(199)
    assert await audited(stage) == []


async def test_a_withdrawn_plan_is_asked_about_first_and_sold_no_more(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    await owner.sends("/desk")
    await owner.presses("📦")
    await owner.presses("Q90")
    await owner.presses("Withdraw")
    assert len(await on_sale(stage)) == 3
    await owner.presses("Withdraw")
    assert [each.code for each in await on_sale(stage)] == ["D1", "M30"]
    assert (await audited(stage))[0].after == {"on_sale": False}


async def test_a_plan_moves_up_in_the_list_of_the_subscribers(
    stage: Rehearsal, appointed: Appointed
) -> None:
    owner = await appointed(Role.OWNER)
    await owner.presses_data("v1:planup:Q90")
    assert [each.code for each in await on_sale(stage)] == ["D1", "Q90", "M30"]
    await owner.presses_data("v1:planup:D1")
    assert [each.code for each in await on_sale(stage)] == ["D1", "Q90", "M30"]


async def test_the_preview_is_what_subscribers_read_in_both_languages(
    appointed: Appointed,
) -> None:
    owner = await appointed(Role.OWNER)
    await owner.sends("/desk")
    await owner.presses("📦")
    shown = await owner.presses("Preview")
    assert "月卡" in shown
    assert "Monthly" in shown


async def test_a_long_list_of_plans_has_pages_and_a_change_leads_back_to_its_own(
    stage: Rehearsal, appointed: Appointed
) -> None:
    async with stage.store.unit() as unit:
        for place in range(3, 12):
            plan = replace(MONTHLY, code=f"P{place}")
            unit.catalogue.put_on_sale(plan, place, NOW)
    finance = await appointed(Role.FINANCE)
    await finance.sends("/desk")
    assert "P8" in await finance.presses("📦")
    assert "P9" not in finance.text
    assert "P11" in await finance.presses("More")
    await finance.presses("P11")
    await finance.presses("Change")
    await finance.sends("price 209")
    assert "P11" in await finance.presses("Put on sale")
    assert "M30" not in finance.text
    assert "M30" in await finance.presses("More")
