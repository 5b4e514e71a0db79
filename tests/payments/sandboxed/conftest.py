"""The adapter before the sandbox's platform, over real HTTP."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.payments.stripe import StripePlatform, StripeSettings
from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.payments.sandboxed.till import Till
from tests.payments.scripted import SECRET_KEY, WEBHOOK_SECRET
from tests.sandbox.telegram.sides import Control


@pytest.fixture
async def till() -> AsyncIterator[Till]:
    """A till in a world of its own; at the end nothing was asked that the platform forbids."""
    world = World()
    async with serve(world) as url, aiohttp.ClientSession() as session:
        settings = StripeSettings(SECRET_KEY, "https://t.me/leb", WEBHOOK_SECRET, f"{url}/stripe/")
        async with StripePlatform(settings, world.clock) as stripe:
            yield Till(stripe, world, Control(url, session))
    assert world.payments.violations == []
