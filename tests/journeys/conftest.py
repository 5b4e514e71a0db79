"""Journeys: what a subscriber lives through, played over real HTTP."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.sandbox.payments.control import WEBHOOK_SECRET
from storage.checks import examine
from storage.database import open_reader
from tests.stage import Stage, staged

SUNDAY_AFTERNOON = datetime.fromisoformat("2026-11-22T15:00:00+08:00")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The world on a Sunday afternoon in Shanghai. Afterwards nothing may have been said against
    the protocols, no event may have been put aside, and the books must balance."""
    database = tmp_path / "bot.db"
    async with staged(database, SUNDAY_AFTERNOON) as stage:
        yield stage
        await stage.settles()
    assert stage.world.telegram.violations == []
    assert stage.conformance.violations == []
    async with open_reader(database) as reader:
        assert await reader.execute("SELECT kind, error FROM dead_letters") == []
    assert [finding.text for finding in await examine(database) if finding.is_error] == []


@pytest.fixture
async def heard(tmp_path: Path) -> AsyncIterator[Stage]:
    """A world whose platform tells a bot with a webhook."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET, "WEB_PORT": str(port)}
    database = tmp_path / "bot.db"
    async with staged(database, SUNDAY_AFTERNOON, settings) as stage:
        url = f"http://127.0.0.1:{port}/webhooks/payments"
        await stage.control("POST", "/payments/webhook", {"url": url})
        yield stage
    assert [each.text for each in await examine(database) if each.is_error] == []
