"""Between the sandbox's Telegram and the bot: what the bot polls is what people really did, with
hostile updates among it.

Everything else that the bot calls reaches the sandbox as it is. Updates are raw JSON here, as they
travel: NaN and half surrogate pairs have no other form.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.cast import BOT_TOKEN
from bot.sandbox.world import World

FIRST_ID: Final = 300_000_000
_BATCH: Final = 100
_EMPTY_POLL_S: Final = 0.2


class Between:
    """``saw`` is told of each real update."""

    def __init__(self, app: ASGIApp, world: World, saw: Callable[[dict[str, Any]], None]) -> None:
        self._app = app
        self._queue = world.telegram.bots[BOT_TOKEN].updates
        self._saw = saw
        self._ids = itertools.count(FIRST_ID)
        self._waiting: deque[str] = deque()
        self._on_the_way: list[str] = []
        self._arrived = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/getUpdates"):
            await self._answer(receive, send)
        else:
            await self._app(scope, receive, send)

    def next_id(self) -> int:
        return next(self._ids)

    def put(self, update: str) -> None:
        self._waiting.append(update)
        self._arrived.set()

    @property
    def is_empty(self) -> bool:
        """Whether the bot has polled again after all that it was given: it has stored that."""
        return not self._waiting and not self._on_the_way and not self._queue.pending()

    async def _answer(self, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        self._on_the_way = await self._batch()
        body = '{"ok":true,"result":[' + ",".join(self._on_the_way) + "]}"
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body.encode()})

    async def _batch(self) -> list[str]:
        self._on_the_way = []
        if not self._waiting and not self._queue.pending():
            await self._wait()
        batch = [self._take() for _ in range(min(len(self._waiting), _BATCH))]
        for update in self._queue.peek(_BATCH):
            self._queue.confirm(update["update_id"] + 1)
            self._saw(update)
            batch.append(json.dumps(update | {"update_id": self.next_id()}))
        return batch

    def _take(self) -> str:
        return self._waiting.popleft()

    async def _wait(self) -> None:
        """For an update of either kind, a moment."""
        self._arrived.clear()
        waits = [
            asyncio.create_task(self._arrived.wait()),
            asyncio.create_task(self._queue.arrival()),
        ]
        try:
            await asyncio.wait(waits, timeout=_EMPTY_POLL_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in waits:
                waiting.cancel()
