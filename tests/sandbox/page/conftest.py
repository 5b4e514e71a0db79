"""A served world, a scripted bot in it, and a person at the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.browser import Visitor, headless_chromium, visitor
from tests.sandbox.page.scripted_bot import ScriptedBot


class Supervisor:
    """A process that is only said to run."""

    running = True

    async def kill(self) -> None:
        """End it."""
        self.running = False

    async def start(self) -> None:
        """Start it again."""
        self.running = True


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with headless_chromium() as running:
        yield running


@pytest.fixture
def world() -> World:
    """The cast's world on a Sunday afternoon in Shanghai, with a bot that can be killed."""
    afternoon = World(flood=False, supervisor=Supervisor())
    afternoon.clock.shift(now=datetime(2026, 11, 22, 7, tzinfo=UTC))
    return afternoon


@pytest_asyncio.fixture(loop_scope="package")
async def address(world: World) -> AsyncIterator[str]:
    async with serve(world) as serving:
        yield serving


@pytest_asyncio.fixture(loop_scope="package")
async def bot(address: str) -> AsyncIterator[ScriptedBot]:
    async with aiohttp.ClientSession() as session:
        yield ScriptedBot(session, address)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def phone(browser: Browser) -> AsyncIterator[Visitor]:
    async with visitor(browser) as somebody:
        yield somebody


@pytest_asyncio.fixture(loop_scope="package")
async def subscriber(phone: Visitor, address: str) -> AsyncIterator[Visitor]:
    """Somebody with a phone; the page keeps nothing in the browser, so one serves every test."""
    yield phone
    await phone.leaves()
