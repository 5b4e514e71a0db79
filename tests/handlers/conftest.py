"""A rehearsal a test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import migrate
from tests.handlers.rehearsal import Person, Rehearsal, rehearsal


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "bot.db"
    migrate.upgrade(path)
    return path


@pytest.fixture
async def stage(migrated: Path, tmp_path: Path) -> AsyncIterator[Rehearsal]:
    path = Path(shutil.copy(migrated, tmp_path / "bot.db"))
    async with rehearsal(path) as running:
        yield running


@pytest.fixture
async def lin(stage: Rehearsal) -> Person:
    """林晓, whose line is linked: ¥236.00 in the wallet, a monthly plan with 16 days left."""
    person = stage.person(1001, "zh-hans", "林晓")
    await person.links_the_line()
    return person


@pytest.fixture
def omar(stage: Rehearsal) -> Person:
    """Somebody who has linked nothing yet."""
    return stage.person(1003, "en", "Omar Haddad")
