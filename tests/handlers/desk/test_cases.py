"""Support cases at the desk: they wait there, are read, answered and closed, by those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.operator import Deed, Role
from tests.handlers.desk.conftest import Appointed, audited
from tests.handlers.desk.test_lookup import renewed
from tests.handlers.rehearsal import Person, Rehearsal
from tests.handlers.test_support import case_of, is_delayed


@pytest.fixture
async def asked(stage: Rehearsal, omar: Person) -> Person:
    """Omar, who wrote to support two hours ago."""
    await omar.sends("/support")
    await omar.sends("My <b>data</b> stopped")
    stage.clock.advance(timedelta(hours=2))
    return omar


async def opens(operator: Person) -> str:
    await operator.sends("/desk")
    await operator.presses("⏱")
    return await operator.presses("💬 Omar")


async def test_a_case_waits_at_the_desk_with_its_age_and_what_was_written(
    stage: Rehearsal, appointed: Appointed, asked: Person
) -> None:
    support = await appointed(Role.SUPPORT)
    await support.sends("/desk")
    shown = await support.presses("Waiting 1")
    assert "Support" in shown
    assert "2 hours ago" in shown
    shown = await support.presses("💬 Omar")
    assert "Case of Omar Haddad" in shown
    assert "My &lt;b&gt;data&lt;/b&gt; stopped" in shown
    assert "No line is linked" in shown


async def test_numbers_are_masked_on_the_card_of_a_case(
    appointed: Appointed, lin: Person, stage: Rehearsal
) -> None:
    order = await renewed(stage, lin)
    await lin.sends("/support")
    await lin.sends("你好")
    support = await appointed(Role.SUPPORT)
    await support.sends("/desk")
    await support.presses("⏱")
    shown = await support.presses("💬")
    assert "+86 138 •••• 1001" in shown
    assert "13800001001" not in shown
    assert order.id in shown
    assert "Simplified Chinese" in shown


@pytest.mark.parametrize("role", [Role.OWNER, Role.FINANCE, Role.SUPPORT])
async def test_those_who_may_see_what_waits_are_told_of_it_once(
    stage: Rehearsal, appointed: Appointed, omar: Person, role: Role
) -> None:
    operator = await appointed(role)
    await omar.sends("/support")
    await omar.sends("hello")
    to_operator = [each for each in omar.saw if each.parameters.get("chat_id") == operator.id]
    assert ["A subscriber waits for an answer" in each.text for each in to_operator] == [True]
    assert "hello" not in to_operator[0].text
    await omar.sends("hello again")
    assert not [each for each in omar.saw if each.parameters.get("chat_id") == operator.id]


async def test_marketing_is_not_told(appointed: Appointed, omar: Person) -> None:
    operator = await appointed(Role.MARKETING)
    await omar.sends("/support")
    await omar.sends("hello")
    assert not [each for each in omar.saw if each.parameters.get("chat_id") == operator.id]


async def test_an_answer_takes_the_case_off_the_list_until_the_next_message(
    stage: Rehearsal, appointed: Appointed, asked: Person
) -> None:
    support = await appointed(Role.SUPPORT)
    await opens(support)
    await support.presses("Answer")
    await support.sends("We are looking at it.")
    await support.presses("Send it")
    assert any(
        "We are looking at it." in each.text
        for each in support.saw
        if each.parameters.get("chat_id") == asked.id
    )
    assert "Nothing waits" in await support.presses_data("v1:waiting:0")
    assert "Case of Omar" in await support.presses_data("v1:case:1")
    stage.clock.advance(timedelta(minutes=1))
    await asked.sends("Thank you, and now?")
    assert "Waiting: 1" in await support.presses_data("v1:waiting:0")


async def test_pictures_are_copied_from_where_they_were_sent(
    appointed: Appointed, asked: Person
) -> None:
    await asked.sends_photo("see here")
    support = await appointed(Role.SUPPORT)
    assert "🖼 Photo" in await opens(support)
    await support.presses("As sent")
    copies = [each.parameters for each in support.saw if each.method == "copyMessage"]
    assert [(each["chat_id"], each["from_chat_id"]) for each in copies] == [
        (support.id, asked.id)
    ] * 2


async def test_closing_tells_the_subscriber_once_with_a_key_to_reopen(
    stage: Rehearsal, appointed: Appointed, asked: Person
) -> None:
    support = await appointed(Role.SUPPORT)
    await opens(support)
    close = support.data("Close case")
    await support.presses_data(close)
    to_asked = [each for each in support.saw if each.parameters.get("chat_id") == asked.id]
    assert ["We have closed your case" in each.text for each in to_asked] == [True]
    await support.presses_data(close)
    assert not [each for each in support.saw if each.parameters.get("chat_id") == asked.id]
    (entry,) = await audited(stage)
    assert (entry.deed, entry.subject) == (Deed.CLOSE_CASE, str(asked.id))
    assert await case_of(stage, asked) is None


async def test_a_late_order_stands_on_the_list_once_not_as_a_case_as_well(
    stage: Rehearsal, appointed: Appointed, lin: Person
) -> None:
    order = await renewed(stage, lin)
    await is_delayed(stage, order.id)
    support = await appointed(Role.SUPPORT)
    await support.sends("/desk")
    shown = await support.presses("Waiting 1")
    assert "Delayed" in shown
    assert "Support" not in shown
