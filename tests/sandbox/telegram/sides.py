"""The two sides of a chat in these tests: the bot's raw calls and the person's Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

Json = dict[str, Any]


class Refused(Exception):
    """An answer that is not ok; `body` is what came."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(body.get("description") or body.get("error"))
        self.status = status
        self.body = body


@dataclass
class Control:
    """The control API."""

    url: str
    session: aiohttp.ClientSession

    async def get(self, path: str) -> Json:
        return await self._call("GET", path, None)

    async def post(self, path: str, **body: Any) -> Json:
        return await self._call("POST", path, body)

    async def delete(self, path: str) -> Json:
        return await self._call("DELETE", path, None)

    async def advance(self, seconds: float) -> None:
        await self.post("clock", advance_s=seconds)

    async def _call(self, method: str, path: str, body: Json | None) -> Json:
        async with self.session.request(method, f"{self.url}/sandbox/{path}", json=body) as answer:
            content: Json = await answer.json()
            if not answer.ok:
                raise Refused(answer.status, content)
            return content


@dataclass
class BotSide:
    """A bot that calls methods without any library in between."""

    url: str
    session: aiohttp.ClientSession
    token: str

    def address(self, method: str) -> str:
        return f"{self.url}/bot{self.token}/{method}"

    async def call(self, method: str, /, **parameters: Any) -> Any:
        async with self.session.post(self.address(method), json=parameters) as answer:
            return await self._result(answer)

    async def form(self, method: str, form: aiohttp.FormData | Json) -> Any:
        async with self.session.post(self.address(method), data=form) as answer:
            return await self._result(answer)

    async def says(self, text: str = "hello", /, **parameters: Any) -> Json:
        sent: Json = await self.call("sendMessage", chat_id=1001, text=text, **parameters)
        return sent

    async def updates(self, **parameters: Any) -> list[Json]:
        found: list[Json] = await self.call("getUpdates", **parameters)
        return found

    async def next(self, kind: str) -> Json:
        """Wait for the next update and confirm it; it must be of this kind."""
        [update] = await self.updates(limit=1, timeout=5)
        await self.updates(offset=update["update_id"] + 1)
        assert kind in update, update
        content: Json = update[kind]
        return content

    async def forgets_updates(self) -> None:
        for update in await self.updates(offset=-1):
            await self.updates(offset=update["update_id"] + 1)

    async def _result(self, answer: aiohttp.ClientResponse) -> Any:
        content: Json = await answer.json()
        assert content["ok"] is answer.ok
        if not content["ok"]:
            assert content["error_code"] == answer.status
            raise Refused(answer.status, content)
        return content["result"]


@dataclass
class Phone:
    """A person's Telegram."""

    control: Control
    id: int

    async def send(self, text: str, **more: Any) -> Json:
        return await self._do("send", text=text, **more)

    async def sends(self, **what: Any) -> Json:
        return await self._do("send", **what)

    async def press(self, button: str, **more: Any) -> Json:
        return await self._do("press", button=button, **more)

    def pressing(self, button: str, **more: Any) -> asyncio.Task[Json]:
        """Press, and let the bot answer meanwhile."""
        return asyncio.create_task(self.press(button, **more))

    def paying(self, **more: Any) -> asyncio.Task[Json]:
        """Pay, and let the bot answer meanwhile."""
        return asyncio.create_task(self._do("pay", **more))

    async def share_contact(self) -> Json:
        return await self._do("share-contact")

    async def block(self) -> None:
        await self._do("block")

    async def unblock(self) -> None:
        await self._do("unblock")

    async def chat(self) -> Json:
        return await self.control.get(f"users/{self.id}/messages")

    async def sees(self) -> list[Json]:
        messages: list[Json] = (await self.chat())["messages"]
        return messages

    async def _do(self, action: str, **body: Any) -> Json:
        return await self.control.post(f"users/{self.id}/{action}", **body)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Return as soon as it holds; it must within five seconds."""
    async with asyncio.timeout(5):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.001)


def inline(*buttons: Json) -> Json:
    """An inline keyboard with one button a row."""
    return {"inline_keyboard": [[button] for button in buttons]}


def callback(text: str, data: str) -> Json:
    """A button that calls back."""
    return {"text": text, "callback_data": data}
