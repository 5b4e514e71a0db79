from __future__ import annotations

import pytest

from bot.domain.subscriber import Subscriber
from tests.services.shop import Shop
from tests.services.somebody_else_pays.steps import MUM


@pytest.fixture
async def mum(shop: Shop) -> Subscriber:
    """She has no line."""
    return await shop.meet(MUM, "妈妈")
