"""What Telegram may answer, and what stands in its place."""

from __future__ import annotations

from typing import Any

import pytest
from telegram.error import NetworkError

from bot.runtime.bot_api import BotApi
from bot.runtime.http import AiohttpRequest


class Answering(AiohttpRequest):
    """Every call is answered with these bytes."""

    def __init__(self, answer: bytes) -> None:
        super().__init__()
        self._answer = answer

    async def send(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        return 200, self._answer


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b"[]", b'{"ok": false}']
)
async def test_an_answer_that_is_none_is_trouble_on_the_network(answer: bytes) -> None:
    api = BotApi(Answering(answer), "https://telegram.example/bot", "1:TOKEN")
    with pytest.raises(NetworkError):
        await api.call("getUpdates", {})
