"""The adapter before an operator that bends the standard as a test writes it down."""

from collections.abc import AsyncIterator

import pytest

from bot.carriers.tmf import ApiKey, TmfSettings
from tests.carriers.bent.operator import Operator, operating


@pytest.fixture
async def operator() -> AsyncIterator[Operator]:
    async with operating() as operator:
        yield operator


@pytest.fixture
def settings(operator: Operator) -> TmfSettings:
    return TmfSettings(
        operator.url,
        ApiKey("secret"),
        ordering="/order",
        inventory="/inventory",
        balance="/balance",
        usage="/usage",
        communication="/text",
        usage_looks=2,
    )
