"""Waiting for what no event tells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool], every_s: float = 0.2) -> None:
    """Looks now and then."""
    while not holds():  # noqa: ASYNC110
        await asyncio.sleep(every_s)
