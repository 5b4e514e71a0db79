"""A served world, and a shop that speaks to its payments platform with the real SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.sandbox.payments.shop import Shop, stripe_client
from tests.sandbox.telegram.sides import Control


@pytest.fixture
def world() -> World:
    """The cast's world."""
    return World()


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    """Where the world is served."""
    async with serve(world) as address:
        yield address


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
def shop(world: World, url: str, session: aiohttp.ClientSession, control: Control) -> Shop:
    """A shop with the sandbox's key."""
    return Shop(stripe_client(url, session), world.clock, control)
