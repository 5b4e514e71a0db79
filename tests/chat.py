"""A subscriber's side of a chat, over real HTTP against the sandbox.

    await subscriber.sends("/start")
    await subscriber.presses("续费")
    assert "¥199.00" in subscriber.sees

Every verb waits until the bot has nothing left to do about it, and then looks at the chat again.

An operator in their group has the same verbs in each of its topics:

    group = stage.group(9001)
    topic = await group.topic("Lin")
    await topic.sends("Hello, this is Mei of LEB.")
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import aiohttp

Settled = Callable[[], Awaitable[None]]
"""Returns once every update is decided and everything staged has left."""


class Refused(AssertionError):
    """The sandbox would not let the person do this, as Telegram would not."""


class Subscriber:
    """One person in their private chat with the bot, or ``where`` the control API names: in a
    ``chat_id``, in a ``thread_id`` of it."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        address: str,
        person_id: int,
        settled: Settled,
        where: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.id = person_id
        self._where = where
        self._http = http
        self._base = f"{address}/sandbox/users/{person_id}"
        self._settled = settled
        self.messages: list[dict[str, Any]] = []
        """The chat as it was last looked at, the newest message last."""
        self.keyboard: Any = None
        self.toast: str | None = None
        self.alert: str | None = None

    # ── what a person does ────────────────────────────────────────────────────────────────────────

    async def sends(self, text: str) -> dict[str, Any]:
        return await self._does("send", {"text": text})

    async def replies(self, message_id: int, text: str) -> dict[str, Any]:
        return await self._does("send", {"text": text, "reply_to": message_id})

    async def sends_sticker(self) -> None:
        await self.attaches("sticker")

    async def sends_photo(self) -> None:
        await self.attaches("photo")

    async def attaches(self, kind: str, caption: str = "", **more: str) -> dict[str, Any]:
        """Sends a ``photo``, ``video``, ``voice``, ``document`` or ``sticker``; ``parse_mode`` says
        how the words are formatted, what has the same ``album`` is one."""
        return await self._does("send", {kind: True, "caption": caption, **more})

    async def edits(self, message_id: int, text: str) -> None:
        await self._does("send", {"edit": message_id, "text": text})

    async def shares_contact(self) -> None:
        await self._does("share-contact", {})

    async def forwards_contact(self, phone: str, user_id: int | None = None) -> None:
        contact = {"phone": phone, "user_id": user_id}
        await self._does("send", {"forward_contact": contact})

    async def presses(self, button: str, message_id: int | None = None) -> dict[str, Any]:
        """Presses the newest button whose label contains the text, or whose data equals it."""
        pressed: dict[str, Any] = {"button": button}
        if message_id is not None:
            pressed["message_id"] = message_id
        answer = await self._does("press", pressed)
        self.toast, self.alert = answer.get("toast"), answer.get("alert")
        return answer

    async def taps(self, button: str, times: int) -> None:
        """Presses the same button several times before the bot can answer once."""
        await self._settled()
        pressed = {"button": button, "wait": False, **self._where}
        taps = (self._http.post(f"{self._base}/press", json=pressed) for _ in range(times))
        for response in await asyncio.gather(*taps):
            response.release()
        await self.looks()

    async def pays_invoice(
        self, outcome: str = "paid", message_id: int | None = None
    ) -> dict[str, Any]:
        """Pays the newest invoice; ``outcome`` as the control API names it."""
        wanted: dict[str, Any] = {"outcome": outcome}
        if message_id is not None:
            wanted["message_id"] = message_id
        return await self._does("pay", wanted)

    async def blocks(self) -> None:
        await self._does("block", {})

    async def unblocks(self) -> None:
        await self._does("unblock", {})

    async def looks(self) -> None:
        """Waits until the bot is quiet and reads the chat."""
        await self._settled()
        async with self._http.get(f"{self._base}/messages", params=self._where) as response:
            chat: dict[str, Any] = await response.json()
        self.messages, self.keyboard = chat["messages"], chat["keyboard"]

    # ── what a person sees ────────────────────────────────────────────────────────────────────────

    @property
    def received(self) -> list[dict[str, Any]]:
        """What the bot has written, the newest last."""
        return [message for message in self.messages if message["from"]["is_bot"]]

    @property
    def sees(self) -> str:
        """All that the bot has written, with the labels of its buttons."""
        return "\n\n".join(_as_read(message) for message in self.received)

    @property
    def sees_last(self) -> str:
        """The newest message alone."""
        return _as_read(self.received[-1])

    @property
    def buttons(self) -> list[str]:
        """The labels under the newest message that has any."""
        for message in reversed(self.received):
            if message.get("reply_markup", {}).get("inline_keyboard"):
                return [button["text"] for button in _buttons(message)]
        return []

    @property
    def reactions(self) -> dict[int, str]:
        """What the bot has put under which message."""
        return {
            message["message_id"]: message["reaction"]
            for message in self.messages
            if "reaction" in message
        }

    def showing(self, text: str) -> dict[str, Any]:
        """The newest message that contains the text. Raises `AssertionError` without any."""
        found = [message for message in self.received if text in _as_read(message)]
        assert found, f"nothing shows {text!r} in:\n{self.sees}"
        return found[-1]

    def order_id(self) -> str:
        """The order named last in the chat."""
        found = re.findall(r"\b[A-Z0-9]{2,6}-\d{4}-[A-Z0-9]{4}\b", self.sees)
        assert found, f"no order in:\n{self.sees}"
        return str(found[-1])

    async def _does(self, what: str, details: dict[str, Any]) -> dict[str, Any]:
        await self._settled()
        sent = {**details, **self._where}
        async with self._http.post(f"{self._base}/{what}", json=sent) as response:
            answer: dict[str, Any] = await response.json()
            if response.status >= 400:
                raise Refused(f"{what} {sent}: {answer}\n{self.sees}")
        await self.looks()
        return answer


class Topic(Subscriber):
    """A topic of the group as one operator sees it. What they do to it is theirs, not the bot's."""

    def __init__(self, group: Group, thread_id: int) -> None:
        self.thread_id = thread_id
        self._path = f"{group.path}/topics/{thread_id}"
        where = {"chat_id": group.chat_id, "thread_id": thread_id}
        super().__init__(group.http, group.address, group.operator_id, group.settled, where)

    async def closes(self) -> None:
        await self._changes("POST", {"closed": True})

    async def opens_again(self) -> None:
        await self._changes("POST", {"closed": False})

    async def deletes(self) -> None:
        await self._changes("DELETE", {})

    async def _changes(self, method: str, change: dict[str, Any]) -> None:
        await self._settled()
        told = {**change, "by": self.id}
        async with self._http.request(method, self._path, json=told) as response:
            if response.status >= 400:
                raise Refused(f"{method} {told}: {await response.text()}")
        await self._settled()


@dataclass(frozen=True)
class Group:
    """The group of the operators, as one of them sees it."""

    http: aiohttp.ClientSession
    address: str
    operator_id: int
    settled: Settled
    chat_id: int

    @property
    def path(self) -> str:
        return f"{self.address}/sandbox/groups/{self.chat_id}"

    async def topics(self) -> list[dict[str, Any]]:
        """Once the bot is quiet: those there are, ``id``, ``name``, ``is_closed`` and ``last``."""
        await self.settled()
        async with self.http.get(f"{self.address}/sandbox/groups") as response:
            groups = (await response.json())["groups"]
        found: list[dict[str, Any]] = next(g["topics"] for g in groups if g["id"] == self.chat_id)
        return found

    async def topic(self, name: str) -> Topic:
        """The newest topic whose name contains the text, as it stands now."""
        named = [topic for topic in await self.topics() if name in topic["name"]]
        assert named, f"no topic {name!r} among {[t['name'] for t in await self.topics()]}"
        topic = Topic(self, named[-1]["id"])
        await topic.looks()
        return topic

    async def general(self) -> Subscriber:
        """The group outside of its topics; what stands in them is seen here as well."""
        outside = Subscriber(
            self.http, self.address, self.operator_id, self.settled, {"chat_id": self.chat_id}
        )
        await outside.looks()
        return outside

    async def makes_bot(self, standing: str, rights: list[str] | None = None) -> None:
        """``administrator`` (with all rights unless named), ``member``, or ``kicked``."""
        made = {"standing": standing, "by": self.operator_id}
        told = made if rights is None else {**made, "rights": rights}
        async with self.http.post(f"{self.path}/bot", json=told) as response:
            assert response.status < 400, await response.text()
        await self.settled()


def _buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[list[dict[str, Any]]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def _as_read(message: dict[str, Any]) -> str:
    words = message.get("text") or message.get("caption") or ""
    if "invoice" in message:
        invoice = message["invoice"]
        words = f"{invoice['title']}\n{invoice['description']}"
    labels = " ".join(f"[{button['text']}]" for button in _buttons(message))
    return f"{words}\n{labels}".strip()
