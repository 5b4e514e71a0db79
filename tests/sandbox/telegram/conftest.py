"""A world served on loopback, a bot that calls it raw, and a person with their Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.sandbox.telegram.sides import BotSide, Control, Phone


@pytest.fixture
def world() -> World:
    """A world without flood control; the tests of the flood make their own."""
    return World(flood=False)


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    """Where the world is served. No answer or update of it may break the specification."""
    async with serve(world) as address:
        yield address
    assert [found for found in world.telegram.violations if found["where"] != "request"] == []


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections to loopback."""
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def control(url: str, session: aiohttp.ClientSession) -> Control:
    """The control API."""
    return Control(url, session)


@pytest.fixture
def bot(url: str, session: aiohttp.ClientSession) -> BotSide:
    """The sandbox's bot, calling raw methods."""
    return BotSide(url, session, BOT_TOKEN)


@pytest.fixture
async def lin(control: Control) -> Phone:
    """Lin Xiao, who has started the bot."""
    phone = Phone(control, 1001)
    await phone.send("/start")
    return phone
