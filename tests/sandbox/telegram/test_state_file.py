"""The state file: a world goes on where it stopped."""

from __future__ import annotations

import json
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.cast import BOT_TOKEN, OPERATORS_GROUP
from bot.sandbox.server import serve
from bot.sandbox.world import World
from tests.sandbox.telegram.sides import BotSide, Control, Json, Phone
from tests.sandbox.telegram.test_files import picture, upload
from tests.sandbox.telegram.test_payments import STARS, agreed, invoice


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the state is kept."""
    return tmp_path / "world.json"


async def test_a_world_goes_on_where_it_stopped(path: Path, session: aiohttp.ClientSession) -> None:
    async with serve(World(path=path)) as url:
        bot, lin = BotSide(url, session, BOT_TOKEN), Phone(Control(url, session), 1001)
        await lin.send("/start")
        await bot.call("setMyCommands", commands=[{"command": "help", "description": "Help"}])
        photo = await upload(bot, "sendPhoto", "photo", picture())
        bill = await invoice(bot, STARS)
        await agreed(bot, lin.paying())
        await bot.forgets_updates()
        await bot.says("menu", reply_markup={"keyboard": [[{"text": "x"}]]})
        await lin.send("still unread")
        topic = await bot.call("createForumTopic", chat_id=OPERATORS_GROUP, name="Lin")
        thread_id = topic["message_thread_id"]
        into = {"chat_id": OPERATORS_GROUP, "message_thread_id": thread_id}
        sent = await bot.call("sendMessage", text="for all", **into)
        like = [{"type": "emoji", "emoji": "👍"}]
        where = {"chat_id": OPERATORS_GROUP, "message_id": sent["message_id"]}
        await bot.call("setMessageReaction", **where, reaction=like)
        await lin.control.post(f"groups/{OPERATORS_GROUP}/topics/{thread_id}", closed=True)
        await lin.control.advance(3600)
        before = await _remembered(bot, lin)
    async with serve(World(path=path)) as url:
        bot, lin = BotSide(url, session, BOT_TOKEN), Phone(Control(url, session), 1001)
        assert await _remembered(bot, lin) == before
        assert before["updates"][0]["message"]["text"] == "still unread"
        await bot.forgets_updates()
        assert (await agreed(bot, lin.paying(message_id=bill["message_id"])))["outcome"] == "paid"
        file = await bot.call("getFile", file_id=photo["photo"][0]["file_id"])
        async with session.get(f"{url}/file/bot{BOT_TOKEN}/{file['file_path']}") as answer:
            assert await answer.read() == picture()
        assert (await lin.control.get("clock"))["offset_s"] == pytest.approx(3600, abs=1)


async def _remembered(bot: BotSide, lin: Phone) -> Json:
    return {
        "chat": await lin.chat(),
        "updates": await bot.updates(),
        "commands": await bot.call("getMyCommands"),
        "charges": await lin.control.get("charges"),
        "groups": await lin.control.get("groups"),
        "stars": await bot.call("getStarTransactions"),
    }


def test_a_world_that_did_not_change_is_not_written(path: Path) -> None:
    World(path=path).save()
    assert not path.exists()


def test_the_file_is_written_whole(path: Path) -> None:
    world = World(path=path)
    world.changed()
    world.save()
    kept = json.loads(path.read_text("utf-8"))
    assert kept.keys() == {"clock", "telegram", "carrier", "payments"}
    assert list(path.parent.iterdir()) == [path]
