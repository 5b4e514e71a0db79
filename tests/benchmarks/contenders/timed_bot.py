"""This project's bot with a clock around each decision; prints the seconds of all, as JSON, at its
end."""

from __future__ import annotations

import asyncio
import json
import sys
import time

from bot.app import serve_subscribers
from bot.runtime.decide import Decider
from bot.services.events import Event
from bot.settings import Settings

seconds: list[float] = []
_decide = Decider._decide


async def _timed(self: Decider, event: Event) -> None:
    begun = time.perf_counter()
    await _decide(self, event)
    seconds.append(time.perf_counter() - begun)


if __name__ == "__main__":
    Decider._decide = _timed  # type: ignore[method-assign]
    asyncio.run(serve_subscribers(Settings(), leashed=False))
    json.dump(seconds, sys.stdout)
