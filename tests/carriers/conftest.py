"""The adapter before the sandbox's carrier, over real HTTP."""

from collections.abc import AsyncIterator

import pytest

from bot.carriers.tmf import ApiKey, TmfCarrier, TmfSettings
from tests.carrier_side import caller, carrier, carrier_url, clock, conformance, published
from tests.loopback import SetClock

__all__ = ["caller", "carrier", "carrier_url", "clock", "conformance", "published"]


@pytest.fixture
def settings(carrier_url: str) -> TmfSettings:
    return TmfSettings(f"{carrier_url}/carrier", ApiKey("SANDBOX"), timeout_s=5)


@pytest.fixture
async def tmf(settings: TmfSettings, clock: SetClock) -> AsyncIterator[TmfCarrier]:
    async with TmfCarrier(settings, clock) as carrier:
        yield carrier
