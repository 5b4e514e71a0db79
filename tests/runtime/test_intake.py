"""Updates are stored before they are acknowledged, whatever comes and whatever fails."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import structlog
from telegram.error import NetworkError

from bot.runtime.bot_api import ApiRefused, BotApi, TokenRefused
from bot.runtime.http import File
from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.world import World
from tests.runtime.harness import Bot, Options, People, eventually, running_bot

LIN = 1001


def text_update(update_id: int, text: str) -> dict[str, Any]:
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1,
            "text": text,
            "chat": {"id": LIN, "type": "private", "first_name": "Lin"},
            "from": {"id": LIN, "is_bot": False, "first_name": "Lin"},
        },
    }


def scripted(*answers: Any) -> tuple[type[BotApi], list[int | None]]:
    """A Bot API whose polls give these answers (errors are raised), then nothing new; and the
    offsets that it was asked with."""
    left, offsets = list(answers), []

    class Scripted(BotApi):
        async def call(
            self,
            method: str,
            parameters: Mapping[str, Any],
            files: Mapping[str, File] | None = None,
            *,
            read_timeout_s: float | None = None,
        ) -> Any:
            if method != "getUpdates" or not left:
                return await super().call(method, parameters, files, read_timeout_s=read_timeout_s)
            offsets.append(parameters.get("offset"))
            answer = left.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

    return Scripted, offsets


def heard(bot: Bot) -> list[str]:
    """The texts that were decided; that nobody here may be answered is decided too."""
    return [words for words in bot.parrot.decided if not words.startswith("blocked")]


def buried(path: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(path) as raw:
        found = raw.execute("SELECT kind, payload FROM dead_letters").fetchall()
    raw.close()
    return found


async def test_ids_that_start_anew_lower_are_received_and_acknowledged(
    path: Path, url: str, world: World, people: People
) -> None:
    async with running_bot(path, url) as bot:
        people.writes(LIN, "old")
        await bot.settles(world)
        world.telegram.bots[BOT_TOKEN].updates._next_id = 7
        for words in ("new", "newer"):
            people.writes(LIN, words)
            await bot.settles(world)
        assert bot.parrot.decided == ["old", "new", "newer"]


async def test_the_offset_follows_the_last_update_received_not_the_greatest(
    path: Path, url: str, world: World
) -> None:
    api, offsets = scripted([text_update(900, "a"), text_update(3, "b")], [text_update(4, "c")])
    async with running_bot(path, url, Options(api=api)) as bot:
        await eventually(lambda: heard(bot) == ["a", "b", "c"])
    assert offsets == [None, 4]


async def test_the_offset_outlives_a_restart(path: Path, url: str, world: World) -> None:
    api, _ = scripted([text_update(41, "a")])
    async with running_bot(path, url, Options(api=api)) as bot:
        await eventually(lambda: heard(bot) == ["a"])
    api, offsets = scripted([])
    async with running_bot(path, url, Options(api=api)):
        await eventually(lambda: bool(offsets))
    assert offsets == [42]


async def test_an_update_that_comes_twice_is_decided_once(
    path: Path, url: str, world: World, people: People
) -> None:
    world.telegram.faults.order({"kind": "duplicate-update", "times": 2})
    async with running_bot(path, url) as bot:
        people.writes(LIN, "a")
        people.writes(LIN, "b")
        await bot.settles(world)
    assert people.sees(LIN) == ["a", "b"]


async def test_entries_that_are_no_updates_are_buried_and_those_around_them_decided(
    path: Path, url: str, world: World
) -> None:
    nonsense: list[Any] = [7, "text", None, [], {}, {"update_id": "12"}, {"update_id": True}]
    nonsense += [{"update_id": -5}, {"update_id": 2**63}]
    api, _ = scripted([text_update(1, "a"), *nonsense, text_update(2, "b")])
    async with running_bot(path, url, Options(api=api)) as bot:
        await eventually(lambda: heard(bot) == ["a", "b"])
    assert [json.loads(payload) for _, payload in buried(path)] == nonsense


async def test_nonsense_that_keeps_coming_is_buried_once(
    path: Path, url: str, world: World
) -> None:
    api, offsets = scripted([{}], [{}], [{}, text_update(9, "on")])
    async with running_bot(path, url, Options(api=api)) as bot:
        await eventually(lambda: heard(bot) == ["on"])
    assert buried(path) == [("unreadable", "{}")]
    assert offsets == [None, None, None]


async def test_half_a_surrogate_pair_is_no_obstacle(path: Path, url: str, world: World) -> None:
    api, _ = scripted([text_update(1, "x \ud83d y"), text_update(2, "b")])
    async with running_bot(path, url, Options(api=api)) as bot:
        await eventually(lambda: heard(bot) == ["x ? y", "b"])


async def test_a_refused_token_ends_the_bot_with_what_to_do(path: Path, url: str) -> None:
    async with running_bot(path, url, Options(token="1:mistyped")) as bot:
        with pytest.raises(TokenRefused, match="BotFather"):
            await bot.running
        assert "BotFather" in (bot.runtime.health().fatal or "")


@pytest.mark.parametrize("code", [401, 404])
async def test_a_token_revoked_while_polling_ends_the_bot(path: Path, url: str, code: int) -> None:
    refusal = TokenRefused() if code == 401 else ApiRefused(404, "Not Found")
    api, _ = scripted([], refusal)
    async with running_bot(path, url, Options(api=api)) as bot:
        with pytest.raises(TokenRefused):
            await bot.running


async def test_a_conflict_is_explained_and_polling_goes_on(
    path: Path, url: str, world: World, people: People
) -> None:
    conflict = ApiRefused(409, "Conflict: terminated by other getUpdates request")
    api, _ = scripted(conflict)
    with structlog.testing.capture_logs() as logs:
        async with running_bot(path, url, Options(api=api)) as bot:
            people.writes(LIN, "on")
            await bot.settles(world)
    assert people.sees(LIN) == ["on"]
    [line] = [line for line in logs if line["event"] == "poll_conflict"]
    assert "another process polls with this token" in line["meaning"]


async def test_trouble_on_the_network_is_outlived(
    path: Path, url: str, world: World, people: People
) -> None:
    world.telegram.faults.order({"method": "getUpdates", "times": 1, "status": 502})
    world.telegram.faults.order({"method": "getUpdates", "times": 1, "drop": "before"})
    async with running_bot(path, url) as bot:
        people.writes(LIN, "on")
        await bot.settles(world)
        assert bot.runtime.health().last_poll_at is not None
    assert people.sees(LIN) == ["on"]


async def test_an_answer_that_is_no_list_is_outlived(
    path: Path, url: str, world: World, people: People
) -> None:
    api, _ = scripted({"not": "a list"}, NetworkError("none"))
    async with running_bot(path, url, Options(api=api)) as bot:
        people.writes(LIN, "on")
        await bot.settles(world)
    assert people.sees(LIN) == ["on"]


async def test_telegram_unreachable_at_the_start_is_waited_for(
    path: Path, url: str, world: World, people: People
) -> None:
    world.telegram.faults.order({"method": "getMe", "times": 1, "drop": "before"})
    people.writes(LIN, "on")
    async with running_bot(path, url) as bot:
        await bot.settles(world)
    assert people.sees(LIN) == ["on"]


async def test_a_429_at_the_start_is_waited_out(
    path: Path, url: str, world: World, people: People
) -> None:
    world.telegram.faults.order({"method": "getMe", "times": 1, "status": 429, "retry_after": 1})
    people.writes(LIN, "on")
    async with running_bot(path, url) as bot:
        await bot.settles(world)
    refused, answered = people.requests("getMe")
    assert answered["at"] - refused["at"] >= 1
    assert people.sees(LIN) == ["on"]
