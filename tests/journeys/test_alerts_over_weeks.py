"""A fortnight over real HTTP, with the clocks changed in between: each alert once, none at night.

One line is used up, runs out and is not renewed; one has bought its next days before; one renews by
itself. Their holders live in the zone of their lines, or in another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from storage.checks import examine
from tests.chat import Subscriber
from tests.journeys.acts import becomes_ready, confirms
from tests.journeys.test_auto_renewal import agrees
from tests.stage import Stage, staged

GB: Final = 10**9
ALERTS: Final = {
    "80 %": "% of today's high speed is used",
    "100 %": "today's high speed is used up",
    "3 days": "your plan ends in 3 days",
    "1 day": "your plan ends tomorrow",
    "0 days": "your plan ends today",
    "ended": "your plan has ended",
    "started": "your next plan has begun",
    "renews": "Your line renews automatically soon",
}
LASTS: Final = {"alone": 8, "next": 4, "by itself": 6}
"""How many local midnights the plan of each line has left."""


@dataclass
class Life:
    """Three lines and their holders, in a world that stands still between the steps."""

    stage: Stage
    home: ZoneInfo
    people: dict[str, Subscriber]
    numbers: dict[str, str]
    begun: datetime

    async def goes_on(self, until: datetime, *, step: timedelta = timedelta(hours=3)) -> None:
        while (now := await self.now()) < until:
            await self.stage.advances(seconds=min(step, until - now).total_seconds())

    async def at(self, day: int, hour: int, *, step: timedelta = timedelta(hours=3)) -> None:
        """Lets the days pass to that hour of the holders' clocks; the first day is 0."""
        first = self.begun.astimezone(self.home).date()
        wanted = datetime.combine(first + timedelta(days=day), datetime.min.time(), self.home)
        await self.goes_on(wanted.replace(hour=hour).astimezone(UTC), step=step)

    async def uses(self, whose: str, gigabytes: int) -> None:
        path = f"/carrier/lines/{self.numbers[whose]}/use"
        await self.stage.control("POST", path, {"bytes": gigabytes * GB})

    async def now(self) -> datetime:
        clock = await self.stage.control("GET", "/clock")
        return datetime.fromisoformat(clock["now"])

    async def told(self, whose: str) -> list[tuple[str, datetime]]:
        """Each alert that stands in the chat, with when it came by the holder's clock."""
        person = self.people[whose]
        await person.looks()
        return [
            (name, datetime.fromtimestamp(message["date"], self.home))
            for message in person.received
            for name, words in ALERTS.items()
            if words in str(message.get("text"))
        ]


async def settles_in(stage: Stage, number: int, zone: str, lives_in: str, days: int) -> Subscriber:
    """Somebody whose own number is a line in that zone, and who told the bot where they live."""
    msisdn = f"+35191200700{number}"
    line = {
        "msisdn": msisdn, "iccid": f"898520000000000700{number}", "plan": "M30", "days_left": days,
        "zone": zone, "wallet_minor": 500_00,
    }  # fmt: skip
    await stage.control("POST", "/carrier/lines", line)
    who = {"id": 7000 + number, "first_name": "Eva", "language_code": "en", "phone": msisdn}
    await stage.control("POST", "/users", who)
    person = stage.person(7000 + number)
    await person.sends("/start")
    await person.shares_contact()
    if zone != lives_in:
        await person.sends("/settings")
        await person.presses("Notifications")
        await person.presses("Time zone")
        await person.sends(lives_in.split("/")[1])
        assert "Lisbon" in person.sees
    return person


@asynccontextmanager
async def life(database: Path, zone: str, lives_in: str, start: str) -> AsyncIterator[Life]:
    home = ZoneInfo(lives_in)
    begun = datetime.fromisoformat(start).replace(tzinfo=home)
    async with staged(database, begun) as stage:
        people = {
            name: await settles_in(stage, number, zone, lives_in, days)
            for number, (name, days) in enumerate(LASTS.items(), 1)
        }
        await confirms(people["next"], "Daily", "3 d", "Pay ¥")
        await agrees(people["by itself"], "Monthly", "Wallet balance", "Turn on")
        await becomes_ready(stage, people["next"])
        numbers = {name: f"+35191200700{n}" for n, name in enumerate(LASTS, 1)}
        yield Life(stage, home, people, numbers, begun)
        await stage.settles()
    assert stage.world.telegram.violations == []
    assert [each.text for each in await examine(database) if each.is_error] == []


def nights(told: list[tuple[str, datetime]]) -> list[Any]:
    """What came in the quiet hours."""
    return [each for each in told if not 8 <= each[1].hour < 22]


@pytest.mark.parametrize(
    ("zone", "lives_in", "start"),
    [
        pytest.param("Europe/Lisbon", "Europe/Lisbon", "2026-10-20T12:00", id="an hour more"),
        pytest.param("America/New_York", "America/New_York", "2027-03-09T12:00", id="an hour less"),
        pytest.param("Asia/Shanghai", "Europe/Lisbon", "2026-10-20T12:00", id="in another zone"),
    ],
)
async def test_each_alert_comes_once_and_none_in_the_night(
    tmp_path: Path, zone: str, lives_in: str, start: str
) -> None:
    async with life(tmp_path / "bot.db", zone, lives_in, start) as days:
        hourly = timedelta(hours=1)
        await days.at(2, 9)
        await days.uses("alone", 17)
        await days.at(2, 14, step=hourly)
        await days.uses("alone", 5)
        await days.at(2, 17, step=hourly)
        of_the_day = Counter(name for name, _ in await days.told("alone"))
        assert of_the_day == {"80 %": 1, "100 %": 1}
        await days.at(3, 23)
        await days.uses("alone", 21)
        await days.at(4, 7, step=hourly)
        by_then = Counter(name for name, _ in await days.told("alone"))
        assert (by_then["80 %"], by_then["100 %"]) == (1, 1), "nobody is woken"
        await days.at(14, 12)
        alone = await days.told("alone")
        still_true = zone != lives_in
        assert Counter(name for name, _ in alone) == {
            "80 %": 1, "100 %": 1 + still_true, "3 days": 1, "1 day": 1, "0 days": 1, "ended": 1,
        }  # fmt: skip
        bought = await days.told("next")
        assert Counter(name for name, _ in bought) == {
            "started": 1, "1 day": 1, "0 days": 1, "ended": 1,
        }  # fmt: skip
        renewed = await days.told("by itself")
        assert Counter(name for name, _ in renewed) == {"renews": 1, "started": 1}
        assert nights(alone) + nights(bought) + nights(renewed) == []
