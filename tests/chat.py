"""A subscriber's side of a chat, over real HTTP against the sandbox.

    await subscriber.sends("/start")
    await subscriber.presses("续费")
    assert "¥199.00" in subscriber.sees

Every verb waits until the bot has nothing left to do about it, and then looks at the chat again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

Settled = Callable[[], Awaitable[None]]
"""Returns once every update is decided and everything staged has left."""


class Refused(AssertionError):
    """The sandbox would not let the person do this, as Telegram would not."""


class Subscriber:
    """One person in their private chat with the bot."""

    def __init__(
        self, http: aiohttp.ClientSession, address: str, person_id: int, settled: Settled
    ) -> None:
        self.id = person_id
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

    async def sends_sticker(self) -> None:
        await self._does("send", {"sticker": True})

    async def sends_photo(self) -> None:
        await self._does("send", {"photo": True})

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
        pressed = {"button": button, "wait": False}
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

    async def looks(self) -> None:
        """Waits until the bot is quiet and reads the chat."""
        await self._settled()
        async with self._http.get(f"{self._base}/messages") as response:
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
        async with self._http.post(f"{self._base}/{what}", json=details) as response:
            answer: dict[str, Any] = await response.json()
            if response.status >= 400:
                raise Refused(f"{what} {details}: {answer}\n{self.sees}")
        await self.looks()
        return answer


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
