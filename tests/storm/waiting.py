"""Waiting for what no event tells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], *, every_s: float = 0.2, within_s: float = 300) -> None:
    """Looks now and then. Raises `TimeoutError`."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - the sandbox and the bot set no events of ours
            await asyncio.sleep(every_s)
