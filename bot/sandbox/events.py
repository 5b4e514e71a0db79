"""What happens in the sandbox, as it happens, to whoever listens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

_WAITING_EVENTS = 1_000
_QUIET_S = 15.0  # a comment line this often keeps the connection known to be alive


class EventStream:
    """Publishes events as server-sent ones; a listener who falls behind is let go."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[str | None]] = set()

    def publish(self, kind: str, data: dict[str, Any]) -> None:
        """Tell everyone who listens now."""
        if not self._listeners:
            return
        text = f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        for queue in list(self._listeners):
            if queue.full():
                self._let_go(queue)
            else:
                queue.put_nowait(text)

    async def listen(self) -> AsyncIterator[str]:
        """Server-sent events from now on, until closed or too far behind."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(_WAITING_EVENTS)
        self._listeners.add(queue)
        try:
            yield ": listening\n\n"
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), _QUIET_S)
                except TimeoutError:
                    text = ": quiet\n\n"
                if text is None:
                    return
                yield text
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """End every listener's stream."""
        for queue in list(self._listeners):
            self._let_go(queue)

    def _let_go(self, queue: asyncio.Queue[str | None]) -> None:
        self._listeners.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)
