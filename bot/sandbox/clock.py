"""The one clock of the sandbox: real time plus a shift."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any


class SandboxClock:
    """Runs with real time, and jumps when it is told to; whoever waits for an instant wakes."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._version = 0
        self._shifted = asyncio.Event()

    @property
    def version(self) -> int:
        """Grows by one at every jump."""
        return self._version

    def now(self) -> datetime:
        """The sandbox's instant, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def timestamp(self) -> float:
        """The sandbox's instant in Unix seconds."""
        return self.now().timestamp()

    def shift(self, *, now: datetime | None = None, advance_s: float = 0) -> None:
        """Jump to an instant (aware), or by seconds. Raises OverflowError past the year 9999."""
        real = datetime.now(UTC)
        start = now.astimezone(UTC) if now is not None else real + self._offset
        self._offset = start + timedelta(seconds=advance_s) - real
        self._version += 1
        self.wake()

    async def sleep_until(self, instant: datetime) -> None:
        """Return once the sandbox's clock has reached the instant."""
        while (left := (instant - self.now()).total_seconds()) > 0:
            await self._wait_for_shift(left)

    async def wait_for_jump(self, after: int, timeout_s: float) -> None:
        """Return once the version is greater than `after`, or after real seconds."""
        if self._version <= after:
            await self._wait_for_shift(timeout_s)

    def wake(self) -> None:
        """Let everyone look at the clock again who waits for it."""
        self._shifted.set()
        self._shifted = asyncio.Event()

    async def _wait_for_shift(self, timeout_s: float) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                await self._shifted.wait()
        except TimeoutError:
            return

    def reading(self) -> dict[str, Any]:
        """The clock as the control API tells it."""
        return {
            "now": self.now().isoformat(),
            "offset_s": self._offset.total_seconds(),
            "version": self._version,
        }

    def snapshot(self) -> dict[str, Any]:
        """The shift; real time goes on by itself."""
        return {"offset_s": self._offset.total_seconds()}

    def restore(self, saved: dict[str, Any]) -> None:
        """Take over a saved shift."""
        self._offset = timedelta(seconds=saved["offset_s"])
