"""A database file of its own and a sandbox of its own for every test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.server import serve
from bot.sandbox.world import World
from storage import migrate
from tests.runtime.harness import People


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "bot.db"
    migrate.upgrade(path)
    return path


@pytest.fixture
def path(blank: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(blank, tmp_path / "bot.db"))


@pytest.fixture
def world() -> World:
    return World(flood=False)


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    async with serve(world) as url:
        yield url


@pytest.fixture
def people(world: World) -> People:
    return People(world)
