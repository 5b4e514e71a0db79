"""Somebody sends without end: they are told once, and can still pay."""

from __future__ import annotations

from pathlib import Path

from bot.runtime.flood import Bound
from tests.journeys.acts import confirms, linked
from tests.journeys.conftest import SUNDAY_AFTERNOON
from tests.stage import staged


async def test_who_floods_is_told_once_can_still_pay_and_is_heard_again(tmp_path: Path) -> None:
    async with staged(tmp_path / "bot.db", SUNDAY_AFTERNOON, bound=Bound()) as stage:
        ana = await linked(stage, 1002)
        await confirms(ana, "Daily", "7 d")
        await ana.presses("Pay ")
        for number in range(40):
            await ana.sends(f"{number}")
        assert ana.sees.count("Slow down a little") == 1
        assert (await ana.pays_invoice())["outcome"] == "paid"
        assert "Paid" in ana.showing("🧾 Order")["text"]
        await stage.advances(seconds=20)
        await ana.sends("/language")
        assert "English" in ana.sees_last
    assert stage.world.telegram.violations == []


async def test_what_was_sent_while_the_bot_was_away_is_answered_however_much(
    tmp_path: Path,
) -> None:
    """Thirty questions within five minutes, which the bot finds all at once when it returns."""
    async with staged(tmp_path / "bot.db", SUNDAY_AFTERNOON, bound=Bound()) as stage:
        ana = await linked(stage, 1002)
        known = len(ana.received)
        await stage.crashes()
        for _ in range(30):
            await stage.control("POST", f"/users/{ana.id}/send", {"text": "/help"})
            await stage.control("POST", "/clock", {"advance_s": 10})
        await stage.returns()
        await ana.looks()
        assert len(ana.received) - known == 30
        assert "Slow down" not in ana.sees
