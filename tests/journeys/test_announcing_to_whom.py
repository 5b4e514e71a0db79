"""Whoever blocked the bot is left out of announcements until they write again, and whoever wants no
news until they do."""

from __future__ import annotations

from tests.chat import Subscriber
from tests.journeys.acts import linked
from tests.stage import Stage

OWNER, LIN, ANA = 9001, 1001, 1002


async def announces(stage: Stage, words: str) -> str:
    """Composes, sees, sends; what was said of how many it reaches."""
    owner = stage.person(OWNER)
    await owner.sends("/announce")
    await owner.sends(words)
    reach = owner.sees_last
    await owner.presses("发给我")
    await owner.presses("发送…")
    await owner.presses("v1:go!")
    await stage.advances(seconds=6)
    return reach


async def has_read(stage: Stage, person: Subscriber, words: str) -> bool:
    await person.looks()
    return words in person.sees


async def test_who_blocked_the_bot_is_skipped_until_they_write_again(stage: Stage) -> None:
    await stage.advances(hours=3)
    lin, ana = await linked(stage, LIN), await linked(stage, ANA)
    await stage.person(OWNER).sends("/start")
    await ana.blocks()
    assert "2 人" in await announces(stage, "第一条")
    assert await has_read(stage, lin, "第一条")
    assert not await has_read(stage, ana, "第一条")
    await ana.unblocks()
    await ana.sends("/start")
    assert "3 人" in await announces(stage, "第二条")
    assert await has_read(stage, ana, "第二条")
    assert not await has_read(stage, ana, "第一条")


async def test_who_turned_news_off_gets_none_until_they_turn_it_on_again(stage: Stage) -> None:
    await stage.advances(hours=3)
    ana = await linked(stage, ANA)
    await stage.person(OWNER).sends("/start")
    await ana.sends("/settings")
    await ana.presses("Notifications")
    await ana.presses("News")
    assert "1 人" in await announces(stage, "第一条")
    await ana.presses("News")
    assert "2 人" in await announces(stage, "第二条")
    assert await has_read(stage, ana, "第二条")
    assert not await has_read(stage, ana, "第一条")
