"""Commands that an operator leaves for the bot: decided once, whether it runs or not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.runtime.commands import NotTheOwner, leave
from bot.sandbox.world import World
from tests.runtime.harness import eventually, running_bot
from tests.runtime.test_decide import rows

LIN = {"chat_id": 1001}


def folder(path: Path) -> Path:
    return path.with_name(f"{path.name}.commands")


async def test_a_command_left_while_the_bot_runs_is_decided_and_its_file_goes(
    path: Path, url: str, world: World
) -> None:
    async with running_bot(path, url) as bot:
        name = leave(path, "blocked", LIN)
        await eventually(lambda: bot.parrot.decided == ["blocked 1001"])
        await bot.settles(world)
    assert list(folder(path).iterdir()) == []
    assert rows(path, "SELECT source, source_id FROM inbox WHERE decided_at > 0") == [
        ("operator", name)
    ]


async def test_commands_wait_for_a_bot_that_does_not_run_in_the_order_they_were_left(
    path: Path, url: str, world: World
) -> None:
    for chat_id in (3, 1, 2):
        leave(path, "blocked", {"chat_id": chat_id})
    async with running_bot(path, url) as bot:
        await bot.settles(world)
        assert bot.parrot.decided == ["blocked 3", "blocked 1", "blocked 2"]


async def test_a_command_whose_file_outlived_a_crash_is_decided_once(
    path: Path, url: str, world: World
) -> None:
    name = leave(path, "blocked", LIN)
    left = (folder(path) / name).read_text("utf-8")
    async with running_bot(path, url) as bot:
        await bot.settles(world)
        (folder(path) / name).write_text(left, "utf-8")
        await bot.settles(world)
        assert bot.parrot.decided == ["blocked 1001"]


async def test_nonsense_is_buried_and_holds_nothing_up(path: Path, url: str, world: World) -> None:
    leave(path, "unheard_of", {})
    spoiled = leave(path, "blocked", LIN)
    (folder(path) / spoiled).write_text("{", "utf-8")
    leave(path, "blocked", LIN)
    async with running_bot(path, url) as bot:
        await bot.settles(world)
        assert bot.parrot.decided == ["blocked 1001"]
    buried = rows(path, "SELECT kind FROM dead_letters WHERE source = 'operator' ORDER BY id")
    assert buried == [("unheard_of",), ("blocked",)]


async def test_a_command_that_is_still_being_written_is_not_taken(
    path: Path, url: str, world: World
) -> None:
    leave(path, "blocked", LIN)
    (folder(path) / ".half.blocked").write_text("{", "utf-8")
    async with running_bot(path, url) as bot:
        await bot.settles(world)
    assert [each.name for each in folder(path).iterdir()] == [".half.blocked"]
    assert rows(path, "SELECT count(*) FROM dead_letters") == [(0,)]


def test_only_the_owner_may_command(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = leave(path, "blocked", LIN)
    place = folder(path)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert stat.S_IMODE((place / name).stat().st_mode) == 0o600
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(NotTheOwner):
        leave(path, "blocked", LIN)
