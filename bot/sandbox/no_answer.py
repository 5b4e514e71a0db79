"""Not answering at all."""

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class NoAnswer(Response):
    """Holds the request for so many seconds and then drops the connection, answering nothing."""

    def __init__(self, hold_s: float) -> None:
        super().__init__()
        self._hold_s = hold_s

    async def __call__(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        """Wait for the caller to give up, then abort the transport below uvicorn.

        ASGI itself knows no way not to answer.
        """
        try:
            async with asyncio.timeout(self._hold_s):
                await _disconnected(receive)
        except TimeoutError:
            receive.__self__.transport.abort()  # type: ignore[attr-defined]
            await _disconnected(receive)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
