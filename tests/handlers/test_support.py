"""Support on the subscriber's side: what is sent reaches a person, and is taken once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.order import ACTIVATION_PROMISE
from bot.domain.support import CaseReason, CaseStatus, SupportCase, Written
from bot.domain.support_hours import SupportHours
from bot.services.ports import CarrierOrder, CarrierOrderState
from bot.services.read_support import Attendance
from bot.services.requests import Look, OrderAnswered
from handlers.screens import support as screens
from handlers.texts import Texts
from tests.handlers.desk.test_lookup import renewed
from tests.handlers.facts import EN, NOW, ZH
from tests.handlers.reading import seen
from tests.handlers.rehearsal import Person, Rehearsal, Staged

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = Attendance(
    SupportHours.parse("mon-fri 09:00-18:00, sat 10:00-14:00"), SHANGHAI, None, timedelta(hours=2)
)


async def case_of(stage: Rehearsal, person: Person) -> SupportCase | None:
    async with stage.store.unit() as unit:
        return await unit.cases.open_of(person.id)


async def messages_of(stage: Rehearsal, person: Person) -> list[Written]:
    case = await case_of(stage, person)
    assert case is not None
    async with stage.store.unit() as unit:
        return await unit.cases.messages(case.id, 50)


async def is_delayed(stage: Rehearsal, order_id: str) -> list[Staged]:
    stage.clock.advance(ACTIVATION_PROMISE)
    timer = {"order_id": order_id}
    return await stage.happens(lambda unit: stage.use.fulfil.on_delay_due(unit, timer))


async def is_delivered(stage: Rehearsal, order_id: str) -> list[Staged]:
    done = OrderAnswered(order_id, Look(), CarrierOrder(CarrierOrderState.DONE))
    return await stage.happens(lambda unit: stage.use.compare.on_order_answered(unit, done))


def reactions(person: Person) -> list[int]:
    return [
        each.parameters["message_id"]
        for each in person.saw
        if each.method == "setMessageReaction"
        and each.parameters["reaction"] == [{"type": "emoji", "emoji": "👀"}]
    ]


async def test_the_first_message_opens_a_case_and_says_when_a_person_answers(
    stage: Rehearsal, omar: Person
) -> None:
    await omar.sends("/support")
    assert await case_of(stage, omar) is None
    shown = await omar.sends("My data stopped yesterday")
    assert "It is with us" in shown
    assert "30 minutes" in shown
    assert len(reactions(omar)) == 1
    (written,) = await messages_of(stage, omar)
    assert (written.kind, written.words) == ("text", "My data stopped yesterday")


async def test_what_follows_gets_only_the_sign_that_it_was_received(
    stage: Rehearsal, omar: Person
) -> None:
    await omar.sends("/support")
    await omar.sends("one")
    for send in (omar.sends("two"), omar.sends_photo("three"), omar.sends_sticker()):
        assert await send == ""
        assert omar.methods == ["setMessageReaction"]
    kinds = [(each.kind, each.words) for each in await messages_of(stage, omar)]
    assert kinds == [("text", "one"), ("text", "two"), ("photo", "three"), ("sticker", None)]


async def test_commands_and_buttons_work_in_the_middle(stage: Rehearsal, lin: Person) -> None:
    await lin.sends("/support")
    assert "¥199.00" in await lin.sends("/renew")
    assert await case_of(stage, lin) is None
    await lin.sends("/support")
    await lin.sends("你好")
    assert "帮助" in await lin.sends("/help")
    assert "没看懂" in await lin.sends("/nonsense")
    assert [each.words for each in await messages_of(stage, lin)] == ["你好"]


async def test_a_dialogue_that_waits_for_something_typed_gets_it(
    stage: Rehearsal, lin: Person
) -> None:
    await lin.sends("/support")
    await lin.sends("你好")
    await lin.sends("/topup")
    await lin.sends("88")
    assert [each.words for each in await messages_of(stage, lin)] == ["你好"]
    await lin.sends("/cancel")
    await lin.sends("还在吗")
    assert [each.words for each in await messages_of(stage, lin)] == ["你好", "还在吗"]


async def test_without_a_case_what_is_sent_anywhere_is_not_taken(
    stage: Rehearsal, omar: Person
) -> None:
    await omar.sends("hello?")
    assert "did not understand" in omar.text
    assert await case_of(stage, omar) is None


async def test_support_at_an_order_attaches_that_order(stage: Rehearsal, lin: Person) -> None:
    order = await renewed(stage, lin)
    assert order.id in await lin.presses("客服")
    await lin.sends("还没好？")
    case = await case_of(stage, lin)
    assert case is not None
    assert (case.order_id, case.why) == (order.id, CaseReason.ASKED)


async def test_somebody_elses_order_is_not_attached(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    order = await renewed(stage, lin)
    assert "You have no such order" in await omar.presses_data(f"v1:supportfor:{order.id}")
    await omar.sends("and now?")
    assert await case_of(stage, omar) is None


async def test_an_order_that_takes_too_long_opens_a_case_once_with_it(
    stage: Rehearsal, lin: Person
) -> None:
    order = await renewed(stage, lin)
    for _ in range(2):
        await is_delayed(stage, order.id)
    case = await case_of(stage, lin)
    assert case is not None
    assert (case.order_id, case.why, case.waits) == (order.id, CaseReason.DELAYED, False)
    assert "已收到" in await lin.sends("怎么回事？")
    (written,) = await messages_of(stage, lin)
    assert written.words == "怎么回事？"


async def test_a_late_order_is_attached_to_the_case_that_is_open_already(
    stage: Rehearsal, lin: Person
) -> None:
    order = await renewed(stage, lin)
    await lin.sends("/support")
    await lin.sends("你好")
    await is_delayed(stage, order.id)
    case = await case_of(stage, lin)
    assert case is not None
    assert (case.order_id, case.why) == (order.id, CaseReason.ASKED)


async def test_a_case_in_which_nobody_wrote_is_over_with_its_late_order(
    stage: Rehearsal, lin: Person
) -> None:
    order = await renewed(stage, lin)
    await is_delayed(stage, order.id)
    told = await is_delivered(stage, order.id)
    assert await case_of(stage, lin) is None
    assert not any("处理完毕" in each.text for each in told)


async def test_a_case_in_which_somebody_wrote_outlives_its_late_order(
    stage: Rehearsal, lin: Person
) -> None:
    order = await renewed(stage, lin)
    await is_delayed(stage, order.id)
    await lin.sends("怎么回事？")
    await is_delivered(stage, order.id)
    assert await case_of(stage, lin) is not None


async def closes(stage: Rehearsal, case: SupportCase) -> None:
    async with stage.store.unit() as unit:
        assert await unit.cases.close(case.id, stage.clock.now())


async def test_a_closed_case_is_reopened_by_its_own_subscriber_only(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    await omar.sends("/support")
    await omar.sends("hello")
    case = await case_of(stage, omar)
    assert case is not None
    await closes(stage, case)
    await lin.presses_data(f"v1:reopen:{case.id}")
    assert await case_of(stage, omar) is None
    for _ in range(2):
        assert "open again" in await omar.presses_data(f"v1:reopen:{case.id}")
    again = await case_of(stage, omar)
    assert again is not None
    assert (again.id, again.status) == (case.id, CaseStatus.OPEN)
    assert await omar.sends("still the same") == ""
    assert len(await messages_of(stage, omar)) == 2


async def test_whoever_has_another_case_by_now_goes_on_with_that(
    stage: Rehearsal, omar: Person
) -> None:
    await omar.sends("/support")
    await omar.sends("hello")
    former = await case_of(stage, omar)
    assert former is not None
    await closes(stage, former)
    await omar.sends("/support")
    await omar.sends("something else")
    assert "on your case" in await omar.presses_data(f"v1:reopen:{former.id}")
    current = await case_of(stage, omar)
    assert current is not None
    assert current.id != former.id


async def test_an_edit_is_not_taken_again_and_is_answered_in_a_line(
    stage: Rehearsal, omar: Person
) -> None:
    await omar.sends("/support")
    await omar.sends("my nubmer is wrong")
    (written,) = await messages_of(stage, omar)
    assert "as it was at first" in await omar.edits("my number is wrong", written.message_id)
    assert "changes nothing" in await omar.edits("something older", 7)
    assert await messages_of(stage, omar) == [written]


async def test_a_restart_between_question_and_message_loses_nothing(
    stage: Rehearsal, omar: Person
) -> None:
    await omar.sends("/support")
    await stage.restarts()
    await omar.sends("hello")
    assert len(await messages_of(stage, omar)) == 1


@pytest.mark.parametrize(
    ("t", "hours", "here"),
    [
        (ZH, "周一至周五 09:00–18:00；周六 10:00–14:00（上海时间）", "客服在线，通常 2小时内回复"),
        (EN, "Mon to Fri 09:00–18:00; Sat 10:00–14:00 (Shanghai time)", "usually takes 2 hours"),
    ],
)
def test_the_hours_and_the_expected_wait_are_shown(t: Texts, hours: str, here: str) -> None:
    shown = seen(screens.ask(t, OFFICE, None, None))
    assert hours in shown
    assert here.replace(" ", "") in shown.replace(" ", "")


@pytest.mark.parametrize(("t", "back"), [(ZH, "11月23日 09:00"), (EN, "Nov 23 09:00")])
def test_when_nobody_is_there_the_next_opening_is_told(t: Texts, back: str) -> None:
    away = replace(OFFICE, opens_at=OFFICE.hours.opens_at(NOW, SHANGHAI))
    assert back in seen(screens.ask(t, away, None, None))
    assert back in seen(screens.received(t, away))
