"""A real database file for every test, copied from one that was migrated once."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.line import Iccid, Line, LineStatus, Msisdn
from bot.domain.money import Money
from bot.domain.order import Order, OrderStatus, Renewal
from bot.domain.subscriber import Subscriber
from bot.services.ports import FoundLine
from storage import migrate
from storage.database import Database
from storage.unit import SqliteStore

NOON = datetime(2026, 11, 22, 12, 0, 0, 123_456, tzinfo=UTC)
ANA = Subscriber(id=7001, name="Ana", language="en", language_chosen=False)
BEN = Subscriber(id=7002, name="本", language="zh_Hans", language_chosen=True)
FOUND = FoundLine(
    ref="carrier-1",
    msisdn=Msisdn("+8613800001001"),
    iccid=Iccid("89860000000000001001"),
    zone="Asia/Shanghai",
    status=LineStatus.ACTIVE,
)


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def order_of(line: Line, order_id: str = "LEB-2611-AAAA", status: str = "quoted") -> Order:
    return Order(
        id=order_id,
        subscriber_id=ANA.id,
        line_id=line.id,
        buys=Renewal("month", 1, periods=1, days=30),
        total=Money(19_900, "CNY"),
        status=OrderStatus(status),
        created_at=NOON,
        expires_at=later(30),
    )


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "bot.db"
    migrate.upgrade(path)
    return path


@pytest.fixture
def path(blank: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(blank, tmp_path / "bot.db"))


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    async with Database(path) as database:
        yield database


@pytest.fixture
def store(database: Database) -> SqliteStore:
    return SqliteStore(database, lambda: NOON)


@pytest.fixture
async def line(store: SqliteStore) -> Line:
    """Ana's line; Ben is known and has none."""
    async with store.unit() as unit:
        unit.subscribers.add(ANA, NOON)
        unit.subscribers.add(BEN, NOON)
        line = await unit.lines.remember(FOUND, NOON)
        unit.lines.link(line.id, ANA.id, NOON)
    return line
