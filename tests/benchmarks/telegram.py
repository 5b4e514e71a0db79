"""The little of Telegram that the contenders need, cheap enough to load them from the other core.

It keeps no rule: that is the sandbox's business. It hands out updates, takes calls, and can hold
calls to a strict sliding window.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs

from tests.benchmarks.wire import Reply

TOKEN: Final = "1000000:BENCHMARK"
_BOT: Final = {
    "id": 1_000_000, "is_bot": True, "first_name": "Bench", "username": "bench_bot",
    "can_join_groups": True, "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}  # fmt: skip
_BATCH: Final = 100
_FREE: Final = frozenset({"answerCallbackQuery", "answerPreCheckoutQuery", "setMyCommands"})
_TRUE: Final = b'{"ok":true,"result":true}'

Watch = Callable[[str, dict[str, Any]], None]
"""Sees each call that took effect: the method and its parameters."""


@dataclass
class StrictWindow:
    """No ``most`` + 1 sends in any second; during a pause, none at all. Instants are monotonic."""

    most: int
    allowed: list[float] = field(default_factory=list)
    refused: int = 0
    refused_in_pause: int = 0
    pause_until: float = 0.0

    def wait_s(self, now: float) -> float:
        """0 when the send may pass, and then it is counted."""
        if now < self.pause_until:
            self.refused_in_pause += 1
            return self.pause_until - now
        if len(self.allowed) >= self.most and now - self.allowed[-self.most] < 1.0:
            self.refused += 1
            return 1.0
        self.allowed.append(now)
        return 0.0


class BenchTelegram:
    """``watch`` is told of every call; ``window``, if any, decides whether a send passes."""

    def __init__(self, window: StrictWindow | None = None) -> None:
        self.window = window
        self.watch: Watch = lambda method, parameters: None
        self.polled = asyncio.Event()
        """The bot has polled: it is ready."""
        self.calls = 0
        self._updates: deque[tuple[int, bytes]] = deque()
        self._update_ids = itertools.count(1)
        self._message_ids = itertools.count(1)
        self._poll: Reply | None = None

    def handle(self, target: str, body: bytes, reply: Reply) -> None:
        self.calls += 1
        path, _, query = target.partition("?")
        method = path.rsplit("/", 1)[1]
        parameters = _parameters(body or query.encode())
        match method:
            case "getUpdates":
                self._receive_poll(parameters, reply)
            case "getMe":
                reply(200, _ok(_BOT))
            case _:
                self._receive_call(method, parameters, reply)

    def send(self, kind: str, content: dict[str, Any]) -> None:
        """Queues an update; a waiting poll has it at once."""
        update_id = next(self._update_ids)
        update = json.dumps({"update_id": update_id, kind: content}).encode()
        self._updates.append((update_id, update))
        self._answer_poll()

    def message_id(self) -> int:
        return next(self._message_ids)

    def _receive_poll(self, parameters: dict[str, Any], reply: Reply) -> None:
        self.polled.set()
        offset, timeout_s = (int(parameters.get(name) or 0) for name in ("offset", "timeout"))
        while self._updates and self._updates[0][0] < offset:
            self._updates.popleft()
        self._poll = reply
        self._answer_poll()
        if timeout_s == 0:
            self._end_poll(reply)
        elif self._poll is reply:
            asyncio.get_running_loop().call_later(timeout_s, self._end_poll, reply)

    def _end_poll(self, reply: Reply) -> None:
        if self._poll is reply:
            self._poll = None
            reply(200, b'{"ok":true,"result":[]}')

    def _answer_poll(self) -> None:
        if self._poll is not None and self._updates:
            reply, self._poll = self._poll, None
            batch = [update for _, update in itertools.islice(self._updates, _BATCH)]
            reply(200, b'{"ok":true,"result":[' + b",".join(batch) + b"]}")

    def _receive_call(self, method: str, parameters: dict[str, Any], reply: Reply) -> None:
        if self.window is not None and method not in _FREE:
            wait_s = self.window.wait_s(time.monotonic())
            if wait_s:
                reply(429, _too_many(wait_s))
                return
        if method.startswith(("send", "editMessageText")):
            parameters["message_id"] = int(parameters.get("message_id") or self.message_id())
            reply(200, _ok(_message(parameters)))
        else:
            reply(200, _TRUE)
        self.watch(method, parameters)


def _parameters(body: bytes) -> dict[str, Any]:
    if body.startswith(b"{"):
        parsed: dict[str, Any] = json.loads(body)
        return parsed
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _message(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        "message_id": parameters["message_id"],
        "date": int(time.time()),
        "chat": {"id": int(parameters["chat_id"]), "type": "private", "first_name": "P"},
        "from": {"id": _BOT["id"], "is_bot": True, "first_name": "Bench"},
        "text": parameters.get("text", ""),
    }


def _ok(result: Any) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


def _too_many(wait_s: float) -> bytes:
    seconds = max(1, round(wait_s + 0.5))
    return json.dumps(
        {
            "ok": False,
            "error_code": 429,
            "description": f"Too Many Requests: retry after {seconds}",
            "parameters": {"retry_after": seconds},
        }
    ).encode()
