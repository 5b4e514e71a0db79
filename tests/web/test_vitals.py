"""How the bot tells that it fares well, over real HTTP, and with no payment platform."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.runtime.run import Health
from bot.services.events import StoreFailed
from bot.vitals import HEALTH_PATH, METRICS_PATH, Vitals
from bot.web import WEBHOOK_PATH, create_app, serving
from storage.figures import Figures
from tests.loopback import SetClock

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(minutes=7)


@dataclass
class Bot:
    fares: Health = field(default_factory=lambda: Health(NOW, 2, 3, None))
    figures: Figures | None = field(default_factory=lambda: Figures(1, 4, 5, EARLIER))

    async def read_figures(self) -> Figures:
        if self.figures is None:
            raise StoreFailed("disk full at /var/lib/bot")
        return self.figures


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def web(bot: Bot) -> AsyncIterator[aiohttp.ClientSession]:
    vitals = Vitals(lambda: bot.fares, bot.read_figures, SetClock(NOW))
    async with (
        serving(create_app(vitals, None), "127.0.0.1", 0) as address,
        aiohttp.ClientSession(address) as session,
    ):
        yield session


async def health(web: aiohttp.ClientSession) -> tuple[int, Any]:
    async with web.get(HEALTH_PATH) as response:
        return response.status, await response.json()


async def gauges(web: aiohttp.ClientSession) -> dict[str, int]:
    async with web.get(METRICS_PATH) as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = await response.text()
    return {
        name: int(value)
        for name, value in (
            line.split() for line in text.splitlines() if line and not line.startswith("#")
        )
    }


async def test_a_bot_that_hears_telegram_is_healthy(web: aiohttp.ClientSession) -> None:
    assert await health(web) == (
        200,
        {
            "healthy": True,
            "last_poll_at": NOW.isoformat(),
            "undecided": 2,
            "pending": 3,
            "charged_not_delivered": 1,
            "last_reconciled_at": EARLIER.isoformat(),
        },
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"last_poll_at": None},
        {"last_poll_at": NOW - timedelta(seconds=61)},
        {"fatal": "disk full at /var/lib/bot"},
    ],
)
async def test_a_deaf_or_ended_bot_is_not_healthy_and_does_not_say_why(
    bot: Bot, web: aiohttp.ClientSession, changes: dict[str, Any]
) -> None:
    bot.fares = replace(bot.fares, **changes)
    status, said = await health(web)
    assert status == 503
    assert said["healthy"] is False
    assert "disk" not in json.dumps(said)
    assert (await gauges(web))["bot_healthy"] == 0


async def test_a_bot_that_cannot_read_its_database_is_not_healthy(
    bot: Bot, web: aiohttp.ClientSession
) -> None:
    bot.figures = None
    status, said = await health(web)
    assert (status, said["healthy"], said["charged_not_delivered"]) == (503, False, None)
    assert "disk" not in json.dumps(said)
    told = await gauges(web)
    assert told["bot_events_waiting"] == 2
    assert "bot_charged_not_delivered" not in told


async def test_figures_are_told_in_prometheus_own_words(web: aiohttp.ClientSession) -> None:
    assert await gauges(web) == {
        "bot_healthy": 1,
        "bot_events_waiting": 2,
        "bot_effects_waiting": 3,
        "bot_seconds_since_poll": 0,
        "bot_charged_not_delivered": 1,
        "bot_disputes_open": 4,
        "bot_refunds_owed": 5,
        "bot_seconds_since_reconciliation": 420,
    }


async def test_what_is_not_known_yet_is_left_out(bot: Bot, web: aiohttp.ClientSession) -> None:
    bot.fares = replace(bot.fares, last_poll_at=None)
    bot.figures = Figures(0, 0, 0, None)
    told = await gauges(web)
    assert "bot_seconds_since_poll" not in told
    assert "bot_seconds_since_reconciliation" not in told


async def test_without_a_platform_there_is_no_webhook(web: aiohttp.ClientSession) -> None:
    async with web.post(WEBHOOK_PATH, json={}) as response:
        assert response.status == 404
