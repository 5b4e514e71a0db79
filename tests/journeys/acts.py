"""What journeys do again and again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Any

from tests.chat import Subscriber
from tests.stage import Stage

TRAVEL_LINE = "+85261001003"
"""Omar's: a number that is not his Telegram number, on a card that ends with 1003."""


async def linked(stage: Stage, person_id: int = 1001) -> Subscriber:
    """Somebody of the cast whose line is linked by their own contact."""
    person = stage.person(person_id)
    await person.sends("/start")
    await person.shares_contact()
    return person


async def types_the_travel_number(person: Subscriber) -> None:
    await person.sends("/start")
    await person.presses("Another number")
    await person.sends(TRAVEL_LINE)


async def texted_code(stage: Stage) -> str:
    """The code in the newest text message to any line."""
    texts = (await stage.control("GET", "/carrier/sms"))["sms"]
    found = re.search(r": (\d{6})\b", texts[-1]["text"])
    assert found is not None
    return found[1]


async def confirms(person: Subscriber, *presses: str) -> None:
    """Chooses what to buy, up to the confirmation."""
    await person.sends("/renew")
    for label in presses:
        await person.presses(label)


async def deliveries(stage: Stage, order_id: str) -> int:
    """How often the carrier has the order."""
    orders = (await stage.control("GET", "/carrier/orders"))["orders"]
    return sum(order_id in order["key"] for order in orders)


async def becomes_ready(stage: Stage, person: Subscriber) -> None:
    """Time enough for the network to activate what was bought."""
    await stage.advances(seconds=30)
    await stage.advances(seconds=60)
    await person.looks()


async def while_time_passes(stage: Stage, action: Coroutine[Any, Any, object]) -> None:
    """Lets the clock run ahead, five seconds at a time, until the action has ended: for what only
    time brings to an end, such as retries against an outage."""
    acting = asyncio.create_task(action)
    while not acting.done():
        await stage.control("POST", "/clock", {"advance_s": 5})
        await asyncio.wait({acting}, timeout=0.05)
    await acting


async def appoints(stage: Stage, owner: Subscriber, person_id: int, role: str) -> Subscriber:
    """Who starts the bot, and whom the owner, in Chinese, then makes an operator of that role."""
    person = stage.person(person_id)
    await person.sends("/start")
    await owner.sends("/desk")
    await owner.presses("人员")
    await owner.presses("添加")
    await owner.sends(str(person_id))
    await owner.presses(role)
    await owner.presses("✅")
    return person
