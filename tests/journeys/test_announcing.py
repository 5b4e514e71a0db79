"""An announcement to a crowd, by the bot as a process of its own that is killed on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp

from bot.crowd import FIRST_ID
from bot.demo import demo
from bot.runtime.announcement_room import bounds_for
from storage.database import open_reader
from tests.journeys.conftest import SUNDAY_AFTERNOON

CROWD = 150
OPERATOR = 9001
WORDS = "套餐上新"
PATIENCE_S = 60
PER_S = 30.0


async def until(is_true: Callable[[], Awaitable[bool]]) -> None:
    """Another process does it: we can only look."""
    async with asyncio.timeout(PATIENCE_S):
        while not await is_true():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.05)


class Page:
    """The sandbox's control API, as the page uses it."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def does(self, path: str, body: dict[str, Any]) -> int:
        async with self._http.post(f"/sandbox{path}", json=body) as answer:
            return answer.status

    async def writes(self, text: str) -> None:
        assert await self.does(f"/users/{OPERATOR}/send", {"text": text}) < 400

    async def presses(self, button: str) -> None:
        """Once the button is there: a chat takes about one message a second."""

        async def is_pressed() -> bool:
            return await self.does(f"/users/{OPERATOR}/press", {"button": button}) < 400

        await until(is_pressed)

    async def sees(self, text: str) -> None:
        async def is_seen() -> bool:
            return text in await self._chat()

        await until(is_seen)

    async def reaches(self, so_many: int) -> None:
        async def are_reached() -> bool:
            return len(await self.reached()) >= so_many

        await until(are_reached)

    async def reached(self) -> dict[int, int]:
        """How often the words were sent to each of the crowd, by the sandbox's own journal."""
        async with self._http.get("/sandbox/journal?method=sendMessage") as answer:
            entries = (await answer.json())["requests"]
        counts: dict[int, int] = {}
        for entry in entries:
            chat_id = int(entry["parameters"]["chat_id"])
            if entry["status"] == 200 and WORDS in entry["parameters"]["text"]:
                counts[chat_id] = counts.get(chat_id, 0) + (chat_id >= FIRST_ID)
        return {chat_id: count for chat_id, count in counts.items() if count}

    async def _chat(self) -> str:
        async with self._http.get(f"/sandbox/users/{OPERATOR}/messages") as answer:
            return await answer.text()


async def test_killed_on_the_way_it_goes_on_and_nobody_reads_it_twice(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    async with (
        demo(0, database, SUNDAY_AFTERNOON, print, CROWD) as address,
        aiohttp.ClientSession(address) as http,
    ):
        page = Page(http)
        await page.writes("/announce")
        await page.sees("公告内容")
        await page.writes(f"{{name}}，{WORDS}")
        await page.presses("发给我")
        await page.presses("发送…")
        await page.presses("v1:go!")
        for kill_at in (30, 80):
            await page.reaches(kill_at)
            await page.does("/bot/kill", {})
            await page.does("/bot/start", {})
        await page.sees("已发完")
        reached = await page.reached()
    async with open_reader(database) as reader:
        rows = await reader.execute("SELECT chat_id, status FROM deliveries")
    found = {chat_id: status for chat_id, status in rows if chat_id >= FIRST_ID}
    assert len(found) == CROWD
    assert set(found.values()) <= {"sent", "uncertain"}
    assert set(reached.values()) == {1}
    assert {chat_id for chat_id, status in found.items() if status == "sent"} <= set(reached)
    # Two kills: what waited for its turn, at most two pages, and the few on the wire.
    assert list(found.values()).count("uncertain") <= 2 * 3 * bounds_for(PER_S).page
