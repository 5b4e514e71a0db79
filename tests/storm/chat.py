"""One person's chat with the bot: look, type, press, pay, and try again like anybody."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from tests.storm.control import CannotDo, ControlApi
from tests.storm.news import News

Message = dict[str, Any]
T = TypeVar("T")

LOOKS_AGAIN_AFTER_S: Final = 3.0
"""Even without news: some may have been missed."""
MONEY_TAKES_S: Final = 4.0


@dataclass(frozen=True, slots=True)
class Key:
    """A button under a message."""

    message_id: int
    label: str
    data: str


class Chat:
    def __init__(self, control: ControlApi, news: News, person_id: int) -> None:
        self._control = control
        self._news = news.of(person_id)
        self._path = f"users/{person_id}"

    async def sends(self, text: str) -> int:
        """The id of the message: what answers it comes after."""
        said = await self._control.post(f"{self._path}/send", {"text": text})
        message_id: int = said["message"]["message_id"]
        return message_id

    async def shares_contact(self) -> bool:
        """False while no button asks for it."""
        try:
            await self._control.post(f"{self._path}/share-contact", {})
        except CannotDo:
            return False
        return True

    async def presses(self, key: Key) -> bool:
        """Does not wait for the answer. False when the button is gone meanwhile."""
        press = {"message_id": key.message_id, "button": key.data, "wait": False}
        try:
            await self._control.post(f"{self._path}/press", press)
        except CannotDo:
            return False
        return True

    async def pays(self, invoice_id: int, outcome: str) -> dict[str, Any]:
        """What became of it: ``{"outcome": "paid" | "refused" | "timeout", …}``."""
        said: dict[str, Any] = await self._control.post(
            f"{self._path}/pay", {"message_id": invoice_id, "outcome": outcome}
        )
        return said

    async def pays_page(self, page_id: str, *, slow: bool) -> bool:
        """On the platform's page, or ``slow``: the money arrives some seconds after. False when
        the page is closed."""
        try:
            pay = {"outcome": "processing" if slow else "paid"}
            await self._control.post(f"payments/sessions/{page_id}/pay", pay)
            if slow:
                await asyncio.sleep(MONEY_TAKES_S)
                settled = {"outcome": "succeeded"}
                await self._control.post(f"payments/sessions/{page_id}/settle", settled)
        except CannotDo:
            return False
        return True

    async def waits_for(
        self, find: Callable[[list[Message]], T | None], after: int, patience_s: float
    ) -> T | None:
        """Looks at what came after a message, until it holds what is looked for."""
        deadline = asyncio.get_running_loop().time() + patience_s
        while True:
            self._news.clear()
            said = await self._control.get(f"{self._path}/messages", after=after)
            found = find(said["messages"])
            left_s = deadline - asyncio.get_running_loop().time()
            if found is not None or left_s <= 0:
                return found
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left_s, LOOKS_AGAIN_AFTER_S)):
                    await self._news.wait()


def key_labelled(part: str) -> Callable[[list[Message]], Key | None]:
    """The newest button whose label contains the text."""
    return _key(lambda button: part in button["text"])


def key_with_data(begin: str, end: str = "") -> Callable[[list[Message]], Key | None]:
    """The newest button whose data begins and ends so."""

    def is_meant(button: dict[str, Any]) -> bool:
        data: str = button.get("callback_data", "")
        return data.startswith(begin) and data.endswith(end)

    return _key(is_meant)


def text_with(*parts: str) -> Callable[[list[Message]], Message | None]:
    """The newest message whose text contains all of them."""
    return lambda messages: next(
        (m for m in reversed(messages) if all(part in m.get("text", "") for part in parts)), None
    )


def invoice(messages: list[Message]) -> Message | None:
    """The newest invoice."""
    return next((m for m in reversed(messages) if "invoice" in m), None)


def page_of_payment(messages: list[Message]) -> str | None:
    """The platform's key of the newest page on which an order can be paid."""
    for message in reversed(messages):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                found = re.search(r"/pay/(cs_\w+)", button.get("url", ""))
                if found is not None:
                    return found[1]
    return None


def _key(
    is_meant: Callable[[dict[str, Any]], bool],
) -> Callable[[list[Message]], Key | None]:
    def find(messages: list[Message]) -> Key | None:
        for message in reversed(messages):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if "callback_data" in button and is_meant(button):
                        return Key(message["message_id"], button["text"], button["callback_data"])
        return None

    return find
