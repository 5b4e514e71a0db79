"""Every request that a bot made, with how it ended."""

from __future__ import annotations

from collections import deque
from typing import Any

_KEPT = 100_000


class Journal:
    """The newest requests, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        self._next_id = 1

    def note(self, entry: dict[str, Any]) -> None:
        """Write down a request; it gets the next number as `id`."""
        self._entries.append({"id": self._next_id, **entry})
        self._next_id += 1

    def entries(
        self, method: str | None = None, chat_id: int | None = None, after: int = 0
    ) -> list[dict[str, Any]]:
        """Those after an id; only of a method and into a chat, where these are given."""
        return [
            entry
            for entry in self._entries
            if entry["id"] > after
            and (method is None or entry["method"].lower() == method.lower())
            and (chat_id is None or entry["parameters"].get("chat_id") == chat_id)
        ]
