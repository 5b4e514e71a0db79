"""Real updates of every kind that the sandbox's Telegram sends: people do all that people do."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from bot import refunding
from tests.chat import Refused, Subscriber
from tests.journeys.acts import becomes_ready, confirms, linked
from tests.stage import Stage

PLAYER: Final = 1001
"""Lin, in whose name hostile updates come, too."""
PROTECTED: Final = 1002
"""Ana, in whose name none comes."""


async def play(stage: Stage) -> None:
    """Writes, attaches, presses, pays, edits, blocks, returns; alone, and in the group."""
    lin = await linked(stage, PLAYER)
    for kind in ("photo", "video", "voice", "document", "sticker"):
        await lin.attaches(kind, "" if kind == "sticker" else "see /help or https://example.com")
    await lin.forwards_contact("+8613900000000", 5)
    sent = await lin.sends("some words, @somebody, /usage, +8613800001001")
    await lin.replies(sent["message"]["message_id"], "and some more")
    await lin.edits(sent["message"]["message_id"], "other words")
    await lin.blocks()
    await stage.control("POST", f"/users/{PLAYER}/unblock", {})
    for command in ("/start", "/usage", "/orders", "/settings", "/faq", "/topup", "/coupons"):
        await lin.sends(command)
        for label in lin.buttons[:2]:
            await _presses(lin, label)
    await _pay_in_stars_and_take_them_back(stage, lin)
    ana = await linked(stage, PROTECTED)
    await confirms(ana, "Monthly")
    await ana.presses("Pay ")
    await ana.pays_invoice()
    await becomes_ready(stage, ana)
    await _in_the_group(stage)


async def _pay_in_stars_and_take_them_back(stage: Stage, person: Subscriber) -> None:
    await confirms(person, "月卡", "换方式", "Telegram 星星", "支付 ⭐")
    await person.pays_invoice()
    async for _line in refunding.refund(stage.database, person.order_id(), "asked by phone"):
        pass
    await stage.settles()


async def _presses(person: Subscriber, label: str) -> None:
    """The button, where there is one."""
    with suppress(Refused):
        await person.presses(label)


async def _in_the_group(stage: Stage) -> None:
    group = stage.group(9001)
    await stage.control("POST", f"/groups/{group.chat_id}/topics", {"name": "Roaming"})
    topic = await group.topic("Roaming")
    sent = await topic.sends("hello, @leb_card_sandbox_bot")
    await topic.replies(sent["message"]["message_id"], "/usage")
    await topic.attaches("photo", "a picture")
    await topic.closes()
    await topic.opens_again()
    await (await group.general()).sends("to all")
    await group.makes_bot("kicked")
    await group.makes_bot("administrator")
