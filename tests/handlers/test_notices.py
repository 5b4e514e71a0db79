"""What the bot says by itself: events are new messages, open screens are redrawn in place."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.line import Iccid, LineStatus, Msisdn, UsageDay
from bot.domain.order import Order
from bot.services.ports import CarrierOrder, CarrierOrderState, FoundLine
from bot.services.requests import (
    FindLine,
    LineFound,
    LineMissing,
    Look,
    OrderAnswered,
    ReadingTaken,
    UsageRead,
)
from tests.handlers.facts import ENDS_AT, GB, LINE, NOW, reading
from tests.handlers.rehearsal import FOUND, Person, Rehearsal, Staged


async def arrives(stage: Rehearsal, used_gb: float) -> list[Staged]:
    taken = ReadingTaken(reading(used_today_bytes=round(used_gb * GB), as_of=stage.clock.now()))
    return await stage.happens(lambda unit: stage.use.take.on_reading(unit, taken))


async def bought(stage: Rehearsal, person: Person) -> Order:
    """A monthly plan, paid from the wallet."""
    await person.presses_data("v1:plan:M30")
    order_id = person.data("支付").split(":")[2]
    await person.presses("支付")
    async with stage.store.unit() as unit:
        order = await unit.orders.get(order_id)
    assert order is not None
    return order


async def test_a_line_found_by_contact_is_told_and_home_opens(
    stage: Rehearsal, omar: Person
) -> None:
    await omar.sends("/start")
    found = LineFound(FindLine(omar.id, LINE.msisdn, None), FOUND)
    link = stage.use.of_dialogues.link
    told = await stage.happens(lambda unit: link.on_line_found(unit, found))
    texts = [each.text for each in told if each.method == "sendMessage"]
    assert "+86 138 •••• 1001 is linked to this chat" in texts[0]
    assert "Asking the network for your first reading" in texts[1]


async def test_no_line_with_the_number_offers_to_type_another(
    stage: Rehearsal, omar: Person
) -> None:
    await omar.sends("/start")
    missing = LineMissing(FindLine(omar.id, Msisdn("+962790001003"), None))
    link = stage.use.of_dialogues.link
    told = await stage.happens(lambda unit: link.on_line_missing(unit, missing))
    assert "No line has your Telegram number" in told[0].text
    keys = told[0].parameters["reply_markup"]["inline_keyboard"]
    assert keys[0][0]["callback_data"] == "v1:+number"


async def test_a_carrier_that_does_not_answer_is_said_plainly(
    stage: Rehearsal, omar: Person
) -> None:
    await omar.sends("/start")
    link = stage.use.of_dialogues.link
    request = FindLine(omar.id, LINE.msisdn, None)
    told = await stage.happens(lambda unit: link.on_lookup_failed(unit, request))
    assert "The network did not answer" in told[0].text
    assert "Nothing is lost" in told[0].text


async def test_a_new_link_tells_the_former_holder(
    stage: Rehearsal, lin: Person, omar: Person
) -> None:
    await omar.sends("/start")
    found = LineFound(FindLine(omar.id, LINE.msisdn, None), FOUND)
    link = stage.use.of_dialogues.link
    told = await stage.happens(lambda unit: link.on_line_found(unit, found))
    to_lin = [each.text for each in told if each.parameters.get("chat_id") == lin.id]
    assert len(to_lin) == 1
    assert "已从此聊天解绑" in to_lin[0]


async def test_a_reading_redraws_home_where_it_stands_open(stage: Rehearsal, lin: Person) -> None:
    await lin.sends("/start")
    redrawn = await arrives(stage, 13.0)
    assert [each.method for each in redrawn] == ["editMessageText"]
    assert "13 / 20 GB" in redrawn[0].text
    assert redrawn[0].parameters["message_id"] > 0


async def test_a_reading_leaves_every_other_screen_alone(stage: Rehearsal, lin: Person) -> None:
    await lin.sends("/orders")
    assert await arrives(stage, 13.0) == []


async def test_a_reading_is_not_shown_to_who_no_longer_holds_the_line(
    stage: Rehearsal, lin: Person
) -> None:
    await lin.sends("/start")
    async with stage.store.unit() as unit:
        unit.lines.unlink(LINE.id, NOW)
    assert await arrives(stage, 13.0) == []


async def test_a_reading_of_another_line_does_not_take_over_home(
    stage: Rehearsal, lin: Person
) -> None:
    await lin.sends("/start")
    other = FoundLine("ref-2", Msisdn("+85261001003"), Iccid("8985200000000001003"),
                      "Asia/Shanghai", LineStatus.ACTIVE)  # fmt: skip
    async with stage.store.unit() as unit:
        line = await unit.lines.remember(other, NOW)
        unit.lines.link(line.id, lin.id, NOW)
    taken = ReadingTaken(replace(reading(), line_id=line.id))
    assert await stage.happens(lambda unit: stage.use.take.on_reading(unit, taken)) == []


async def test_usage_redraws_the_picture_only_when_it_changed(
    stage: Rehearsal, lin: Person
) -> None:
    await lin.presses_data("v1:chart")
    assert lin.saw[-2].method == "sendPhoto"
    days = UsageRead(LINE.id, lin.id, [UsageDay(NOW.date(), 5 * GB)])
    first = await stage.happens(lambda unit: stage.use.take.on_usage(unit, days))
    assert [each.method for each in first] == ["editMessageMedia"]
    assert "5 GB" in first[0].parameters["media"]["caption"]
    assert await stage.happens(lambda unit: stage.use.take.on_usage(unit, days)) == []


async def test_usage_redraws_the_words_too(stage: Rehearsal, lin: Person) -> None:
    await lin.sends("/usage")
    days = UsageRead(LINE.id, lin.id, [UsageDay(NOW.date(), 5 * GB)])
    redrawn = await stage.happens(lambda unit: stage.use.take.on_usage(unit, days))
    assert "11月22日 5 GB" in redrawn[0].text


async def test_a_picture_that_was_closed_does_not_come_back(stage: Rehearsal, lin: Person) -> None:
    await lin.presses_data("v1:chart")
    await lin.presses_data("v1:close")
    assert "deleteMessage" in lin.methods
    days = UsageRead(LINE.id, lin.id, [UsageDay(NOW.date(), 5 * GB)])
    assert await stage.happens(lambda unit: stage.use.take.on_usage(unit, days)) == []


async def test_ready_edits_the_card_and_is_told_with_the_dates(
    stage: Rehearsal, lin: Person
) -> None:
    order = await bought(stage, lin)
    done = CarrierOrder(
        CarrierOrderState.DONE, "c-1", starts_at=ENDS_AT, valid_until=ENDS_AT + timedelta(days=30)
    )
    answered = OrderAnswered(order.id, Look(0), done)
    told = await stage.happens(lambda unit: stage.use.fulfil.on_answered(unit, answered))
    card = next(each for each in told if each.method == "editMessageText")
    ready = next(each for each in told if each.method == "sendMessage")
    assert card.slot == f"order:{order.id}"
    assert "有效期" in card.text
    assert "📅 套餐已排期" in ready.text
    keys = [key for row in ready.parameters["reply_markup"]["inline_keyboard"] for key in row]
    assert all(key["callback_data"].startswith("v1:+") for key in keys)


async def test_thirty_minutes_apologise_with_the_way_to_support(
    stage: Rehearsal, lin: Person
) -> None:
    order = await bought(stage, lin)
    stage.clock.advance(timedelta(minutes=30))
    timer = {"order_id": order.id}
    told = await stage.happens(lambda unit: stage.use.fulfil.on_delay_due(unit, timer))
    apology = next(each for each in told if each.method == "sendMessage")
    assert "非常抱歉" in apology.text
    assert order.id in apology.text
    keys = [key for row in apology.parameters["reply_markup"]["inline_keyboard"] for key in row]
    assert f"v1:+supportfor:{order.id}" in [key.get("callback_data") for key in keys]


async def test_an_unpaid_order_closes_and_says_that_nothing_was_charged(
    stage: Rehearsal, lin: Person
) -> None:
    await lin.presses_data("v1:plan:M30")
    order_id = lin.data("支付").split(":")[2]
    await lin.presses_data(f"v1:pay:{order_id}:invoice")
    stage.clock.advance(timedelta(minutes=31))
    pay = stage.use.of_dialogues.pay
    told = await stage.happens(lambda unit: pay.on_expiry_due(unit, {"order_id": order_id}))
    closed = next(each for each in told if each.method == "sendMessage")
    assert f"订单 <code>{order_id}</code> 已关闭" in closed.text
    assert "未扣款" in closed.text


async def test_a_rejected_order_gives_the_money_back_and_says_so(
    stage: Rehearsal, lin: Person
) -> None:
    order = await bought(stage, lin)
    rejected = CarrierOrder(CarrierOrderState.REJECTED, reason="rejected")
    answered = OrderAnswered(order.id, Look(0), rejected)
    told = await stage.happens(lambda unit: stage.use.fulfil.on_answered(unit, answered))
    event = next(each for each in told if each.method == "sendMessage")
    assert "全额退回" in event.text
    await lin.sends("/start")
    assert "¥236.00" in lin.text
