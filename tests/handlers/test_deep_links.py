"""Deep links: each leads to the follower's own things, after linking where a line is needed."""

from datetime import timedelta

import pytest

from bot.services.requests import FindLine, LineFound
from tests.handlers.facts import LINE, NOW
from tests.handlers.rehearsal import FOUND, Person, Rehearsal
from tests.handlers.test_coupons import SECRET
from tests.handlers.test_linking import proves_the_number

NOWHERE = "链接无效或已失效"


async def test_a_plan_link_opens_its_quote(lin: Person) -> None:
    assert "确认订单" in await lin.sends("/start plan_M30")
    assert "¥199.00" in lin.text


async def test_a_daily_plan_link_asks_for_the_days(lin: Person) -> None:
    assert "日卡" in await lin.sends("/start plan_D1")
    assert "确认订单" in await lin.sends("3")


async def test_an_order_link_opens_the_own_order_and_nobody_elses(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    await lin.sends("/start plan_M30")
    order_id = lin.data("支付").split(":")[2]
    assert order_id in await lin.sends(f"/start order_{order_id}")
    shown = await omar.sends(f"/start order_{order_id}")
    assert "leads nowhere any more" in shown
    assert order_id not in shown
    assert shown == await omar.sends("/start order_LEB-2611-XXXX")


async def test_what_home_says_of_a_dead_link_is_not_drawn_over_by_a_reading(
    stage: Rehearsal, lin: Person
) -> None:
    stage.clock.set(stage.clock.now() + timedelta(hours=1))
    assert NOWHERE in await lin.sends("/start order_LEB-2611-XXXX")
    assert "read_line" not in lin.methods
    await lin.sends("/start")
    assert "read_line" in lin.methods


async def test_a_coupon_link_redeems_it_as_the_typed_code_does(
    stage: Rehearsal, lin: Person
) -> None:
    async with stage.store.unit() as unit:
        unit.coupons.issue(SECRET, NOW)
    assert "已领取 SECRET50" in await lin.sends("/start c_SECRET50")
    assert "没有这个优惠码" in await lin.sends("/start c_NONESUCH")


async def test_a_coupon_link_needs_no_line_and_counts_as_a_guess(
    stage: Rehearsal, omar: Person
) -> None:
    for _ in range(5):
        await omar.sends("/start c_NONESUCH")
    async with stage.store.unit() as unit:
        unit.coupons.issue(SECRET, NOW)
    assert "Too many tries" in await omar.sends("/start c_SECRET50")


async def test_an_answer_needs_no_line(omar: Person) -> None:
    by_link = await omar.sends("/start faq_data")
    await omar.sends("/help")
    assert by_link == await omar.presses("Data not arrived")


async def test_a_line_link_opens_the_own_line_and_nobody_elses(
    stage: Rehearsal, lin: Person
) -> None:
    async with stage.store.unit() as unit:
        (line,) = await unit.lines.of(lin.id)
    assert "📶" in await lin.sends(f"/start line_{line.id}")
    assert NOWHERE in await lin.sends(f"/start line_{line.id + 1}")
    assert NOWHERE not in await lin.sends("/start")


@pytest.mark.parametrize(
    "target", ["x", "plan_NONE", "plan_", "order_-", "line_x", "line_" + "9" * 40, "c_", "plan_a:b",
               "<b>", "plan_M30:1"],
)  # fmt: skip
async def test_an_unknown_link_leads_home_with_words(lin: Person, target: str) -> None:
    shown = await lin.sends(f"/start {target}")
    assert NOWHERE in shown
    assert "📶" in shown


async def test_whoever_links_by_code_goes_on_to_where_the_link_led_after_a_restart(
    stage: Rehearsal, omar: Person
) -> None:
    assert "then we go on to what you opened" in await omar.sends("/start plan_M30")
    assert "First, verify your number" in omar.text
    await stage.restarts()
    code = await proves_the_number(stage, omar)
    await omar.sends(code)
    await stage.restarts()
    assert "¥199.00" in await omar.sends("1001")
    assert "📶" in await omar.sends("/start")


async def test_whoever_links_by_contact_is_offered_to_go_on(stage: Rehearsal, omar: Person) -> None:
    await omar.sends("/start plan_M30")
    await omar.sends_contact("962790001003", omar.id)
    found = LineFound(FindLine(omar.id, LINE.msisdn, None), FOUND)
    link = stage.use.of_dialogues.link
    omar.saw = await stage.happens(lambda unit: link.on_line_found(unit, found))
    assert "You came here by a link" in omar.text
    assert "¥199.00" in await omar.presses("Go on")
    again = await stage.happens(lambda unit: link.on_line_found(unit, found))
    assert not any("You came here by a link" in each.text for each in again)
