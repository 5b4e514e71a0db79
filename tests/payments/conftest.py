"""The adapter before a platform that says what a test writes down."""

from collections.abc import AsyncIterator

import pytest

from bot.payments.stripe import StripePlatform, StripeSettings
from tests.loopback import SetClock
from tests.payments.scripted import NOW, SECRET_KEY, WEBHOOK_SECRET, Scripted, scripted


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
async def api() -> AsyncIterator[Scripted]:
    async with scripted() as platform:
        yield platform


@pytest.fixture
async def stripe(api: Scripted, clock: SetClock) -> AsyncIterator[StripePlatform]:
    settings = StripeSettings(SECRET_KEY, "https://t.me/leb", WEBHOOK_SECRET, api.url)
    async with StripePlatform(settings, clock) as platform:
        yield platform
