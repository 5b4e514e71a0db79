"""One's own data: as a file, and deleted after a full life, down to the bytes of the database."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import refunding
from bot.services.support_requests import OpenTopic
from storage.checks import examine
from storage.database import open_reader
from storage.traces import sweep, write_anew_at_night
from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, confirms, types_the_travel_number
from tests.journeys.test_bills import file_of
from tests.journeys.test_hosted_payments import is_polled, pays
from tests.journeys.test_kept_cards import detached
from tests.journeys.test_stars import transactions
from tests.services.books import breaches
from tests.stage import Stage

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZEPHYRINE = 7654321098
PHONE = "+8613712345679"
ICCID = "89860012345678901234"
OF_HER = {
    "name": "Zephyrine",
    "name in Chinese": "翠羽",
    "last name": "Quillfeather",
    "username": "zephyquill",
    "Telegram id": str(ZEPHYRINE),
    "phone": PHONE,
    "phone without a plus": PHONE[1:],
    "phone as at home": PHONE[3:],
    "phone in groups": "137 1234 5679",
    "ICCID": ICCID,
    "name of the line": "Grandmother's tablet",
    "what was written to her": "cup of chamomile",
    "what she wrote": "my violin teacher",
    "what she wrote to support": "my accordion is offline",
    "what was typed of her": "her pet tortoise",
    "what was said of a refund": "because of the tortoise",
}  # fmt: skip


async def settles_in(stage: Stage) -> Subscriber:
    """Somebody with a line, money in its wallet, and everything that the bot can know."""
    person = {
        "id": ZEPHYRINE, "first_name": "Zephyrine 翠羽", "last_name": "Quillfeather",
        "username": "zephyquill", "language_code": "en", "phone": PHONE,
    }  # fmt: skip
    await stage.control("POST", "/users", person)
    line = {"msisdn": PHONE, "iccid": ICCID, "plan": "M30", "wallet_minor": 500_00}
    await stage.control("POST", "/carrier/lines", line)
    zephyrine = stage.person(ZEPHYRINE)
    await zephyrine.sends("/start")
    await zephyrine.shares_contact()
    assert "•••• 5679" in zephyrine.sees
    return zephyrine


async def lives(stage: Stage, zephyrine: Subscriber) -> None:
    await types_the_travel_number(zephyrine)
    await zephyrine.sends("/usage")
    await zephyrine.sends("my violin teacher wants to know")
    await zephyrine.sends("/support")
    await zephyrine.sends("my accordion is offline")
    await confirms(zephyrine, "Daily", "3 d")  # by the wallet, with the coupon that is offered
    await zephyrine.presses("Pay ¥")
    await becomes_ready(stage, zephyrine)
    await confirms(zephyrine, "Monthly", "Pay another way", "Card, in Telegram", "Pay ¥")
    await zephyrine.pays_invoice()
    await becomes_ready(stage, zephyrine)
    for way in (("Bank card", "Save the card"), ("Telegram Stars",)):
        await confirms(zephyrine, "Monthly", "Pay another way", *way, "Pay ")
        if "Bank card" in way:
            await pays(stage)
            await is_polled(stage, zephyrine)
        else:
            await zephyrine.pays_invoice()
        await becomes_ready(stage, zephyrine)
    await zephyrine.sends("/coupons")
    await zephyrine.sends("NOSUCHCODE")
    await zephyrine.sends("TRIP10")
    await zephyrine.sends("/settings")
    await zephyrine.presses("Notifications")
    await zephyrine.presses("Quiet")
    await zephyrine.sends("23-7")
    await zephyrine.sends("/autorenew")
    await zephyrine.presses("Monthly")
    await zephyrine.sends("/lines")
    await zephyrine.presses("Name")
    await zephyrine.sends("Grandmother's tablet")


async def is_dealt_with(stage: Stage, order_id: str) -> None:
    """The desk looks her up, writes to her, credits her, and announces to her number."""
    operator = stage.person(9001)
    await operator.sends("/language")
    await operator.presses("English")
    for typed in (PHONE, "Zephyrine", str(ZEPHYRINE), "137 1234 5679"):
        await operator.sends("/desk")
        await operator.presses("🔎")
        await operator.sends(typed)
    await operator.presses("Credit")
    await operator.sends("20 her pet tortoise chewed the card")
    await operator.presses("Credit it")
    await operator.presses("Write")
    await operator.sends("Zephyrine, have a cup of chamomile")
    await operator.presses("Send it")
    await operator.sends("/announce")
    await operator.sends("Hello {name}")
    await operator.presses("Audience")
    await operator.presses("v1:bynumber")
    await operator.sends(PHONE)
    await operator.presses("Test")
    await operator.presses("Send…")
    await operator.presses("v1:go!")
    await stage.settles()
    async for _line in refunding.refund(stage.database, order_id, "because of the tortoise"):
        pass
    await stage.settles()


def hits(database: Path) -> dict[str, list[str]]:
    """What of her stands in which file of the database."""
    files = [each for each in database.parent.rglob("*") if each.is_file()]
    assert database in files
    return {
        what: found
        for what, text in OF_HER.items()
        if (found := [each.name for each in files if text.encode() in each.read_bytes()])
    }


async def deletes_all(stage: Stage, zephyrine: Subscriber) -> None:
    await zephyrine.sends("/privacy")
    await zephyrine.presses("Delete my data")
    await zephyrine.presses("Delete my data")
    await stage.settles()


async def topics(stage: Stage) -> list[str]:
    """Their names in the operators' group."""
    return [each["name"] for each in await stage.group(9002).topics()]


async def forgets_the_traces(stage: Stage) -> None:
    """What the bot does by itself, within a minute and in the night."""
    assert await sweep(stage.bot.database) == 0
    at_four = (stage.bot.clock.now() + timedelta(days=1)).astimezone(SHANGHAI).replace(hour=4)
    assert await write_anew_at_night(stage.bot.database, at_four, SHANGHAI)


async def test_after_a_full_life_nothing_of_the_person_is_in_the_file(stage: Stage) -> None:
    zephyrine = await settles_in(stage)
    await lives(stage, zephyrine)
    await is_dealt_with(stage, zephyrine.order_id())
    await becomes_ready(stage, zephyrine)
    assert set(hits(stage.database)) == set(OF_HER), "else the test proves nothing"
    await zephyrine.sends("/privacy")
    await zephyrine.presses("Delete my data")
    assert "stays with the line" in zephyrine.sees_last
    assert "¥" in zephyrine.sees_last
    await zephyrine.presses("Keep my data")
    assert [each for each in await topics(stage) if str(ZEPHYRINE) in each]
    await deletes_all(stage, zephyrine)
    assert "Your data is deleted" in zephyrine.sees_last
    assert await detached(stage) == 1
    assert not [each for each in await topics(stage) if str(ZEPHYRINE) in each]
    await forgets_the_traces(stage)
    assert hits(stage.database) == {}
    assert breaches(stage.database) == {}
    assert [each.text for each in await examine(stage.database) if each.is_error] == []
    await stage.advances(hours=30)
    assert hits(stage.database) == {}, "timers go on, and bring nothing of her back"


async def test_who_writes_again_is_somebody_new_and_finds_the_wallet_at_the_line(
    stage: Stage,
) -> None:
    zephyrine = await settles_in(stage)
    await confirms(zephyrine, "Monthly")
    await zephyrine.presses("Pay ¥")
    await becomes_ready(stage, zephyrine)
    await deletes_all(stage, zephyrine)
    await zephyrine.presses("Begin anew")
    assert "Welcome" in zephyrine.sees_last or "number" in zephyrine.sees_last
    await zephyrine.sends("/start")
    await zephyrine.shares_contact()
    assert "Balance ¥321.00" in zephyrine.sees_last
    await zephyrine.sends("/orders")
    assert "LEB-" not in zephyrine.sees_last
    await forgets_the_traces(stage)
    async with open_reader(stage.database) as reader:
        kept = await reader.execute("SELECT name FROM subscribers WHERE id = :id", id=ZEPHYRINE)
        lines = await reader.execute("SELECT count(*) FROM lines")
    assert kept == [("Zephyrine 翠羽 Quillfeather",)], "what belongs to the new life stays"
    assert lines == [(1,)]


async def test_an_order_on_its_way_ends_first(stage: Stage) -> None:
    zephyrine = await settles_in(stage)
    await confirms(zephyrine, "Monthly")
    await zephyrine.presses("Pay ¥")
    order_id = zephyrine.order_id()
    await zephyrine.sends("/privacy")
    await zephyrine.presses("Delete my data")
    assert f"Order {order_id} has not ended yet" in zephyrine.sees_last
    assert zephyrine.buttons == ["🧾 Order", "◀ Back"]
    await becomes_ready(stage, zephyrine)
    await deletes_all(stage, zephyrine)
    assert "Your data is deleted" in zephyrine.sees_last


async def test_twenty_taps_delete_once_and_leave_nobody_behind(stage: Stage) -> None:
    zephyrine = await settles_in(stage)
    await zephyrine.sends("/privacy")
    await zephyrine.presses("Delete my data")
    await zephyrine.taps("Delete my data", times=20)
    await stage.settles()
    await forgets_the_traces(stage)
    assert hits(stage.database) == {}
    async with open_reader(stage.database) as reader:
        assert await reader.execute("SELECT count(*) FROM subscribers") == [(0,)]


async def test_a_crash_right_after_the_wish_loses_none_of_it(stage: Stage) -> None:
    zephyrine = await settles_in(stage)
    await zephyrine.sends("/privacy")
    await zephyrine.presses("Delete my data")
    pressed = {"button": "Delete my data", "wait": False}
    await stage.control("POST", f"/users/{ZEPHYRINE}/press", pressed)
    while not await erasures(stage):  # noqa: ASYNC110 - the bot decides, we can only look
        await asyncio.sleep(0.001)
    await stage.crashes()
    await stage.returns()
    await zephyrine.looks()
    assert "Your data is deleted" in zephyrine.sees_last
    await forgets_the_traces(stage)
    assert hits(stage.database) == {}


async def erasures(stage: Stage) -> int:
    async with open_reader(stage.database) as reader:
        ((number,),) = await reader.execute("SELECT count(*) FROM erasures")
    return int(number)


async def test_the_bot_looks_for_traces_by_itself(stage: Stage) -> None:
    zephyrine = await settles_in(stage)
    await deletes_all(stage, zephyrine)
    assert await erasures(stage) == 1
    await stage.crashes()
    await stage.returns()
    async with asyncio.timeout(20):
        while await erasures(stage):  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


async def test_who_blocks_the_bot_afterwards_is_not_begun_anew_by_it(stage: Stage) -> None:
    zephyrine = await settles_in(stage)
    await deletes_all(stage, zephyrine)
    await zephyrine.blocks()
    async with open_reader(stage.database) as reader:
        assert await reader.execute("SELECT count(*) FROM subscribers") == [(0,)]


async def test_a_topic_that_opens_too_late_is_taken_away_again(stage: Stage) -> None:
    zephyrine = await settles_in(stage)
    request = OpenTopic(stage.group(9002).chat_id, ZEPHYRINE, "Zephyrine · late")
    async with stage.bot.store.unit() as unit:
        unit.outbox.support(request)
    await deletes_all(stage, zephyrine)
    await stage.crashes()
    await stage.returns()
    assert await topics(stage) == []


async def test_operators_are_told_of_a_topic_that_the_bot_may_not_delete(stage: Stage) -> None:
    zephyrine = await settles_in(stage)
    await zephyrine.sends("/support")
    await zephyrine.sends("my accordion is offline")
    owner = stage.person(9001)
    await owner.sends("/desk")
    await stage.group(9001).makes_bot("member")
    await deletes_all(stage, zephyrine)
    await stage.advances(minutes=2)
    await owner.looks()
    assert "请手动删除" in owner.sees


async def test_stars_go_back_to_who_paid_them_after_all(stage: Stage) -> None:
    zephyrine = await settles_in(stage)
    await confirms(zephyrine, "Monthly", "Pay another way", "Telegram Stars", "Pay ⭐")
    await zephyrine.pays_invoice()
    await becomes_ready(stage, zephyrine)
    order_id = zephyrine.order_id()
    await deletes_all(stage, zephyrine)
    async for _line in refunding.refund(stage.database, order_id, None):
        pass
    await becomes_ready(stage, zephyrine)
    back = [each for each in await transactions(stage) if "receiver" in each]
    assert [each["receiver"]["user"]["id"] for each in back] == [ZEPHYRINE]
    async with open_reader(stage.database) as reader:
        assert await reader.execute("SELECT status FROM orders") == [("refunded",)]
    assert breaches(stage.database) == {}


async def test_the_file_of_ones_own_data_tells_all_of_it_in_plain_words(stage: Stage) -> None:
    zephyrine = await settles_in(stage)
    await lives(stage, zephyrine)
    await is_dealt_with(stage, zephyrine.order_id())
    await becomes_ready(stage, zephyrine)
    await zephyrine.sends("/privacy")
    await zephyrine.presses("Export my data")
    document, content = await file_of(stage, zephyrine)
    assert document["file_name"] == "my-data-2026-11-22.json"
    assert "翠羽".encode() in content
    told: dict[str, Any] = json.loads(content)
    assert told["subscriber"]["telegram_id"] == ZEPHYRINE
    assert told["settings"]["quiet_hours"] == {"from": "23:00", "to": "07:00"}
    (line,) = told["lines"]
    assert (line["number"], line["card_number"]) == (PHONE, ICCID)
    assert line["name"] == "Grandmother's tablet"
    assert line["usage_by_day"]
    assert all("used_bytes_by_country" in each for each in line["usage_by_day"])
    assert {"at", "entry", "order", "amount"} == set(line["wallet"][0])
    assert line["wallet"][0]["amount"] == {"amount": "500.00", "currency": "CNY"}
    paid_with = [order["paid_with"] for order in told["orders"] if order["paid_with"]]
    assert paid_with == ["wallet", "invoice", "card", "stars"]
    refunded = told["orders"][-1]
    assert refunded["status"] == "refunded"
    assert refunded["refunds"][0]["amount"] == {"amount": "1250", "currency": "XTR"}
    history = [event["event"] for event in refunded["history"]]
    assert history[:3] == ["quote", "confirm", "pay"]
    assert told["kept_cards"][0]["card"] == "visa •• 4242"
    assert told["auto_renewals"] or told["coupons"]["used"]
    # In the operators' group by now, so its words are not kept here.
    assert [each["words"] for each in told["support"][0]["written"]] == [None]
    assert told["announcements"][0]["status"] == "sent"
    assert "cus_" not in content.decode()
    assert "pm_" not in content.decode()
