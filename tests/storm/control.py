"""The sandbox's control API, as a client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import aiohttp


class CannotDo(Exception):
    """The sandbox says that a person cannot do this now: no such button, no such invoice."""


class ControlApi:
    """``async with`` opens and closes its connections."""

    def __init__(self, address: str) -> None:
        self._session = aiohttp.ClientSession(
            f"{address}/sandbox/",
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            timeout=aiohttp.ClientTimeout(total=60),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def get(self, path: str, **query: str | int) -> Any:
        async with self._session.get(path, params=query) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Raises `CannotDo` with the sandbox's reason."""
        async with self._session.post(path, json=body) as answer:
            said = await answer.json()
            if answer.status >= 400:
                raise CannotDo(str(said))
            return said

    async def events(self) -> AsyncIterator[bytes]:
        """The lines of the event stream, until the sandbox ends it."""
        async with self._session.get("events", timeout=aiohttp.ClientTimeout()) as answer:
            async for line in answer.content:
                yield line

    async def delete(self, path: str) -> None:
        async with self._session.delete(path) as answer:
            answer.raise_for_status()
