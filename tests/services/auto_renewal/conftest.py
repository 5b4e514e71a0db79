from __future__ import annotations

import pytest

from bot.domain.line import Line
from tests.services.auto_renewal.steps import END
from tests.services.shop import Shop, yuan


@pytest.fixture(autouse=True)
async def running(shop: Shop, line: Line) -> None:
    """The line has a plan until `END`, and ¥236.00 in its wallet."""
    await shop.read(line, valid_until=END)
    await shop.fund(line, yuan(236))
