"""What happens in chats, as it happens: so that nobody has to look again and again."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict

from tests.storm.control import ControlApi


class News:
    """``run`` listens for as long as it runs; an event is set by what happens in its chat."""

    def __init__(self, control: ControlApi) -> None:
        self._control = control
        self._of_chat: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)

    def of(self, chat_id: int) -> asyncio.Event:
        return self._of_chat[chat_id]

    async def run(self) -> None:
        while True:
            async for line in self._control.events():
                if line.startswith(b"data:"):
                    chat_id = json.loads(line.removeprefix(b"data:")).get("chat_id")
                    self._of_chat[chat_id].set()
