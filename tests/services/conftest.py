"""One shop a test: real services over a real database file, checked afterwards."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.line import Line
from bot.domain.subscriber import Subscriber
from storage import migrate
from storage.database import Database
from storage.unit import SqliteStore
from tests.clocks import StoppedClock
from tests.services.books import breaches
from tests.services.shop import Shop, catalogue, found_line

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
"""15:00 in Shanghai."""
LIN = 7001


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "bot.db"
    migrate.upgrade(path)
    return path


@pytest.fixture
def path(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated, tmp_path / "bot.db"))


@pytest.fixture
async def shop(path: Path) -> AsyncIterator[Shop]:
    """A shop that sells the catalogue."""
    clock = StoppedClock(NOW)
    async with Database(path) as database:
        shop = Shop(SqliteStore(database, clock.now), clock)
        await shop.put_on_sale(catalogue())
        yield shop


@pytest.fixture(autouse=True)
async def books_are_in_order(shop: Shop, path: Path) -> AsyncIterator[None]:
    yield
    assert breaches(path) == {}


@pytest.fixture
async def line(shop: Shop) -> Line:
    """Lin's line, linked by contact; its wallet is empty and no plan runs."""
    return await shop.link_contact(LIN, found_line("1001"))


@pytest.fixture
async def lin(shop: Shop, line: Line) -> Subscriber:
    return await shop.subscriber(LIN)
